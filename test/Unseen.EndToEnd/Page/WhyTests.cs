using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class WhyTests(PageWorld world)
{
    [Fact]
    public async Task Why_shows_where_the_model_looked_and_what_decided()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page.Explained();
        Assert.Equal(10, await page["#panel-why tbody tr"].CountAsync());
        Assert.Matches(@"^[+−]\d+\.\d{2,}$", await page["#panel-why tbody tr .contribution span:last-child"].First.InnerTextAsync());
        Assert.Matches(@"[Ww]ith (less|more) of .+ \(−?\d+\.\d+ instead of −?\d+\.\d+\).* in the picture", await page[".flips"].InnerTextAsync());
        var before = await page[".large"].First.GetAttributeAsync("src");
        await page[".overlay"].Nth(1).ClickAsync();
        Assert.NotEqual(before, await page[".large"].First.GetAttributeAsync("src"));
        Assert.Equal("true", await page[".overlay"].Nth(1).GetAttributeAsync("aria-pressed"));
        Assert.StartsWith("Where the model looks for ", await page[".large"].First.GetAttributeAsync("alt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, @"^No attribute alone\. With less of tail 0 \(1\.0+ instead of 2\.0+\), less of tail 1 .*, less of tail 4 [^,]* and 2 more in the picture it would be Azure Finch\.$")]
    [InlineData(0, @"^No change of attributes within what the model predicts of this picture would do it\.$")]
    public async Task Where_no_attribute_alone_suffices_the_fewest_together_are_told(int count, string expected)
    {
        await using var page = await world.Open();
        await page.Change("v1/explain", e =>
        {
            foreach (var flip in e["flips"]!.AsArray()) flip!["isWithin"] = false;
            e["changes"] = count == 0 ? null : new JsonObject
            {
                ["class"] = "Azure Finch",
                ["attributes"] = new JsonArray([.. Enumerable.Range(0, count).Select(i => new JsonObject { ["phrase"] = $"tail {i}", ["from"] = 2, ["to"] = 1 })]),
            };
        });
        await page.Give(world.Pictures[0]);
        await page.Explained();
        Assert.Matches(expected, await page[".flips li"].Last.InnerTextAsync());
    }

    [Fact]
    public async Task Why_names_the_calibration_when_attributes_did_not_decide_and_keeps_small_scores_apart()
    {
        await using var page = await world.Open();
        await page.Change("v1/explain", e =>
        {
            (e["lead"], e["rest"]) = (0.00103, 0.00104);
            foreach (var row in e["evidence"]!.AsArray()) row!["contribution"] = row["contribution"]!.GetValue<double>() > 0 ? 0.000123 : -0.000123;
        });
        await page.Give(world.Pictures[0]);
        await page.Explained();
        await Assertions.Expect(page["#panel-why .lead"]).ToContainTextAsync("because of the calibration between seen and unseen classes");
        await Assertions.Expect(page["#panel-why .lead"]).ToContainTextAsync("attributes give −0.000010");
        Assert.Matches(@"^[+−]0\.000123$", await page["#panel-why tbody tr .contribution span:last-child"].First.InnerTextAsync());
    }

    [Fact]
    public async Task A_model_that_reads_prompts_shows_its_answers()
    {
        await using var page = await world.Open();
        await page.Choose("prompts");
        await page.Give(world.Pictures[0]);
        await Assertions.Expect(page["table[aria-label=Prompts]"]).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.True(await page["table[aria-label=Prompts] tbody tr"].CountAsync() > 1);
        Assert.Matches(@" \d+ %$", await page["table[aria-label=Prompts] tbody td div"].First.InnerTextAsync());
    }

    [Fact]
    public async Task Why_not_is_asked_for_any_class()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page.Explained();
        var last = await page["#why-not option"].Last.GetAttributeAsync("value");
        await page["#why-not"].SelectOptionAsync(last!);
        await page.Until($"() => document.querySelector('#panel-why .lead').textContent.includes(document.querySelector('#why-not').selectedOptions[0].textContent)");
        await page["button[aria-label^='Why not']"].Last.ClickAsync();
        var fifth = (await page.Ranking())[^1];
        await Assertions.Expect(page["#panel-why .lead strong"].Nth(1)).ToHaveTextAsync(fifth);
        await Assertions.Expect(page["#why-not"]).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_change_that_puts_a_third_class_in_front_says_so()
    {
        await using var page = await world.Open();
        await page.Change("v1/explain", e => (e["flips"]![0]!["class"], e["flips"]![0]!["ahead"]) = ("Level_Finch", "Third_Finch"));
        await page.Give(world.Pictures[0]);
        await page.Explained();
        var flips = page[".flips li:has(em)"];
        await Assertions.Expect(flips.First).ToContainTextAsync("Level Finch would be level, with Third Finch ahead of both");
        await Assertions.Expect(flips.Nth(1)).ToContainTextAsync("it would be ");
    }

    [Theory]
    [InlineData(1, "Without the attribute that speaks most for it, it would not lead")]
    [InlineData(5, "Without the 5 attributes that speak most for it, it would not lead")]
    public async Task Attributes_that_decide_and_are_not_shown_are_counted(int count, string words)
    {
        await using var page = await world.Open();
        await page.Change("v1/explain", e =>
        {
            e["decidingCount"] = count;
            foreach (var row in e["evidence"]!.AsArray()) row!["contribution"] = -0.1;
        });
        await page.Give(world.Pictures[0]);
        await page.Explained();
        await Assertions.Expect(page[".flips"]).ToContainTextAsync(words);
    }
}
