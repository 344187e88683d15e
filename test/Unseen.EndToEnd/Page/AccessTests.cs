using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class AccessTests(PageWorld world)
{
    private static readonly string[] Tools = ["why", "invent", "compare", "classes"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_rule_of_accessibility_is_broken(ColorScheme scheme)
    {
        await using var page = await world.Open(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await page.IsAccessible("empty");
        await page.Give(world.Pictures[0], world.Pictures[1]);
        await page.Explained();
        foreach (var tool in Tools)
        {
            await page[$"#tab-{tool}"].ClickAsync();
            if (tool == "invent") await Invent(page);
            if (tool == "compare") await Assertions.Expect(page[".compare"]).ToBeVisibleAsync();
            await page.IsAccessible(tool);
        }
        await page["#about-open"].ClickAsync();
        await page.IsAccessible("about");
    }

    [Fact]
    public async Task Everything_is_reached_and_done_with_the_keyboard()
    {
        await using var page = await world.Open();
        var keyboard = page.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the picture", await Focused(page, "textContent"));
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Tab");
        Assert.Equal("files", await Focused(page, "id"));
        await page.Give(world.Pictures[0]);
        await page.Explained();
        await Reach(page, "candidates");
        await Reach(page, "tab-why");
        await keyboard.PressAsync("ArrowRight");
        Assert.Equal("tab-invent", await Focused(page, "id"));
        await Reach(page, "invent-sentence");
        await keyboard.TypeAsync("blue wing color");
        await Assertions.Expect(page[".answer.invented"]).ToBeVisibleAsync();
        await Reach(page, "attribute-search");
        await keyboard.TypeAsync("red wing");
        await Assertions.Expect(page[".slider-row:visible"]).ToHaveCountAsync(1);
        for (var i = 0; i < 3; i++) await keyboard.PressAsync("Tab");       // the check box and "Forget all" (off as yet)
        if (await Focused(page, "type") != "range") await page[".slider-row:visible input"].FocusAsync();
        await keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page[".slider-row.given"]).ToHaveCountAsync(1);
    }

    [Theory]
    [InlineData(320, 640, 1)]
    [InlineData(640, 480, 2)]           // 1280 pixels at a zoom of 200 %
    public async Task A_narrow_window_shows_all_without_scrolling_sideways(int width, int height, int zoom)
    {
        await using var page = await world.Open(new() { ViewportSize = new() { Width = width, Height = height }, DeviceScaleFactor = zoom });
        await page.Give(world.Pictures[0], world.Pictures[1]);
        await page.Explained();
        foreach (var tool in Tools)
        {
            await page[$"#tab-{tool}"].ClickAsync();
            if (tool == "invent") await Invent(page);
            if (tool == "compare") await Assertions.Expect(page[".compare"]).ToBeVisibleAsync();
            Assert.True(await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - innerWidth") <= 0, tool);
            Assert.True(await page.Page.EvaluateAsync<bool>("[...document.querySelectorAll('.scroll')].every(s => s.scrollWidth <= s.clientWidth)"), tool);
        }
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_one_is_chosen_which_is_kept()
    {
        await using var page = await world.Open(new() { ColorScheme = ColorScheme.Dark });
        var dark = await Paper(page);
        await page["#theme"].ClickAsync();
        await Assertions.Expect(page["#theme"]).ToHaveTextAsync("Theme: light");
        var light = await Paper(page);
        Assert.NotEqual(dark, light);
        await page.Page.ReloadAsync();
        Assert.Equal(light, await Paper(page));
        await page["#theme"].ClickAsync();
        Assert.Equal(dark, await Paper(page));
    }

    [Fact]
    public async Task A_hostile_name_of_a_class_is_shown_as_text()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page["#more"].ClickAsync();
        Assert.Contains(PageWorld.Hostile, await page.Ranking());
        await page.Explained();
        await page["#why-not"].SelectOptionAsync(PageWorld.Hostile);
        await Assertions.Expect(page["#panel-why .lead strong"].Nth(1)).ToHaveTextAsync(PageWorld.Hostile);
        await page["#tab-compare"].ClickAsync();
        await page["#compare-first"].SelectOptionAsync(PageWorld.Hostile);
        await Assertions.Expect(page[".compare thead th"].Nth(1)).ToHaveTextAsync(PageWorld.Hostile);
        await page["#tab-classes"].ClickAsync();
        await page[$"button[aria-label='Remove {PageWorld.Hostile}']"].ClickAsync();
        await Assertions.Expect(page["dialog[open] h2"]).ToHaveTextAsync($"Remove {PageWorld.Hostile}?");
        Assert.Equal(0, await page["img[src='x']"].CountAsync());
    }

    private static async Task Invent(PageView page)
    {
        await page["#invent-name"].FillAsync("Azure Finch");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await page[".slider-group > summary"].First.ClickAsync();
        await Assertions.Expect(page[".answer.invented"]).ToBeVisibleAsync();
    }

    /// <summary>Presses Tab until an element has the focus; fails when it is not reached.</summary>
    private static async Task Reach(PageView page, string id)
    {
        for (var i = 0; i < 60; i++)
        {
            if (await Focused(page, "id") == id) return;
            await page.Page.Keyboard.PressAsync("Tab");
        }
        Assert.Fail($"Tab does not lead to #{id}.");
    }

    private static Task<string> Focused(PageView page, string property) =>
        page.Page.EvaluateAsync<string>($"() => document.activeElement.{property} ?? ''");

    private static Task<string> Paper(PageView page) => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
