using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class AccessTests(PageWorld world)
{
    private static readonly string[] Tools = ["why", "invent", "compare", "classes"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 1280)]
    [InlineData(ColorScheme.Light, 375)]
    public async Task No_rule_of_accessibility_is_broken(ColorScheme scheme, int width)
    {
        await using var page = await world.Open(new()
        {
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 720 },
        });
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

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task No_rule_is_broken_by_what_comes_up_now_and_then(ColorScheme scheme)
    {
        await using var page = await world.Open(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        await page["#tab-invent"].ClickAsync();
        await page["button:text('Save class')"].ClickAsync();
        await Assertions.Expect(page["#panel-invent [role=alert]"]).ToBeVisibleAsync();
        await page.IsAccessible("a class without a description");
        await page["#invent-name"].FillAsync("Azure Finch");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await page["button:text('Save class')"].ClickAsync();
        await Assertions.Expect(page["dialog[open] #token"]).ToBeVisibleAsync();
        await page.IsAccessible("token");
        await page["#token"].FillAsync("wrong");
        await page["#token"].PressAsync("Enter");
        await Assertions.Expect(page["dialog[open] #token-note.problem"]).ToBeVisibleAsync();
        await page.IsAccessible("token refused");
        await page["#token"].PressAsync("Escape");
        await page["#tab-classes"].ClickAsync();
        await page[$"button[aria-label='Remove {PageWorld.Hostile}']"].ClickAsync();
        await page.IsAccessible("remove");
        await page["dialog[open] button:text('Keep')"].ClickAsync();

        await page.Page.RouteAsync(new Regex("v1/(classify|model.model=plain)"), route => route.FulfillAsync(new() { Status = 500 }));
        await page["#files"].SetInputFilesAsync(world.Pictures[0]);
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToBeVisibleAsync();
        await page["#model"].SelectOptionAsync("plain");
        await Assertions.Expect(page["#page-problem [role=alert]"]).ToBeVisibleAsync();
        await page.IsAccessible("problems");
    }

    [Fact]
    public async Task No_rule_is_broken_by_models_of_another_kind()
    {
        await using var page = await world.Open(new() { ReducedMotion = ReducedMotion.Reduce });
        await page.Choose("prompts");
        await page.Give(world.Pictures[0]);
        await Assertions.Expect(page["table[aria-label=Prompts]"]).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await page.IsAccessible("prompts");
        await page.Change(@"v1/model(\?|$)", m => m["editable"] = false);
        await page.Reload();
        foreach (var tool in new[] { "invent", "classes" })
        {
            await page[$"#tab-{tool}"].ClickAsync();
            await page.IsAccessible($"{tool} with fixed classes");
        }
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

    private static Task<string> Paper(PageView page) => page.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
}
