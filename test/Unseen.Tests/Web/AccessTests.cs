using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Unseen.Web;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Who may call what.</summary>
public sealed class AccessTests(PictureRun run) : IClassFixture<PictureRun>
{
    private const string Token = "a-token-of-20-letters";

    [Fact]
    public async Task With_a_token_changes_need_it_and_questions_on_loopback_do_not()
    {
        await using var served = await ServedRun.Start(run, o => o with { Token = Token });
        Assert.True((await served.Get("/v1/model")).Json.GetProperty("tokenRequired").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await served.Post("/v1/classify", ServedRun.Picture(TestPictures.Png(9, 9, 1)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await served.Get("/metrics")).Status);
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
        {
            var missing = await served.Send(new(method, "/v1/classes/x"));
            Assert.Equal("This needs the token of the server: send 'Authorization: Bearer TOKEN'.", missing.Problem(401));
            Assert.Equal("Bearer", missing.Header("WWW-Authenticate"));
        }
        foreach (var wrong in new[] { "x", Token[..^1], Token + "x", Token.ToUpperInvariant(), new string('a', 5000) })
            Assert.Equal("The token is wrong.", (await Delete(served, wrong)).Problem(401));
        Assert.Equal(404, (int)(await Delete(served, Token)).Status);
    }

    [Fact]
    public async Task Beyond_this_machine_every_call_needs_the_token_but_the_page_and_the_probes_do_not()
    {
        await using var served = await ServedRun.Start(run, o => o with { Token = Token, Urls = ["http://0.0.0.0:0"] });
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{served.Address.Port}") };
        foreach (var path in new[] { "/v1/models", "/v1/model", "/v1/classes", "/V1/model", "/metrics", "/Metrics/" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        foreach (var path in new[] { "/", "/health", "/ready", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        client.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        foreach (var path in new[] { "/v1/model", "/metrics" })
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_kept_out()
    {
        await using var served = await ServedRun.Start(run, o => o with { Hosts = ["birds.example"] });
        Assert.StartsWith("This server answers to localhost", (await Named(served, "evil.example")).Problem(400), StringComparison.Ordinal);
        foreach (var host in new[] { "localhost", "127.0.0.1", "[::1]", "birds.example" }) Assert.Equal(HttpStatusCode.OK, (await Named(served, host)).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/classify") { Content = ServedRun.Picture(TestPictures.Png(9, 9, 1)), Headers = { { "Origin", "http://evil.example" } } };
        Assert.Equal("Pages of other sites may not call this server.", (await served.Send(request)).Problem(403));
        using var own = new HttpRequestMessage(HttpMethod.Post, "/v1/classify")
        {
            Content = ServedRun.Picture(TestPictures.Png(9, 9, 1)),
            Headers = { { "Origin", served.Address.GetLeftPart(UriPartial.Authority) } },
        };
        var answer = await served.Send(own);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        // A GET changes nothing; the browser keeps its answer from the page.
        var read = await From(served, HttpMethod.Get, "/v1/classes", "http://evil.example");
        Assert.Equal((HttpStatusCode.OK, "same-origin"), (read.Status, read.Header("Cross-Origin-Resource-Policy")));
        Assert.False(read.Headers.Contains("Access-Control-Allow-Origin"));
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete })
            Assert.Equal(HttpStatusCode.Forbidden, (await From(served, method, "/v1/classes/seen-01", "http://evil.example")).Status);
        // A form or text, which a page of any site can send unasked, is no JSON.
        Assert.Equal("Expected JSON: Content-Type application/json.", (await served.Post("/v1/classes", new StringContent("{}"))).Problem(415));
    }

    [Fact]
    public async Task Pages_of_a_site_that_is_allowed_may_call_and_others_may_not()
    {
        const string site = "https://birds.example";
        await using var served = await ServedRun.Start(run, o => o with { AllowedOrigins = [site], Token = Token });
        var asked = await From(served, HttpMethod.Options, "/v1/classes", site, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type"));
        Assert.Equal((HttpStatusCode.NoContent, site), (asked.Status, asked.Header("Access-Control-Allow-Origin")));
        Assert.Equal(["DELETE", "GET", "POST", "PUT"],
            asked.Headers.GetValues("Access-Control-Allow-Methods").SelectMany(v => v.Split(',')).Order(StringComparer.Ordinal));
        Assert.Equal("3600", asked.Header("Access-Control-Max-Age"));
        Assert.False(asked.Headers.Contains("Access-Control-Allow-Credentials"));
        var answer = await From(served, HttpMethod.Post, "/v1/classify", site);
        Assert.Equal((HttpStatusCode.OK, site), (answer.Status, answer.Header("Access-Control-Allow-Origin")));
        Assert.Contains("Unseen-Image", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        // A page must be able to read what went wrong.
        var problem = await From(served, HttpMethod.Post, "/v1/classify?tpo=1", site);
        problem.Problem(400);
        Assert.Equal(site, problem.Header("Access-Control-Allow-Origin"));
        Assert.Equal(site, (await From(served, HttpMethod.Delete, "/v1/classes/x", site)).Header("Access-Control-Allow-Origin"));
        (await From(served, HttpMethod.Delete, "/v1/classes/x", site)).Problem(401);
        foreach (var other in new[] { "https://evil.example", "http://birds.example", "https://birds.example:8443", "null" })
        {
            Assert.Equal("Pages of other sites may not call this server.", (await From(served, HttpMethod.Post, "/v1/classify", other)).Problem(403));
            var refused = await From(served, HttpMethod.Options, "/v1/classes", other, ("Access-Control-Request-Method", "POST"));
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        }
        Assert.False((await From(served, HttpMethod.Get, "/", site)).Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("birds.example")]
    [InlineData("https://birds.example/")]
    [InlineData("https://birds.example/page")]
    [InlineData("ftp://birds.example")]
    [InlineData("https://me@birds.example")]
    [InlineData("HTTPS://BIRDS.example")]
    [InlineData("")]
    public async Task What_is_no_origin_is_refused(string origin)
    {
        var options = new ServerOptions { Models = [new("birds", run.Model("ridge"))], Urls = ["http://127.0.0.1:0"], AllowedOrigins = [origin] };
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => UnseenServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.StartsWith($"'{origin}' is no origin. Expected a scheme, a host and perhaps a port", error.Message, StringComparison.Ordinal);
    }

    private static async Task<Answer> From(ServedRun served, HttpMethod method, string path, string origin, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Origin", origin } } };
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        if (method == HttpMethod.Post) request.Content = ServedRun.Picture(TestPictures.Png(9, 9, 1));
        return await served.Send(request);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", null, "needs a token")]
    [InlineData("http://*:0", null, "needs a token")]
    [InlineData("http://[::]:0", null, "needs a token")]
    [InlineData("http://0.0.0.0:0", "short", "at least 16 characters, found 5")]
    [InlineData("http://127.0.0.1:0", "with space", "printable ASCII characters and no space")]
    [InlineData("http://127.0.0.1:0", "", "printable ASCII characters and no space")]
    [InlineData("https://127.0.0.1:0", null, "speaks http only")]
    [InlineData("ftp://127.0.0.1:0", null, "expected http://HOST:PORT")]
    [InlineData("http://example.com:80", null, "expected http://HOST:PORT")]
    [InlineData("nonsense", null, "is no address")]
    [InlineData("http://127.0.0.1:99999", null, "PORT from 0 to 65535")]
    public async Task A_server_that_would_be_open_does_not_start(string url, string? token, string message)
    {
        var options = new ServerOptions { Models = [new("birds", run.Model("ridge"))], Urls = [url], Token = token };
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => UnseenServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Only one of them listens on IPv4 where the machine has no IPv6, which no test here can take away.</summary>
    [Theory]
    [InlineData("http://*:5080", "AnyIPListenOptions")]
    [InlineData("http://+:5080", "AnyIPListenOptions")]
    [InlineData("http://localhost:5080", "LocalhostListenOptions")]
    [InlineData("http://0.0.0.0:5080", "ListenOptions")]
    public void All_addresses_are_listened_on_with_or_without_IPv6(string url, string expected)
    {
        var kinds = new List<string>();
        var kestrel = new KestrelServerOptions();
        kestrel.ConfigureEndpointDefaults(endpoint => kinds.Add(endpoint.GetType().Name));
        Assert.Single(ListenAddress.Parse([url])).Bind(kestrel);
        Assert.Equal([expected], kinds);
    }

    [Fact]
    public async Task Options_and_models_that_are_wrong_are_named_before_anything_listens()
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => UnseenServer.StartAsync(new ServerOptions
        {
            Models = [new("a", "x"), new("a", "y")],
            Queue = 0,
            Batch = 0,
            Timeout = TimeSpan.Zero,
            MaximumBodyBytes = 1,
            Threads = -1,
        }, TestContext.Current.CancellationToken));
        Assert.Equal(6, error.Errors.Count);
        await Assert.ThrowsAsync<DatasetFormatException>(() => UnseenServer.StartAsync(
            new ServerOptions { Models = [new("a", run.FileOf("no such run"))], Urls = ["http://127.0.0.1:0"] }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_address_in_use_ends_the_start_and_leaves_the_model_to_others()
    {
        await using var served = await ServedRun.Start(run);
        var options = new ServerOptions { Models = [new("birds", served.Model)], Urls = [served.Server.Addresses[0]] };
        await Assert.ThrowsAsync<IOException>(() => UnseenServer.StartAsync(options, TestContext.Current.CancellationToken));
        await served.AssertAnswers(TestPictures.Png(9, 9, 1));
    }

    [Theory]
    [InlineData("birds=/runs/one", "birds", "/runs/one")]
    [InlineData("/runs/one", "one", "/runs/one")]
    [InlineData("/runs/one/model/", "one", "/runs/one/model/")]
    [InlineData("/model", "model", "/model")]
    public void A_model_has_the_name_that_is_given_or_that_of_its_folder(string text, string name, string path) =>
        Assert.Equal(new ModelSource(name, path), ModelSource.Parse(text));

    [Theory]
    [InlineData("=x")]
    [InlineData("a b=x")]
    [InlineData("../x=y")]
    public void Names_of_models_are_plain(string text) => Assert.Throws<ConfigurationException>(() => ModelSource.Parse(text));

    private static async Task<Answer> Delete(ServedRun served, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/v1/classes/nobody");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return await served.Send(request);
    }

    private static async Task<Answer> Named(ServedRun served, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models") { Headers = { Host = host } };
        return await served.Send(request);
    }
}
