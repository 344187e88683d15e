using System.Net;
using Unseen.Classification;
using Unseen.Tests.Classification;
using Unseen.Web;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Classes that come and go while the server runs.</summary>
public sealed class ClassRoutesTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public async Task A_class_of_the_training_that_comes_back_is_not_called_added()
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete("/v1/classes/seen-03")).Status);
        Undo(served.Model);
        Assert.Equal(["x"], await AddedAfter("x"));
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete("/v1/classes/x")).Status);
        Undo(served.Model);
        Assert.Equal(["x", "y"], await AddedAfter("y"));

        async Task<IEnumerable<string?>> AddedAfter(string name)
        {
            Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "{{name}}", "attributes": {"has_wing_tone::0": 0.5} }"""))).Status);
            return (await served.Get("/v1/classes")).Json.EnumerateArray().Where(c => c.GetProperty("added").GetBoolean()).Select(c => c.GetProperty("name").GetString());
        }
    }

    [Fact]
    public async Task A_name_with_an_accent_is_the_same_in_both_ways_to_write_it()
    {
        await using var served = await ServedRun.Start(run);
        var added = await served.Post("/v1/classes", ServedRun.JsonText("""{"name": "Cafe\u0301", "attributes": {"has_wing_tone::0": 0.5}}"""));
        Assert.Equal((HttpStatusCode.Created, "Caf\u00e9"), (added.Status, added.Json.GetProperty("class").GetString()));
        Assert.StartsWith("The model has a class 'Caf\u00e9' already.",
            (await served.Post("/v1/classes", ServedRun.JsonText("""{"name": "Cafe\u0301", "attributes": {"has_wing_tone::0": 0.5}}"""))).Problem(409), StringComparison.Ordinal);
        Assert.Equal("Caf\u00e9", (await served.Get("/v1/classes/Cafe%CC%81")).Json.GetProperty("name").GetString());
        Assert.Equal("There is no class '7.CAFÉ'. Did you mean 'Caf\u00e9'?", (await served.Get("/v1/classes/7.CAF%C3%89")).Problem(404));
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete("/v1/classes/Cafe%CC%81")).Status);
    }

    [Fact]
    public async Task What_a_sentence_denies_is_among_the_words_that_were_not_understood()
    {
        await using var served = await ServedRun.Start(run);
        var tried = await served.Post("/v1/try", ServedRun.JsonText("""{"describe": "something odd, no spots", "like": "seen-00"}"""));
        Assert.Equal(["something", "odd", "no spots"], tried.Json.GetProperty("ignored").EnumerateArray().Select(w => w.GetString()));
    }

    [Fact]
    public async Task A_class_is_added_changed_and_removed_and_every_change_is_on_disk_before_it_is_answered()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Stored(served).Record.Attributes[0].Name;
        var added = await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "new one", "attributes": {"{{attribute}}": 0.25}, "rest": "mean"}"""));
        Assert.Equal((HttpStatusCode.Created, "/v1/classes/new%20one"), (added.Status, added.Header("Location")));
        Assert.Equal((1, 5), (added.Json.GetProperty("given").GetInt32(), added.Json.GetProperty("filled").GetInt32()));
        Assert.Equal(0.25f, Stored(served).Find("new one").Values[0], 1e-6f);
        var changed = await served.Put("/v1/classes/new%20one", $$"""{"attributes": {"{{attribute}}": 0.75} }""");
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(0.75f, Stored(served).Find("new one").Values[0], 1e-6f);
        var shown = (await served.Get("/v1/classes/new%20one")).Json;
        Assert.Equal((0.75, true, true), (shown.GetProperty("values")[0].GetDouble(), shown.GetProperty("unseen").GetBoolean(), shown.GetProperty("added").GetBoolean()));
        Assert.Single((await served.Get("/v1/classes")).Json.EnumerateArray(), c => c.GetProperty("added").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete("/v1/classes/new%20one")).Status);
        Assert.Equal(["add", "set", "remove"], Stored(served).History.Select(h => h.Action));
        Assert.DoesNotContain((await served.Get("/v1/classes")).Json.EnumerateArray(), c => c.GetProperty("added").GetBoolean());
        Assert.Equal("There is no class 'new one'.", (await served.Get("/v1/classes/new%20one")).Problem(404)[..28]);
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Stored(served).Record.Attributes[0].Name;
        var dry = await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "new one", "attributes": {"{{attribute}}": 1}, "dryRun": true}"""));
        Assert.Equal((HttpStatusCode.OK, "new one"), (dry.Status, dry.Json.GetProperty("class").GetString()));
        Assert.Equal(12, (await served.Get("/v1/classes")).Json.GetArrayLength());
        Assert.Empty(Stored(served).History);
    }

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("a/b%2Fc")]
    [InlineData("C:\\Windows\\system32")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("ünï çødé 鳥 \"quoted\" ?&#+")]
    public async Task Strange_names_are_names_and_nothing_else(string name)
    {
        await using var served = await ServedRun.Start(run);
        var files = Tree(served);
        var attribute = Stored(served).Record.Attributes[0].Name;
        var json = System.Text.Json.JsonSerializer.Serialize(new { name, attributes = new Dictionary<string, double> { [attribute] = 0.5 } });
        Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes", ServedRun.JsonText(json))).Status);
        var path = "/v1/classes/" + Uri.EscapeDataString(name);
        Assert.Equal(name, (await served.Get(path)).Json.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete(path)).Status);
        Assert.Equal(files.Concat([".classes.lock", "classes-history.jsonl"]).Order(StringComparer.Ordinal), Tree(served));
    }

    [Theory]
    [InlineData("""{"name": "", "attributes": {"A": 1}}""", 400, "A class needs a name.")]
    [InlineData("""{"name": "a\u0000b", "attributes": {"A": 1}}""", 400, "Class name 'a?b' must have no control characters and no spaces at its ends.")]
    [InlineData("""{"name": "..", "attributes": {"A": 1}}""", 400, "Class name '..' would be a folder in an address.")]
    [InlineData("""{"name": "a\u202Eb", "attributes": {"A": 1}}""", 400, "A class name must have no characters that change the direction")]
    [InlineData("""{"name": "x", "attributes": {"A": 1.5}}""", 400, "Attribute 'A' must be from 0 to 1, found 1.5.")]
    [InlineData("""{"name": "x", "attributes": {"nothing": 1}}""", 400, "The model has no attribute 'nothing'.")]
    [InlineData("""{"name": "x"}""", 400, "No attribute is given. Give at least one in 'attributes', or a sentence in 'describe'.")]
    [InlineData("""{"name": "x", "describe": "qwertz"}""", 400, "The sentence names no attribute of the model.")]
    [InlineData("""{"name": "x", "attributes": {"A": 1}, "like": "nobody"}""", 400, "Unknown class 'nobody'")]
    [InlineData("""{"name": "x", "attributes": {"A": 1}, "rest": "best"}""", 400, "'rest' must be nearest or mean.")]
    [InlineData("""{"name": "C", "attributes": {"A": 1}}""", 409, "The model has a class 'C' already.")]
    [InlineData("""{"nam": "x"}""", 400, "The JSON cannot be used: The JSON property 'nam' is not known.")]
    [InlineData("""{"name": "x", "attributes": {"A": "1"}}""", 400, "The JSON cannot be used: The value has the wrong type.")]
    [InlineData("""{"name": "x", "name": "y"}""", 400, "The JSON cannot be used: Duplicate property 'name'")]
    [InlineData("""{"name": "x", """, 400, "The JSON cannot be used: ")]
    [InlineData("null", 400, "The JSON is null.")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[", 400, "The JSON cannot be used: ")]
    public async Task Wrong_descriptions_are_refused_and_leave_the_model_as_it_was(string json, int status, string detail)
    {
        await using var served = await ServedRun.Start(run);
        var (attribute, present) = (Stored(served).Record.Attributes[0].Name, Stored(served).Record.Classes[0].Name);
        var before = File.ReadAllText(Path.Combine(served.Model, "model.json"));
        var answer = await served.Post("/v1/classes", ServedRun.JsonText(json.Replace("\"A\"", $"\"{attribute}\"", StringComparison.Ordinal).Replace("\"C\"", $"\"{present}\"", StringComparison.Ordinal)));
        Assert.StartsWith(detail.Replace("'A'", $"'{attribute}'", StringComparison.Ordinal).Replace("'C'", $"'{present}'", StringComparison.Ordinal), answer.Problem(status), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(served.Model, "model.json")));
        Assert.Equal(12, (await served.Get("/v1/classes")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_class_of_another_process_can_be_changed_at_once_and_its_address_names_the_model()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Stored(served).Record.Attributes[0].Name;
        var other = Stored(served);
        other.Add("theirs", new Dictionary<string, float> { [attribute] = 1 });
        other.Save();
        Assert.Equal(HttpStatusCode.OK, (await served.Put("/v1/classes/theirs", $$"""{"attributes": {"{{attribute}}": 0.5} }""")).Status);
        var added = await served.Post("/v1/classes?model=birds", ServedRun.JsonText($$"""{"name": "ours", "attributes": {"{{attribute}}": 0.5} }"""));
        Assert.Equal("/v1/classes/ours?model=birds", added.Header("Location"));
        Assert.Equal(HttpStatusCode.OK, (await served.Get(added.Header("Location"))).Status);
    }

    /// <summary>A folder in the place of the lock cannot be opened for writing, as nothing can in a folder that is read-only.</summary>
    [Fact]
    public async Task A_model_that_cannot_be_written_says_so()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Stored(served).Record.Attributes[0].Name;
        Directory.CreateDirectory(Path.Combine(served.Model, ".classes.lock"));
        var refused = await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "new one", "attributes": {"{{attribute}}": 0.5} }"""));
        Assert.Equal("The folder of the model 'birds' is read-only here, so its classes cannot be changed.", refused.Problem(403));
    }

    [Fact]
    public async Task Changes_of_another_process_are_taken_over_and_a_lock_is_waited_for_by_the_caller()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Stored(served).Record.Attributes[0].Name;
        var other = Stored(served);
        other.Add("of another process", new Dictionary<string, float> { [attribute] = 1 });
        other.Save();
        string Body(string name) => $$"""{"name": "{{name}}", "attributes": {"{{attribute}}": 0.5} }""";
        Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes", ServedRun.JsonText(Body("of the server")))).Status);
        Assert.Equal(["of another process", "of the server"], Stored(served).Record.Classes.TakeLast(2).Select(c => c.Name));
        Assert.Equal(14, (await served.Get("/v1/classes")).Json.GetArrayLength());
        using (File.Open(Path.Combine(served.Model, ".classes.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var refused = await served.Post("/v1/classes", ServedRun.JsonText(Body("third")));
            Assert.Equal("Another process is changing the classes of this model at this moment. Try again.", refused.Problem(409));
            Assert.Equal(14, (await served.Get("/v1/classes")).Json.GetArrayLength());
        }
        Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes", ServedRun.JsonText(Body("third")))).Status);
    }

    [Fact]
    public async Task Several_models_are_asked_by_their_names()
    {
        var second = run.Copy(run.Model("cvsc"));
        await using var served = await ServedRun.Start(run, o => o with { Models = [.. o.Models, new ModelSource("second", second)] });
        var models = (await served.Get("/v1/models")).Json.EnumerateArray().ToList();
        Assert.Equal([("birds", "ridge", true), ("second", "cvsc", false)],
            models.Select(m => (m.GetProperty("name").GetString()!, m.GetProperty("method").GetString()!, m.GetProperty("default").GetBoolean())));
        Assert.Equal("cvsc", (await served.Get("/v1/model?model=second")).Json.GetProperty("method").GetString());
        var attribute = Stored(served).Record.Attributes[0].Name;
        Assert.Equal(HttpStatusCode.Created, (await served.Post("/v1/classes?model=second",
            ServedRun.JsonText($$"""{"name": "x", "attributes": {"{{attribute}}": 0.5} }"""))).Status);
        Assert.Equal((12, 13), ((await served.Get("/v1/classes")).Json.GetArrayLength(), (await served.Get("/v1/classes?model=second")).Json.GetArrayLength()));
        Assert.Equal("There is no model 'third'. There are: birds, second.", (await served.Get("/v1/model?model=third")).Problem(404));
    }

    private static ModelClasses Stored(ServedRun served) => ModelClasses.Open(served.Model);

    private static List<string> Tree(ServedRun served) => [.. Directory.EnumerateFiles(served.Model, "*", SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(served.Model, f)).Order(StringComparer.Ordinal)];

    private static void Undo(string model)
    {
        var classes = ModelClasses.Open(model);
        classes.Undo();
        classes.Save();
    }
}
