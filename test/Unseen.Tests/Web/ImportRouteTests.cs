using System.Net;
using Unseen.Classification;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Classes of a table: all of them or none.</summary>
public sealed class ImportRouteTests(PictureRun run) : IClassFixture<PictureRun>
{
    private const string Token = "a-token-of-20-letters";
    private const string Route = "/v1/classes/import";

    [Fact]
    public async Task A_table_is_imported_with_the_token_and_takes_part_at_once()
    {
        await using var served = await ServedRun.Start(run, o => o with { Token = Token });
        var names = Attributes(served);
        var csv = $"class,split,{names[0]},{names[1]}\nfirst,,0.25,1\nsecond,seen,,0.5\n";
        (await served.Post(Route, ServedRun.Table(csv))).Problem(401);
        var imported = await Send(served, $"{Route}?like=seen-00", csv);
        Assert.Equal(HttpStatusCode.OK, imported.Status);
        Assert.Equal([("first", false, 2, 4, "seen-00"), ("second", true, 1, 5, "seen-00")], imported.Json.EnumerateArray().Select(a => (a.GetProperty("class").GetString()!,
            a.GetProperty("seen").GetBoolean(), a.GetProperty("given").GetInt32(), a.GetProperty("filled").GetInt32(), a.GetProperty("filledFrom")[0].GetString()!)));
        var stored = ModelClasses.Open(served.Model);
        Assert.Equal([("add", "first"), ("add", "second")], stored.History.Select(h => (h.Action, h.Class)));
        Assert.Equal([0.25f, 1, .. stored.Find("seen-00").Values.Skip(2)], stored.Find("first").Values);
        Assert.Equal(14, (await served.Get("/v1/classes")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_class_that_is_there_is_replaced_only_when_that_is_asked_for()
    {
        await using var served = await ServedRun.Start(run);
        var csv = $"class,{Attributes(served)[3]}\nseen-04,0.25\n";
        var before = ModelClasses.Open(served.Model).Find("seen-04").Values;
        Assert.Equal("body:2: The model has a class 'seen-04' already. Remove it first, or import with --replace (over HTTP replace=true).", (await served.Post(Route, ServedRun.Table(csv))).Problem(400));
        Assert.Equal(HttpStatusCode.OK, (await served.Post($"{Route}?replace=true&dryRun=true", ServedRun.Table(csv))).Status);
        Assert.Equal(before, ModelClasses.Open(served.Model).Find("seen-04").Values);
        Assert.Equal(HttpStatusCode.OK, (await served.Post($"{Route}?replace=true", ServedRun.Table(csv))).Status);
        Assert.Equal([.. before.Take(3), 0.25f, .. before.Skip(4)], ModelClasses.Open(served.Model).Find("seen-04").Values);
    }

    [Fact]
    public async Task A_table_with_a_fault_changes_nothing_and_its_problems_are_counted()
    {
        await using var served = await ServedRun.Start(run);
        var (name, model) = (Attributes(served)[0], Path.Combine(served.Model, "model.json"));
        var before = File.ReadAllText(model);
        Assert.Equal($"body:3: Column '{name}': expected a value of 0..1, the scale of the model, found '7'.",
            (await served.Post(Route, ServedRun.Table($"class,{name}\ngood,0.5\nwrong,7\n"))).Problem(400));
        Assert.StartsWith("body:1: Column 'nothing': The model has no attribute 'nothing'.",
            (await served.Post(Route, ServedRun.Table("class,nothing\ngood,0.5\n"))).Problem(400), StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 60).Select(i => $"c{i},x\n"));
        var lines = (await served.Post(Route, ServedRun.Table($"class,{name}\n{many}"))).Problem(400).Split('\n');
        Assert.Equal((51, "And 10 problems more."), (lines.Length, lines[^1]));
        var latin = new ByteArrayContent([.. "class,"u8, .. System.Text.Encoding.UTF8.GetBytes(name), .. "\nf"u8, 0xe9, .. ",1\n"u8]) { Headers = { ContentType = new("text/csv") } };
        Assert.Contains("is not UTF-8. Save the file as UTF-8.", (await served.Post(Route, latin)).Problem(400), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(model));
        Assert.Equal(12, (await served.Get("/v1/classes")).Json.GetArrayLength());
    }

    [Fact]
    public async Task What_is_no_table_or_too_long_is_refused()
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal("Expected a table: Content-Type text/csv.", (await served.Post(Route, ServedRun.JsonText("{}"))).Problem(415));
        Assert.Equal("A table has at most 1000 lines, found 1001. Send it in parts, or use 'unseen classes RUN import'.",
            (await served.Post(Route, ServedRun.Table(new string('\n', 1001)))).Problem(413));
        Assert.StartsWith("body:1: The file is empty.", (await served.Post(Route, ServedRun.Table(""))).Problem(400), StringComparison.Ordinal);
        Assert.Equal("'dryRun' must be true or false, found 'x'.", (await served.Post($"{Route}?dryRun=x", ServedRun.Table(""))).Problem(400));
        Assert.Equal("Give 'like' or 'rest', not both.", (await served.Post($"{Route}?like=a&rest=mean", ServedRun.Table(""))).Problem(400));
        Assert.Equal("'rest' must be nearest or mean.", (await served.Post($"{Route}?rest=best", ServedRun.Table(""))).Problem(400));
    }

    [Fact]
    public async Task A_class_may_be_called_as_the_route_is()
    {
        await using var served = await ServedRun.Start(run);
        var name = Attributes(served)[0];
        Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "import", "attributes": {"{{name}}": 0.5} }"""))).Status);
        Assert.Equal("import", (await served.Get(Route)).Json.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await served.Put(Route, $$"""{"attributes": {"{{name}}": 0.75} }""")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete(Route)).Status);
    }

    private static List<string> Attributes(ServedRun served) => [.. ModelClasses.Open(served.Model).Record.Attributes.Select(a => a.Name)];

    private static Task<Answer> Send(ServedRun served, string path, string csv) => served.Send(new(HttpMethod.Post, path) { Content = ServedRun.Table(csv) }, Token);
}
