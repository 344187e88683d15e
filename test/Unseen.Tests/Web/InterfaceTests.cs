using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Unseen.Classification;
using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Unseen.Web.Http;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>What the server says about itself: its document, its page, its numbers.</summary>
public sealed partial class InterfaceTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public async Task The_document_describes_every_route()
    {
        await using var served = await ServedRun.Start(run);
        var document = (await served.Get("/openapi/v1.json")).Json;
        Assert.Equal(["file", "top"], document.GetProperty("components").GetProperty("schemas").GetProperty("PictureAnswer").GetProperty("required")
            .EnumerateArray().Select(p => p.GetString()));      // an answer has an image or an error
        var paths = document.GetProperty("paths");
        Assert.Equal(
            ["DELETE /v1/classes/{name}", "GET /health", "GET /metrics", "GET /ready", "GET /v1/classes", "GET /v1/classes/{name}", "GET /v1/model", "GET /v1/models",
                "POST /v1/classes", "POST /v1/classes/import", "POST /v1/classify", "POST /v1/explain", "POST /v1/try", "PUT /v1/classes/{name}"],
            Operations(paths).Select(o => o.Name).Order(StringComparer.Ordinal));
        foreach (var (name, operation) in Operations(paths))
        {
            Assert.NotEqual("", operation.GetProperty("summary").GetString());
            Assert.NotEqual("", operation.GetProperty("description").GetString());
            Assert.Equal(name.StartsWith("POST", StringComparison.Ordinal) || name.StartsWith("PUT", StringComparison.Ordinal), operation.TryGetProperty("requestBody", out _));
            if (name.Contains("{name}", StringComparison.Ordinal))
                Assert.Single(operation.GetProperty("parameters").EnumerateArray(), p => p.GetProperty("name").GetString() == "name"
                    && p.GetProperty("in").GetString() == "path" && p.GetProperty("required").GetBoolean());
            if (operation.TryGetProperty("parameters", out var parameters))
                Assert.All(parameters.EnumerateArray(), p => Assert.NotEqual("", p.GetProperty("description").GetString()));
            if (name.Contains("/v1/", StringComparison.Ordinal) || name == "GET /metrics") Assert.Equal(1, operation.GetProperty("security").GetArrayLength());
        }
        var classify = paths.GetProperty("/v1/classify").GetProperty("post");
        Assert.Equal(["application/octet-stream", "image/*", "multipart/form-data"],
            classify.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
        foreach (var status in new[] { "200", "400", "401", "404", "408", "413", "415", "422", "429", "503" })
            Assert.True(classify.GetProperty("responses").TryGetProperty(status, out _), status);
    }

    [Fact]
    public async Task Operations_have_names_for_programs_and_groups_for_people()
    {
        await using var served = await ServedRun.Start(run);
        var document = (await served.Get("/openapi/v1.json")).Json;
        Assert.Equal(
            [("DELETE /v1/classes/{name}", "removeClass", "classes"), ("GET /health", "getHealth", "server"), ("GET /metrics", "getMetrics", "server"),
                ("GET /ready", "getReadiness", "server"), ("GET /v1/classes", "listClasses", "classes"), ("GET /v1/classes/{name}", "showClass", "classes"),
                ("GET /v1/model", "showModel", "models"), ("GET /v1/models", "listModels", "models"), ("POST /v1/classes", "addClass", "classes"),
                ("POST /v1/classes/import", "importClasses", "classes"), ("POST /v1/classify", "classifyPictures", "pictures"),
                ("POST /v1/explain", "explainAnswer", "pictures"), ("POST /v1/try", "tryClass", "pictures"), ("PUT /v1/classes/{name}", "changeClass", "classes")],
            Operations(document.GetProperty("paths")).OrderBy(o => o.Name, StringComparer.Ordinal).Select(o =>
                (o.Name, o.Operation.GetProperty("operationId").GetString(), Assert.Single(o.Operation.GetProperty("tags").EnumerateArray()).GetString())));
        Assert.Equal(RouteGroups.All.Select(g => (g.Key, g.Value)),
            document.GetProperty("tags").EnumerateArray().Select(t => (t.GetProperty("name").GetString()!, t.GetProperty("description").GetString()!)));
    }

    /// <summary>What the document promises is what the routes read the query with.</summary>
    [Fact]
    public async Task Parameters_have_the_limits_and_words_that_the_routes_take()
    {
        await using var served = await ServedRun.Start(run);
        var parameters = Operations((await served.Get("/openapi/v1.json")).Json.GetProperty("paths"))
            .SelectMany(o => o.Operation.TryGetProperty("parameters", out var of) ? of.EnumerateArray() : []).ToLookup(p => p.GetProperty("name").GetString(), p => p.GetProperty("schema"));
        Assert.Equal((3, 1, 3, 1), (parameters["top"].Count(), parameters["attributes"].Count(), parameters["candidates"].Count(), parameters["rest"].Count()));
        foreach (var count in CountParameter.All)
            Assert.All(parameters[count.Name], s => Assert.Equal((CountParameter.Least, count.Most, count.Normal),
                (s.GetProperty("minimum").GetInt32(), s.GetProperty("maximum").GetInt32(), s.GetProperty("default").GetInt32())));
        Assert.DoesNotContain(parameters.SelectMany(p => p), s => s.GetProperty("type").GetString() == "integer" && !s.TryGetProperty("maximum", out _));
        Assert.All(parameters["candidates"], s =>
        {
            Assert.Equal(Enum.GetValues<CandidateClasses>(), Words(s).Select(Query.Candidates));
            Assert.Equal(Query.Candidates(null), Query.Candidates(s.GetProperty("default").GetString()));
        });
        Assert.All(Words(parameters["rest"].Single()), word => Assert.NotNull(ClassDescription.Filling(null, word)));
    }

    [Theory]
    [InlineData("/openapi/v2.json")]
    [InlineData("/openapi/v1.yaml")]
    [InlineData("/openapi")]
    [InlineData("/v1")]
    [InlineData("/v2/classify")]
    public async Task An_address_that_does_not_exist_is_a_problem(string path)
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal("There is nothing at this address. /openapi/v1.json lists what there is.", (await served.Get(path)).Problem(404));
        Assert.Equal(HttpStatusCode.OK, (await served.Get("/openapi/V1.json")).Status);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/metrics")]
    public async Task A_probe_may_ask_for_the_head_alone(string path)
    {
        await using var served = await ServedRun.Start(run);
        var head = await served.Send(new(HttpMethod.Head, path));
        Assert.Equal((HttpStatusCode.OK, 0), (head.Status, head.Bytes.Length));
        Assert.Equal((await served.Get(path)).Content.ContentType, head.Content.ContentType);
    }

    [Theory]
    [InlineData("GET", "/v1/model?modle=birds", "Unknown query key 'modle'. Did you mean 'model'? Known: model.")]
    [InlineData("GET", "/v1/models?model=birds", "Unknown query key 'model'. This address takes none.")]
    [InlineData("POST", "/v1/classify?tpo=3", "Unknown query key 'tpo'. Did you mean 'top'? Known: model, top, candidates.")]
    [InlineData("GET", "/v1/classes/seen-01?name=x", "Unknown query key 'name'. Known: model.")]
    [InlineData("POST", "/v1/classes/import?file=x", "Unknown query key 'file'. Did you mean 'like'? Known: model, dryRun, replace, like, rest.")]
    [InlineData("DELETE", "/v1/classes/seen-01?dryRun=true", "Unknown query key 'dryRun'. Known: model.")]
    public async Task A_query_key_that_does_not_exist_is_refused_by_name(string method, string path, string expected)
    {
        await using var served = await ServedRun.Start(run);
        using var request = new HttpRequestMessage(new(method), path);
        Assert.Equal(expected, (await served.Send(request)).Problem(400));
        Assert.Equal(HttpStatusCode.OK, (await served.Get("/v1/classes?MODEL=birds")).Status);
    }

    [Fact]
    public async Task The_page_is_there_whatever_the_folder_and_nothing_else_is()
    {
        await using var served = await ServedRun.Start(run);
        var page = await served.Get("/");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.Status, page.Content.ContentType!.MediaType));
        Assert.StartsWith("<!doctype html>", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
        Assert.Contains("default-src 'none'; script-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/index.html") { Headers = { { "If-None-Match", page.Header("ETag") } } };
        Assert.Equal(HttpStatusCode.NotModified, (await served.Send(again)).Status);
        var head = await served.Send(new(HttpMethod.Head, "/"));
        Assert.Equal((HttpStatusCode.OK, 0, (long?)page.Bytes.Length), (head.Status, head.Bytes.Length, head.Content.ContentLength));
        foreach (var path in new[] { "/wwwroot/", "/css/", "/js", "/index.html/", "/..%2f..%2fetc/passwd", "/%2e%2e/model.json", "/appsettings.json" })
            Assert.Equal("There is nothing at this address. /openapi/v1.json lists what there is.", (await served.Get(path)).Problem(404));
        Assert.Equal("This address does not take this method. /openapi/v1.json lists what there is.", (await served.Delete("/v1/models")).Problem(405));
    }

    [Fact]
    public async Task The_numbers_are_those_of_this_server_in_the_format_of_Prometheus()
    {
        await using var served = await ServedRun.Start(run);
        await using var other = await ServedRun.Start(run);
        await other.Get("/v1/model");
        await served.Post("/v1/classify", ServedRun.Picture(TestPictures.Png(9, 9, 1)));
        await served.Post("/v1/classify", ServedRun.Picture([1, 2, 3]));
        await served.Get("/nothing/at/all");
        var text = (await served.Get("/metrics")).Text;
        Assert.All(text.TrimEnd('\n').Split('\n'), line => Assert.Matches(Line(), line));
        foreach (var line in new[]
        {
            "unseen_http_requests_total{route=\"/v1/classify\",method=\"POST\",status=\"200\"} 1",
            "unseen_http_requests_total{route=\"/v1/classify\",method=\"POST\",status=\"422\"} 1",
            "unseen_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"} 1",
            "unseen_images_total{model=\"birds\",outcome=\"read\"} 1",
            "unseen_images_total{model=\"birds\",outcome=\"refused\"} 1",
            "unseen_http_request_duration_seconds_bucket{route=\"/v1/classify\",le=\"+Inf\"} 2",
            "unseen_http_request_duration_seconds_count{route=\"/v1/classify\"} 2",
            "unseen_batch_size_bucket{le=\"1\"} 1",
            "unseen_queue_capacity 256",
            "unseen_queue_length 0",
            "unseen_ready 1",
        })
            Assert.Contains($"\n{line}\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("/v1/model\"", text, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, JsonElement Operation)> Operations(JsonElement paths) =>
        paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject().Select(o => ($"{o.Name.ToUpperInvariant()} {p.Name}", o.Value)));

    private static IEnumerable<string> Words(JsonElement schema) => schema.GetProperty("enum").EnumerateArray().Select(word => word.GetString()!);

    [GeneratedRegex("""^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.E+-]+)$""")]
    private static partial Regex Line();
}
