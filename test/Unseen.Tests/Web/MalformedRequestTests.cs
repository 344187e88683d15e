using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>What is no request that the server could look at: docs/reference/server.md lists the statuses.</summary>
public sealed class MalformedRequestTests(PictureRun run) : IClassFixture<PictureRun>
{
    private const string Host = "Host: localhost\r\n";

    public static TheoryData<string, string> Requests => new()
    {
        { "GET /v1/models HTTP/1.1\r\n\r\n", "400 Bad Request" },
        { "nonsense\r\n\r\n", "400 Bad Request" },
        { $"POST /v1/classify HTTP/1.1\r\n{Host}Content-Length: many\r\n\r\n", "400 Bad Request" },
        { $"GET * HTTP/1.1\r\n{Host}\r\n", "405 Method Not Allowed" },
        { $"GET /{new string('a', 9000)} HTTP/1.1\r\n{Host}\r\n", "414 URI Too Long" },
        { $"GET / HTTP/1.1\r\n{Host}Long: {new string('a', 17_000)}\r\n\r\n", "431 Request Header Fields Too Large" },
        { $"GET / HTTP/1.1\r\n{Host}{string.Concat(Enumerable.Range(0, 65).Select(i => $"Many-{i}: a\r\n"))}\r\n", "431 Request Header Fields Too Large" },
        { $"GET / HTTP/3.7\r\n{Host}\r\n", "505 HTTP Version Not Supported" },
    };

    [Fact]
    public async Task Headers_that_do_not_come_are_not_waited_for()
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await served.Raw($"GET / HTTP/1.1\r\n{Host}"));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task It_is_refused_and_the_next_one_is_answered(string request, string status)
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal($"HTTP/1.1 {status}", await served.Raw(request));
        await served.AssertAnswers(TestPictures.Png(12, 10, 3));
    }
}
