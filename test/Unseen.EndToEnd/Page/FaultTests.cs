using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

[Collection("Page")]
public sealed class FaultTests(PageWorld world)
{
    [Theory]
    [InlineData(409, "The change was not made", "the reason of the server")]
    [InlineData(413, "The picture is too large for this server", "Make the picture smaller")]
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

    private static RouteFulfillOptions Refusal(int status) => new()
    {
        Status = status,
        ContentType = "application/problem+json",
        Headers = new Dictionary<string, string> { ["Retry-After"] = "1" },
        Body = $$"""{"type": "about:blank", "title": "refused", "status": {{status}}, "detail": "the reason of the server"}""",
    };
}
