using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>Without a mouse: the focus moves by keys alone, and stays where it can be seen.</summary>
[Collection("Page")]
public sealed class KeyboardTests(PageWorld world)
{
    private const string Name = "Keyboard Finch";

    [Fact]
    public async Task Everything_is_reached_and_done_with_the_keyboard()
    {
        await using var page = await world.Open();
        var keyboard = page.Page.Keyboard;
        await keyboard.PressAsync("Tab");
        Assert.True(await page.HasFocus("e.textContent === 'Skip to the picture'"));
        await keyboard.PressAsync("Enter");
        await keyboard.PressAsync("Tab");
        Assert.True(await page.HasFocus("e.id === 'files'"));
        await page.Give(world.Pictures[0]);
        await page.Explained();
        await page.Reach("e.id === 'candidates'");
        await page.Reach("e.textContent === 'Why not?'");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page["#why-not"]).ToBeFocusedAsync();
        await page.Reach("e.id === 'tab-why'", "Shift+Tab");
        await keyboard.PressAsync("ArrowRight");
        await Invent(page);
        await page.Reach("e.id === 'tab-invent'", "Shift+Tab");
        await keyboard.PressAsync("ArrowRight");
        await Compare(page);
        await page.Reach("e.id === 'tab-compare'", "Shift+Tab");
        await keyboard.PressAsync("ArrowRight");
        await Remove(page);
    }

    private static async Task Invent(PageView page)
    {
        var keyboard = page.Page.Keyboard;
        Assert.True(await page.HasFocus("e.id === 'tab-invent'"));
        await page.Reach("e.id === 'invent-name'");
        await keyboard.TypeAsync(Name);
        await page.Reach("e.id === 'invent-sentence'");
        await keyboard.TypeAsync("blue wing color");
        await Assertions.Expect(page[".answer.invented"]).ToBeVisibleAsync();
        await page.Reach("e.id === 'attribute-search'");
        await keyboard.TypeAsync("red wing");
        await Assertions.Expect(page[".slider-row:visible"]).ToHaveCountAsync(1);
        await page.Reach("e.type === 'range'");
        await keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page[".slider-row.given"]).ToHaveCountAsync(1);
        await page.Reach("e.textContent === 'Save class'");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page["#token"]).ToBeFocusedAsync();
        await keyboard.TypeAsync(PageWorld.Token);
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page[".done"]).ToContainTextAsync($"{Name} is saved.");
        Assert.True(await page.HasFocus("e.textContent === 'Save class'"));
    }

    private static async Task Compare(PageView page)
    {
        var keyboard = page.Page.Keyboard;
        var head = page[".compare thead th"].Nth(1);
        await page.Reach("e.id === 'compare-first'");
        await Assertions.Expect(head).ToBeVisibleAsync();
        var before = await head.InnerTextAsync();
        await keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(head).Not.ToHaveTextAsync(before);
        var chosen = await head.InnerTextAsync();
        await page.Reach("e.ariaLabel === 'Swap the two classes'");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page[".compare thead th"].Nth(2)).ToHaveTextAsync(chosen);
        await page.Reach("e.textContent.startsWith('Show all')");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page[".compare tbody tr"]).ToHaveCountAsync(47);
        Assert.True(await page.HasFocus("e.textContent === 'Show fewer'"));
    }

    private static async Task Remove(PageView page)
    {
        var keyboard = page.Page.Keyboard;
        await page.Reach("e.id === 'class-search'");
        await keyboard.TypeAsync(Name);
        await Assertions.Expect(page[".class-list li"]).ToHaveCountAsync(1);
        await page.Reach($"e.ariaLabel === 'Remove {Name}'");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page["dialog[open] h2"]).ToHaveTextAsync($"Remove {Name}?");
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(page["dialog[open]"]).ToHaveCountAsync(0);
        Assert.True(await page.HasFocus($"e.ariaLabel === 'Remove {Name}'"));
        await keyboard.PressAsync("Enter");
        await page.Reach("e.textContent === 'Remove' && e.closest('dialog')");
        await keyboard.PressAsync("Enter");
        await Assertions.Expect(page[".class-list li"]).ToHaveCountAsync(0);
        Assert.True(await page.HasFocus("e.id === 'class-search'"));
    }

    [Theory]
    [InlineData(1280, 500)]
    [InlineData(375, 600)]
    public async Task The_ranking_that_stays_in_sight_does_not_hide_the_focus(int width, int height)
    {
        await using var page = await world.Open(new() { ViewportSize = new() { Width = width, Height = height }, ReducedMotion = ReducedMotion.Reduce });
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        await page["#invent-name"].FillAsync("A Finch with a Name that needs more than one Line of the Page");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await Assertions.Expect(page[".place .bar"]).ToBeVisibleAsync();
        await page[".slider-group > summary"].First.ClickAsync();
        await page[".slider-group > summary"].Last.ClickAsync();
        await page["button:text('Start over')"].FocusAsync();
        await page.Page.EvaluateAsync("() => scrollTo(0, document.documentElement.scrollHeight)");
        var checkedBelow = 0;
        while (!await page.HasFocus("e.id === 'invent-sentence'"))
        {
            Assert.True(checkedBelow++ < 150, "Shift+Tab does not lead to the sentence.");
            await page.Page.Keyboard.PressAsync("Shift+Tab");
            var hidden = await page.Page.EvaluateAsync<string>(Hidden);
            Assert.True(hidden.Length == 0, $"Behind the place of the class: {hidden}");
        }
        Assert.True(checkedBelow > 15, "There was hardly anything below the place of the class.");
    }

    /// <summary>The element with the focus when the place of the invented class lies over it, else nothing.</summary>
    private const string Hidden = """
        () => {
          const [focus, place] = [document.activeElement, document.querySelector('.place')].map(e => e.getBoundingClientRect());
          return focus.top < place.bottom && focus.bottom > place.top ? `${document.activeElement.outerHTML} ${focus.top} < ${place.bottom}` : '';
        }
        """;
}
