using System.Net;
using System.Text.Json;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>What the server answers is what its own document says.</summary>
public sealed class AnswerSchemaTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Theory]
    [InlineData("cvsc")]
    [InlineData("duet")]
    [InlineData("eszsl")]
    public async Task Every_answer_fits_the_schema_of_the_document(string method)
    {
        await using var served = await ServedRun.Start(run, method: method);
        var schema = new AnswerSchema((await served.Get("/openapi/v1.json")).Json);
        foreach (var path in new[] { "/v1/models", "/v1/model", "/v1/classes", "/health", "/ready" }) schema.Require(path, "get", Good(await served.Get(path)));
        var attribute = (await served.Get("/v1/model")).Json.GetProperty("attributes")[0].GetProperty("name").GetString();
        var picture = await Pictures(served, schema);
        var tried = $$$"""{"image": "{{{picture}}}", "attributes": {"{{{attribute}}}": 0.9}}""";
        schema.Require("/v1/try", "post", Good(await served.Post("/v1/try?top=3", ServedRun.JsonText(tried))));
        schema.Require("/v1/try", "post", Good(await served.Post("/v1/try", ServedRun.JsonText("""{"rest": "mean"}"""))));
        var added = $$"""{"name": "new", "attributes": {"{{attribute}}": 0.9}, "dryRun": true}""";
        schema.Require("/v1/classes", "post", Good(await served.Post("/v1/classes", ServedRun.JsonText(added))));
        schema.Require("/v1/classes", "post", Good(await served.Post("/v1/classes", ServedRun.JsonText(added.Replace("true", "false", StringComparison.Ordinal)))));
        schema.Require("/v1/classes/import", "post", Good(await served.Post("/v1/classes/import?dryRun=true", ServedRun.Table($"class,{attribute}\nother,0.5\n"))));
        schema.Require("/v1/classes/{name}", "get", Good(await served.Get("/v1/classes/new")));
        schema.Require("/v1/classes/{name}", "put", Good(await served.Put("/v1/classes/new", $$$"""{"attributes": {"{{{attribute}}}": 0.1}}""")));
        schema.Require("/v1/classes/{name}", "delete", Good(await served.Delete("/v1/classes/new")));
    }

    [Fact]
    public async Task Every_problem_fits_the_schema_of_the_document()
    {
        await using var served = await ServedRun.Start(run, o => o with { Token = "a-token-of-20-letters", MaximumBodyBytes = 2048 });
        var schema = new AnswerSchema((await served.Get("/openapi/v1.json")).Json);
        schema.Require("/v1/classes", "post", Bad(await served.Post("/v1/classes", ServedRun.JsonText("{}")), 401));
        schema.Require("/v1/model", "get", Bad(await served.Get("/v1/model?model=none"), 404));
        schema.Require("/v1/model", "get", Bad(await served.Get("/v1/model?x=1"), 400));
        schema.Require("/v1/models", "get", Bad(await served.Get("/v1/models?x=1"), 400));
        using var stranger = new HttpRequestMessage(HttpMethod.Post, "/v1/classify") { Content = ServedRun.Picture([1]), Headers = { { "Origin", "http://evil.example" } } };
        schema.Require("/v1/classify", "post", Bad(await served.Send(stranger), 403));
        using var much = new HttpRequestMessage(HttpMethod.Post, "/v1/classes") { Content = ServedRun.JsonText(new string(' ', 4096)) };
        schema.Require("/v1/classes", "post", Bad(await served.Send(much, "a-token-of-20-letters"), 413));
        schema.Require("/v1/classes/{name}", "get", Bad(await served.Get("/v1/classes/none"), 404));
        schema.Require("/v1/classify", "post", Bad(await served.Post("/v1/classify", ServedRun.Picture([1, 2, 3])), 422));
        var large = Bad(await served.Post("/v1/classify", ServedRun.Picture(new byte[4096])), 413);
        schema.Require("/v1/classify", "post", large);
        Assert.True(large.Headers.ConnectionClose);     // the next request must not go where the rest of the body is still to come
        schema.Require("/v1/classify", "post", Bad(await served.Post("/v1/classify", new StringContent("text")), 415));
        using var table = new HttpRequestMessage(HttpMethod.Post, "/v1/classes/import") { Content = ServedRun.JsonText("{}") };
        schema.Require("/v1/classes/import", "post", Bad(await served.Send(table, "a-token-of-20-letters"), 415));
        schema.Require("/v1/explain", "post", Bad(await served.Post("/v1/explain?image=gone", new ByteArrayContent([])), 404));
        schema.Require("/v1/try", "post", Bad(await served.Post("/v1/try", ServedRun.JsonText("{\"surprise\": 1}")), 400));
    }

    [Fact]
    public async Task A_full_queue_fits_the_schema_of_the_document()
    {
        await using var served = await ServedRun.Start(run, o => o with { Queue = 1 });
        var schema = new AnswerSchema((await served.Get("/openapi/v1.json")).Json);
        using var gate = new Gate();
        var held = served.Server.Queue.Change(null, () => served.Server.Queue.Between(() =>
        {
            gate.Wait(TestContext.Current.CancellationToken);
            return 0;
        }, TestContext.Current.CancellationToken));
        schema.Require("/v1/try", "post", Bad(await served.Post("/v1/try", ServedRun.JsonText("{}")), 429));
        schema.Require("/ready", "get", Bad(await served.Get("/ready"), 503));
        gate.Set();
        await held;
    }

    /// <summary>Headers that the document does not know are found, and those that it promises are there.</summary>
    [Fact]
    public async Task Headers_are_those_of_the_document()
    {
        await using var served = await ServedRun.Start(run, o => o with { Token = "a-token-of-20-letters" });
        var document = (await served.Get("/openapi/v1.json")).Json;
        var schema = new AnswerSchema(document);
        Assert.Equal(["/v1/classes post 201 Location", "/v1/classify post 200 Unseen-Image", "/v1/explain post 200 Unseen-Image", "/v1/try post 200 Unseen-Image"],
            Headers(document).Where(h => h.Split(' ')[2][0] == '2').Order(StringComparer.Ordinal));
        var changes = new[] { "/v1/classes post", "/v1/classes/{name} put", "/v1/classes/{name} delete", "/v1/classes/import post" };
        Assert.All(changes, route => Assert.Contains($"{route} 409 Retry-After", Headers(document)));
        var refused = Bad(await served.Delete("/v1/classes/seen-01"), 401);
        schema.Require("/v1/classes/{name}", "delete", refused);
        refused.Headers.Add("Retry-After", "1");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => schema.Require("/v1/classes/{name}", "delete", refused));
    }

    private static IEnumerable<string> Headers(JsonElement document) => document.GetProperty("paths").EnumerateObject().SelectMany(path =>
        path.Value.EnumerateObject().SelectMany(method => method.Value.GetProperty("responses").EnumerateObject().SelectMany(status =>
            status.Value.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().Select(h => $"{path.Name} {method.Name} {status.Name} {h.Name}") : [])));

    /// <summary>A wrong answer is found: the checker itself can fail.</summary>
    [Theory]
    [InlineData("""{"status": 1}""")]
    [InlineData("""{"status": null}""")]
    [InlineData("{}")]
    [InlineData("""{"status": "alive", "surprise": 1}""")]
    [InlineData("[]")]
    public async Task What_does_not_fit_is_found(string json)
    {
        await using var served = await ServedRun.Start(run);
        var schema = new AnswerSchema((await served.Get("/openapi/v1.json")).Json);
        var good = await served.Get("/health");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => schema.Require("/health", "get", good with { Bytes = System.Text.Encoding.UTF8.GetBytes(json) }));
    }

    private async Task<string> Pictures(ServedRun served, AnswerSchema schema)
    {
        using var dataset = run.Open();
        var bytes = File.ReadAllBytes(PictureRun.Files(dataset, [0])[0]);
        var one = Good(await served.Post("/v1/classify", ServedRun.Picture(bytes)));
        schema.Require("/v1/classify", "post", one);
        using var form = new MultipartFormDataContent { { ServedRun.Picture(bytes), "files", "a.png" }, { ServedRun.Picture([1]), "files", "b.png" } };
        schema.Require("/v1/classify", "post", Good(await served.Post("/v1/classify", form)));
        schema.Require("/v1/explain", "post", Good(await served.Post("/v1/explain", ServedRun.Picture(bytes))));
        using var trial = new MultipartFormDataContent { { ServedRun.JsonText("""{"rest": "mean"}"""), "class" }, { ServedRun.Picture(bytes), "image", "a.png" } };
        schema.Require("/v1/try", "post", Good(await served.Post("/v1/try", trial)));
        return one.Json.GetProperty("image").GetString()!;
    }

    private static Answer Good(Answer answer)
    {
        Assert.True((int)answer.Status < 300, answer.Text);
        return answer;
    }

    private static Answer Bad(Answer answer, int status)
    {
        Assert.Equal((HttpStatusCode)status, answer.Status);
        return answer;
    }
}
