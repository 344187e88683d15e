using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class PictureTests(PageWorld world)
{
    [Fact]
    public async Task A_picture_is_chosen_and_answered_as_the_command_answers()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        var command = Command.Run("predict", world["cvsc"], world.Pictures[0], "--json", "--top", "5");
        var names = System.Text.Json.JsonDocument.Parse(command.Output).RootElement[0].GetProperty("top").EnumerateArray()
            .Select(p => p.GetProperty("class").GetString()!).ToList();
        Assert.Equal(names, await page.Ranking());
        Assert.Matches(@"\d %$", await page[".answer-value"].First.InnerTextAsync());
        Assert.Equal($"Your picture {Path.GetFileName(world.Pictures[0])}", await page["#preview"].GetAttributeAsync("alt"));
        Assert.StartsWith("Answers: ", await page["#status"].TextContentAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop", "#drop")]
    [InlineData("drop", "footer")]
    [InlineData("paste", "body")]
    public async Task A_picture_is_dropped_or_pasted(string how, string where)
    {
        await using var page = await world.Open();
        await page.Bring(how, where, world.Pictures[0], "image/png");
        await page.Answered();
        await page.Explained();
    }

    [Fact]
    public async Task Several_pictures_make_a_list_and_a_bad_one_has_its_words()
    {
        await using var page = await world.Open();
        await File.WriteAllBytesAsync(world["cut.png"], (await File.ReadAllBytesAsync(world.Pictures[1], TestContext.Current.CancellationToken))[..200], TestContext.Current.CancellationToken);
        await page.Give(world.Pictures[0], world["cut.png"], world.Pictures[^1]);
        await Assertions.Expect(page["#list li"]).ToHaveCountAsync(3);
        await Assertions.Expect(page["#list li"].Nth(1)).ToContainTextAsync("cannot be answered");
        await Assertions.Expect(page["#list li"].Nth(2)).ToContainTextAsync("%");
        await page["#list li .list-choose"].Nth(1).ClickAsync();
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("The picture cannot be read");
        Assert.Empty(await page.Ranking());
        await page["#list li .list-choose"].Nth(2).ClickAsync();
        await page.Answered();
        await Assertions.Expect(page["#answers-problem"]).ToBeEmptyAsync();
        await page["#list li button[aria-label^=Remove]"].Nth(1).ClickAsync();
        await Assertions.Expect(page["#list li"]).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_refused_in_words()
    {
        await using var page = await world.Open();
        await File.WriteAllTextAsync(world["notes.txt"], "not a picture", TestContext.Current.CancellationToken);
        await page["#files"].SetInputFilesAsync(world["notes.txt"]);
        await Assertions.Expect(page["#picture-problem [role=alert]"]).ToContainTextAsync("notes.txt: choose a JPEG, PNG, WebP, GIF or BMP file.");
        await File.WriteAllTextAsync(world["lie.png"], "not a picture", TestContext.Current.CancellationToken);
        await page["#files"].SetInputFilesAsync(world["lie.png"]);
        await Assertions.Expect(page["#answers-problem [role=alert] strong"]).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("cannot be read|not a picture"));
        await page.Give(world.Pictures[0]);
    }

    [Fact]
    public async Task Candidates_are_chosen()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page["#candidates"].SelectOptionAsync("unseen");
        await page.Until("() => [...document.querySelectorAll('.answer')].length > 0 && document.querySelectorAll('.ranking .badge.seen').length === 0");
        await page["#candidates"].SelectOptionAsync("seen");
        await page.Until("() => [...document.querySelectorAll('.answer')].length > 0 && document.querySelectorAll('.ranking .badge.unseen').length === 0");
    }

    [Theory]
    [InlineData("#invent-name", "a table", false)]
    [InlineData("#invent-name", "", true)]
    [InlineData("#files", "a table", true)]
    [InlineData("body", "a table", true)]
    public async Task Text_beside_a_picture_is_pasted_into_a_field_and_the_picture_elsewhere(string where, string text, bool isTaken)
    {
        await using var page = await world.Open();
        await page["#tab-invent"].ClickAsync();
        await page.Bring("paste", where, world.Pictures[0], "image/png", text);
        Assert.Equal(isTaken, await page.Page.EvaluateAsync<bool>("() => document.getElementById('drop').classList.contains('filled')"));
    }

    [Fact]
    public async Task Answers_among_other_classes_are_gone_before_the_new_ones_come()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        var release = await page.Hold("v1/classify");
        await page["#candidates"].SelectOptionAsync("unseen");
        await Assertions.Expect(page[".answer"]).ToHaveCountAsync(0);
        await Assertions.Expect(page["#answers-empty"]).ToHaveTextAsync("Looking …");
        release.SetResult();
        await page.Answered();
    }

    [Fact]
    public async Task The_list_keeps_the_focus_while_answers_come()
    {
        await using var page = await world.Open();
        var release = await page.Hold("v1/classify");
        await page["#files"].SetInputFilesAsync([world.Pictures[0], world.Pictures[1], world.Pictures[2]]);
        var last = page["#list .list-choose"].Nth(2);
        await Assertions.Expect(last.Locator("img")).ToBeVisibleAsync();
        await last.FocusAsync();
        release.SetResult();
        await Assertions.Expect(page["#list li"].Nth(2)).ToContainTextAsync("%");
        await Assertions.Expect(last).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_focus_goes_to_the_neighbour_of_a_picture_that_is_removed()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0], world.Pictures[1], world.Pictures[2]);
        await page["#list button[aria-label^=Remove]"].Nth(1).PressAsync("Enter");
        await Assertions.Expect(page["#list li"]).ToHaveCountAsync(2);
        await Assertions.Expect(page["#list .list-choose"].Nth(1)).ToBeFocusedAsync();
        await page["#list button[aria-label^=Remove]"].Nth(1).PressAsync("Enter");
        await Assertions.Expect(page["#list-box"]).ToBeHiddenAsync();
        await Assertions.Expect(page["#files"]).ToBeFocusedAsync();
        await page["#remove"].PressAsync("Enter");
        await Assertions.Expect(page["#drop-lead"]).ToHaveTextAsync("Drop a picture here");
        await Assertions.Expect(page["#remove"]).ToBeHiddenAsync();
        await Assertions.Expect(page["#files"]).ToBeFocusedAsync();
        Assert.Empty(await page.Ranking());
    }
}
