using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class ToolTests(PageWorld world)
{
    [Fact]
    public async Task Sliders_change_the_ranking_at_once()
    {
        await using var page = await world.Open();
        await page.Choose("plain");                           // it learned more than the other in the little time of a test
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        await page["#invent-name"].FillAsync("Azure Finch");
        await page["#invent-base"].SelectOptionAsync((await page.Ranking())[0]);
        await Assertions.Expect(page[".answer.invented .answer-name"]).ToContainTextAsync("Azure Finch");
        var before = await Share(page);
        for (var g = 0; g < await page[".slider-group"].CountAsync(); g++) await page[".slider-group > summary"].Nth(g).ClickAsync();
        var sliders = page[".slider-group[open] input[type=range]"];
        for (var i = 0; i < await sliders.CountAsync(); i++) await sliders.Nth(i).FillAsync(await Turned(sliders.Nth(i)));
        await page.Until($"() => document.querySelector('.answer.invented .answer-value').textContent !== '{before}'");
        Assert.Contains("Azure Finch would be ", await page[".place"].InnerTextAsync(), StringComparison.Ordinal);
        await page["button:text('Start over')"].ClickAsync();
        await Assertions.Expect(page[".answer.invented"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Attributes_are_searched()
    {
        await using var page = await world.Open();
        await page["#tab-invent"].ClickAsync();
        await page["#attribute-search"].FillAsync("blue wing");
        await Assertions.Expect(page[".slider-row:visible"]).ToHaveCountAsync(1);
        await page["#attribute-search"].FillAsync("no such thing");
        await Assertions.Expect(page[".sliders [role=status]"]).ToHaveTextAsync("No attribute found.");
        await page["#attribute-search"].FillAsync("");
        await Assertions.Expect(page[".slider-group"].First).ToBeVisibleAsync();
        await Assertions.Expect(page[".slider-row:visible"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_sentence_moves_the_sliders()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        await page["#invent-sentence"].FillAsync("a shiny bird with a blue wing color");
        await Assertions.Expect(page["#invent-understood"]).ToContainTextAsync("Understood: blue wing color. Not understood: shiny");
        await page["#attribute-search"].FillAsync("blue wing");
        await Assertions.Expect(page[".slider-row:visible .slider-value"]).ToHaveTextAsync("100 %");
    }

    [Fact]
    public async Task A_class_is_saved_with_the_token_changed_and_removed()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        await page["button:text('Save class')"].ClickAsync();
        await Assertions.Expect(page["#panel-invent [role=alert]"]).ToContainTextAsync("Say what it looks like first");
        await page["#invent-name"].FillAsync("Cobalt Finch");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await page["button:text('Save class')"].ClickAsync();
        await page["#token"].FillAsync($"“{PageWorld.Token}”");
        await page["#token"].PressAsync("Enter");
        await Assertions.Expect(page["dialog[open] #token-note"]).ToContainTextAsync("That cannot be a token");
        await page["#token"].FillAsync("wrong");
        await page["#token"].PressAsync("Enter");
        await Assertions.Expect(page["dialog[open] #token-note"]).ToContainTextAsync("That token was refused");
        await page["#token"].FillAsync(PageWorld.Token);
        await page["#token"].PressAsync("Enter");
        await Assertions.Expect(page[".done"]).ToContainTextAsync("Cobalt Finch is saved.");
        await Assertions.Expect(page["button:text('Save class')"]).ToBeFocusedAsync();

        await page["#tab-classes"].ClickAsync();
        await page["button[aria-label='Edit Cobalt Finch']"].ClickAsync();
        await Assertions.Expect(page["h3:text('Change Cobalt Finch')"]).ToBeFocusedAsync();
        await Assertions.Expect(page[".place"]).ToContainTextAsync("Cobalt Finch as it is now is left out");
        await page["#more"].ClickAsync();
        Assert.Single(await page.Ranking(), n => n == "Cobalt Finch");
        await page["button:text('Save changes')"].ClickAsync();
        await Assertions.Expect(page["#panel-invent [role=alert]"]).ToContainTextAsync("Nothing is changed yet");
        await Assertions.Expect(page["#attribute-search"]).ToBeFocusedAsync();
        await page["#attribute-search"].FillAsync("blue wing");
        await page[".slider-row:visible input"].FillAsync("0.5");
        await page["button:text('Save changes')"].ClickAsync();
        await Assertions.Expect(page[".done"]).ToContainTextAsync("Cobalt Finch is changed.");

        await page["#tab-classes"].ClickAsync();
        await page["button[aria-label='Remove Cobalt Finch']"].ClickAsync();
        await page["dialog[open] button:text('Remove')"].ClickAsync();
        await Assertions.Expect(page["button[aria-label='Remove Cobalt Finch']"]).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Two_classes_are_compared_by_their_differences()
    {
        await using var page = await world.Open();
        await page["#tab-compare"].ClickAsync();
        await Assertions.Expect(page[".compare tbody tr"]).ToHaveCountAsync(15);
        var differences = (await page[".compare tbody td:last-child"].AllInnerTextsAsync())
            .Select(t => Math.Abs(double.Parse(t.Replace('−', '-'), CultureInfo.InvariantCulture))).ToList();
        Assert.Equal(differences.OrderDescending(), differences);
        await Assertions.Expect(page["#status"]).ToContainTextAsync("They differ in ");
        Assert.Equal(0, await page["[aria-live] table, [role=status] table"].CountAsync());      // a table would be read out whole
        var first = await page[".compare thead th"].Nth(1).InnerTextAsync();
        await page["button[aria-label='Swap the two classes']"].ClickAsync();
        await Assertions.Expect(page[".compare thead th"].Nth(2)).ToHaveTextAsync(first);
        await page["#panel-compare button:has-text('Show all')"].ClickAsync();
        await Assertions.Expect(page[".compare tbody tr"]).ToHaveCountAsync(47);
    }

    private static Task<string> Share(PageView page) => page[".answer.invented .answer-value"].InnerTextAsync();

    private static async Task<string> Turned(ILocator slider) =>
        double.Parse(await slider.InputValueAsync(), CultureInfo.InvariantCulture) < 0.5 ? "1" : "0";
}
