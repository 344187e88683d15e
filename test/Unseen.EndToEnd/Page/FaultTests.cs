using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class FaultTests(PageWorld world)
{
    [Theory]
    [InlineData(400, "The server refuses this", "the reason of the server")]
    [InlineData(409, "The change was not made", "the reason of the server")]
    [InlineData(413, "This is too large for the server", "the reason of the server")]
    [InlineData(422, "The picture cannot be read", "the reason of the server")]
    [InlineData(503, "The server is starting or stopping", "the reason of the server")]
    [InlineData(500, "The server has failed at this", "the reason of the server")]
    public async Task What_the_server_refuses_is_said_in_words_and_can_be_tried_again(int status, string title, string advice)
    {
        await using var page = await world.Open();
        await page.Page.RouteAsync("**/v1/classify*", route => route.FulfillAsync(Refusal(status)));
        await page["#files"].SetInputFilesAsync(world.Pictures[0]);
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync(title);
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync(advice);
        await page.Page.UnrouteAsync("**/v1/classify*");
        await page["#answers-problem button"].ClickAsync();
        await page.Answered();
        await Assertions.Expect(page["#answers-problem"]).ToBeEmptyAsync();
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_after_the_time_it_names()
    {
        await using var page = await world.Open();
        var refused = 0;
        await page.Page.RouteAsync("**/v1/classify*", route => ++refused <= 2 ? route.FulfillAsync(Refusal(429)) : route.ContinueAsync());
        await page["#files"].SetInputFilesAsync(world.Pictures[0]);
        await Assertions.Expect(page["#status"]).ToContainTextAsync("The server is busy. Trying again in 1 seconds.");
        await page.Answered();
        Assert.Equal(3, refused);
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_dropped()
    {
        await using var page = await world.Open();
        await page.Give(world.Pictures[0]);
        await page["#tab-invent"].ClickAsync();
        var asked = 0;
        await page.Page.RouteAsync("**/v1/try*", async route =>
        {
            if (++asked == 1) await Task.Delay(1500);       // the first answer comes after the second
            await route.ContinueAsync();
        });
        await page["#invent-name"].FillAsync("First");
        await page["#invent-sentence"].FillAsync("blue wing color");
        await page.Until("() => document.querySelector('.place[aria-busy]') !== null");
        await page["#invent-name"].FillAsync("Second");
        await page["#invent-sentence"].FillAsync("red wing color");
        await Assertions.Expect(page[".answer.invented .answer-name"]).ToContainTextAsync("Second");
        await page.Page.WaitForTimeoutAsync(2000);
        Assert.Contains("Second", await page[".answer.invented .answer-name"].InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("red wing color", await page["#invent-understood"].InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_was_stopped_is_named_with_what_to_do()
    {
        if (Chromium.File is null) Assert.Skip(Chromium.Missing);
        using var server = world.StartAnother();
        await using var page = await world.Open(address: server.Address);
        await page.Give(world.Pictures[0]);
        server.Stop();
        await page["#files"].SetInputFilesAsync(world.Pictures[1]);
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("The server cannot be reached");
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("Is unseen serve still running?");
    }

    [Fact]
    public async Task A_picture_beyond_the_limit_is_not_sent()
    {
        await using var page = await world.Open();
        await page.Change(@"v1/model(\?|$)", m => m["limits"]!["maxBodyBytes"] = 10);
        await page.Reload();
        await page["#files"].SetInputFilesAsync(world.Pictures[0]);
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("This is too large for the server");
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("the server takes up to 10 bytes");
    }

    [Fact]
    public async Task A_file_that_was_changed_since_it_was_chosen_is_told_from_a_server_that_is_gone()
    {
        await using var page = await world.Open();
        File.Copy(world.Pictures[0], world["moved.png"]);
        await page.Give(world["moved.png"], world.Pictures[1]);
        await page.Explained();
        File.Delete(world["moved.png"]);
        await page["#candidates"].SelectOptionAsync("unseen");
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("The picture cannot be read");
        await Assertions.Expect(page["#answers-problem [role=alert]"]).ToContainTextAsync("moved.png is a folder, or was changed or moved since it was chosen.");
        await Assertions.Expect(page["#list li"].Nth(1)).ToContainTextAsync("%");       // the other one has its answer all the same
    }

    [Fact]
    public async Task A_picture_without_an_answer_does_not_wait_for_one()
    {
        await using var page = await world.Open();
        await page.Page.RouteAsync(new Regex("v1/classify"), route =>
            route.FulfillAsync(new() { ContentType = "application/json", Body = """[{"file": "1", "top": []}, {"file": "2", "top": []}]""" }));
        await page["#files"].SetInputFilesAsync([world.Pictures[0], world.Pictures[1]]);
        await Assertions.Expect(page["#list li"].First).ToContainTextAsync("no answer");
        await Assertions.Expect(page["#answers-empty"]).ToHaveTextAsync("No class of this model is among these.");
        await Assertions.Expect(page["#ranking"]).ToHaveAttributeAsync("aria-busy", "false");
        await Assertions.Expect(page["#panel-why > .empty:visible"]).ToContainTextAsync("This picture has no answer");
    }

    [Fact]
    public async Task Two_requests_that_need_the_token_ask_for_it_once()
    {
        await using var page = await world.Open();
        await page.Page.RouteAsync(new Regex("v1/classes/[^?]"), route =>
            route.Request.Headers.ContainsKey("authorization") ? route.ContinueAsync() : route.FulfillAsync(Refusal(401)));
        await page["#tab-compare"].ClickAsync();
        await page["#token"].FillAsync(PageWorld.Token);
        await page["#token"].PressAsync("Enter");
        await Assertions.Expect(page[".compare"]).ToBeVisibleAsync();
        await Assertions.Expect(page["dialog[open]"]).ToHaveCountAsync(0);
    }

    private static RouteFulfillOptions Refusal(int status) => new()
    {
        Status = status,
        ContentType = "application/problem+json",
        Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
        Body = $$"""{"type": "about:blank", "title": "refused", "status": {{status}}, "detail": "the reason of the server"}""",
    };
}
