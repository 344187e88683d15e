using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>What the page makes of a model: which one is asked, its scale, the names of its classes and whether these can change.</summary>
[Collection("Page")]
public sealed class ModelTests(PageWorld world)
{
    private const string Model = @"v1/model(\?|$)", Classes = @"v1/classes(\?|$)";

    [Fact]
    public async Task Another_model_answers_the_same_picture()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page.Choose("plain");
        await page["#about-open"].ClickAsync();
        await Assertions.Expect(page["dialog[open] h2"]).ToHaveTextAsync("plain");
        await Assertions.Expect(page["dialog[open]"]).ToContainTextAsync("ridge");
        await page["dialog[open] button"].ClickAsync();
        await page.Answered();
        await page.Explained();
    }

    [Fact]
    public async Task A_model_that_cannot_be_loaded_leaves_the_one_before()
    {
        await using var page = await world.Open();
        await page.Page.RouteAsync(new Regex(@"v1/model\?model=plain"), route => route.FulfillAsync(new() { Status = 500 }));
        await page["#model"].SelectOptionAsync("plain");
        await Assertions.Expect(page["#page-problem [role=alert]"]).ToBeVisibleAsync();
        await Assertions.Expect(page["#model"]).ToHaveValueAsync("birds");
        var request = await page.Page.RunAndWaitForRequestAsync(() => page.Give(world.Pictures[0]), new Regex("v1/classify"));
        Assert.Contains("model=birds", request.Url, StringComparison.Ordinal);
        await page.Page.UnrouteAllAsync();
        await page["#page-problem button"].ClickAsync();
        await Assertions.Expect(page["#page-problem"]).ToBeEmptyAsync();
        await Assertions.Expect(page["#model"]).ToHaveValueAsync("plain");
    }

    [Fact]
    public async Task A_class_that_waits_to_be_saved_is_saved_in_the_model_it_was_made_for()
    {
        await using var page = await world.Open();
        var asked = new ConcurrentQueue<string>();
        await page.Page.RouteAsync(new Regex(Classes), async route =>
        {
            if (route.Request.Method != "POST") await route.ContinueAsync();
            else
            {
                asked.Enqueue(new Uri(route.Request.Url).Query);
                await route.FulfillAsync(asked.Count == 1
                    ? new() { Status = 429, Headers = new Dictionary<string, string> { ["Retry-After"] = "3" } }
                    : new() { Status = 201, ContentType = "application/json", Body = """{"class": "Patient Finch", "notes": []}""" });
            }
        });
        await page["#tab-invent"].ClickAsync();
        await page["#invent-name"].FillAsync("Patient Finch");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await page["button:text('Save class')"].ClickAsync();
        await Assertions.Expect(page["#status"]).ToContainTextAsync("The server is busy");
        await page.Choose("plain");
        await page["#invent-name"].FillAsync("Another Finch");
        await Assertions.Expect(page[".done"]).ToHaveTextAsync("Patient Finch is saved in the model birds.");
        await Assertions.Expect(page["#invent-name"]).ToHaveValueAsync("Another Finch");
        Assert.Equal(["?model=birds", "?model=birds"], asked);
    }

    [Fact]
    public async Task Values_of_a_raw_scale_are_shown_as_they_are()
    {
        await using var page = await world.Open();
        await page.Change(Model, m =>
        {
            m["scale"] = "raw";
            (m["attributes"]![0]!["least"], m["attributes"]![0]!["largest"]) = (-2, 6);
        });
        await page.Reload();
        await page["#tab-compare"].ClickAsync();
        var first = await page["#compare-first"].InputValueAsync();
        await page.Change("v1/classes/[^?]", c =>
        {
            for (var i = 0; i < c["values"]!.AsArray().Count; i++) c["values"]![i] = i > 0 ? 0.25 : (string?)c["name"] == first ? 5 : 0.5;
        });
        await page["#compare-second"].SelectOptionAsync(new SelectOptionValue { Index = 3 });
        await Assertions.Expect(page[".compare tbody tr"].First.Locator("td")).ToContainTextAsync(["5.00", "0.50", "+4.50"]);
        Assert.Equal("0.8750", await page[".compare .mini"].First.EvaluateAsync<string>("m => m.style.getPropertyValue('--share')"));

        await page["#tab-invent"].ClickAsync();
        await page["#attribute-search"].FillAsync(await Phrase(page));
        var slider = page[".slider-row:visible input"].First;
        await slider.PressAsync("End");
        await Assertions.Expect(page[".slider-row:visible .slider-value"].First).ToHaveTextAsync("6.00");
        await slider.PressAsync("Home");
        await Assertions.Expect(page[".slider-row:visible .slider-value"].First).ToHaveTextAsync("−2.00");
    }

    [Theory]
    [InlineData("Its folder is read-only.", "Its folder is read-only.", "no. Its folder is read-only.")]
    [InlineData(null, "The classes of this model cannot be changed: its scores do not come from attributes of classes.", "no")]
    public async Task A_model_whose_classes_are_fixed_says_why(string? because, string shown, string about)
    {
        await using var page = await world.Open();
        await page.Change(Model, m => (m["editable"], m["fixedBecause"]) = (false, because));
        await page.Reload();
        await page["#tab-invent"].ClickAsync();
        await Assertions.Expect(page["#panel-invent > .empty"]).ToContainTextAsync(shown);
        await page["#about-open"].ClickAsync();
        await Assertions.Expect(page["dt:text('Classes can be added') + dd"]).ToHaveTextAsync(about);
    }

    [Fact]
    public async Task A_number_with_a_point_belongs_to_the_name_unless_every_class_has_one()
    {
        await using var page = await world.Open();
        await page.Change(Classes, list => list[0]!["name"] = "3.5_mm_jack");
        await page.Reload();
        await page["#tab-classes"].ClickAsync();
        await Assertions.Expect(page[".class-name bdi"].GetByText("3.5 mm jack", new() { Exact = true })).ToHaveCountAsync(1);
        await page.Page.UnrouteAllAsync();

        await page.Change(Classes, Number);
        await page.Reload();
        await page["#tab-classes"].ClickAsync();
        await Assertions.Expect(page[".class-name bdi"].GetByText("Numbered", new() { Exact = true })).Not.ToHaveCountAsync(0);
        await Assertions.Expect(page[".class-name bdi"].GetByText("7.Mine", new() { Exact = true })).ToHaveCountAsync(1);
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        await page["#invent-name"].FillAsync("3.Finch");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await Assertions.Expect(page[".answer.invented bdi"]).ToHaveTextAsync("3.Finch");
        await Assertions.Expect(page[".place"]).ToContainTextAsync("3.Finch would be ");
    }

    /// <summary>Classes with numbers, as CUB has them, and one that was added with a number of its own.</summary>
    private static void Number(JsonNode list)
    {
        foreach (var (i, c) in list.AsArray().Index()) c!["name"] = (bool)c["added"]! ? "7.Mine" : $"{i + 1:000}.Numbered";
    }

    private static Task<string> Phrase(PageView page) => page.Page.EvaluateAsync<string>("async () => (await (await fetch('v1/model')).json()).attributes[0].phrase");
}
