using System.Net;
using System.Text.Json;
using Unseen.Experiments;
using Unseen.Semantics;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>What the server says about a model.</summary>
public sealed class ModelRouteTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public async Task A_model_whose_classes_can_change_says_so_until_its_folder_is_read_only()
    {
        await using var served = await ServedRun.Start(run);
        Assert.Equal((true, null), Editable((await served.Get("/v1/model")).Json));
        // A folder in the place of the file that is tried cannot be opened for writing, as nothing can in a folder that is read-only.
        var obstacle = Directory.CreateDirectory(Path.Combine(served.Model, $".classes.{Environment.ProcessId}.tmp"));
        Assert.Equal((false, "The folder of the model is read-only here, so its classes cannot be changed."), Editable((await served.Get("/v1/model")).Json));
        obstacle.Delete();
        Assert.Equal((true, null), Editable((await served.Get("/v1/model")).Json));
        Assert.Empty(Directory.EnumerateFiles(served.Model, "*.tmp"));
    }

    [Fact]
    public async Task A_method_whose_classes_are_fixed_says_so()
    {
        await using var served = await ServedRun.Start(run, method: "f-clswgan");
        var (editable, because) = Editable((await served.Get("/v1/model")).Json);
        Assert.False(editable);
        Assert.StartsWith("Method 'f-clswgan' cannot change its classes after training: its last stage is a classifier", because, StringComparison.Ordinal);
        Assert.Equal(because, (await served.Post("/v1/classes", ServedRun.JsonText("""{"name": "x", "attributes": {}}"""))).Problem(400));
        Assert.Equal(because, (await served.Post("/v1/classes/import", ServedRun.Table("class\nx\n"))).Problem(400));
        Assert.Equal(because, (await served.Delete("/v1/classes/seen-01")).Problem(400));
    }

    /// <summary>Values of such a class can be imported, not described.</summary>
    [Fact]
    public async Task A_model_of_other_semantics_says_so_and_takes_a_table()
    {
        await using var served = await ServedRun.Start(run, o =>
        {
            Rewrite(o.Models[0].Path, r => r with { Provenance = new Dictionary<string, string>(r.Provenance) { ["semantics"] = "sentences" }, Scale = AttributeScale.Raw });
            return o;
        });
        var model = (await served.Get("/v1/model")).Json;
        var (editable, because) = Editable(model);
        Assert.False(editable);
        Assert.StartsWith("This model was trained on the semantics 'sentences', 6 numbers per class, not on attributes. Import a CSV file", because, StringComparison.Ordinal);
        var names = model.GetProperty("attributes").EnumerateArray().Select(a => a.GetProperty("name").GetString()).ToList();
        Assert.Equal(because, (await served.Post("/v1/classes", ServedRun.JsonText($$"""{"name": "x", "attributes": {"{{names[0]}}": 1} }"""))).Problem(400));
        Assert.Equal(HttpStatusCode.OK, (await served.Post("/v1/classes/import", ServedRun.Table($"class,{string.Join(',', names)}\nx,-7,0,0,0,0,9.5\n"))).Status);
        var attributes = (await served.Get("/v1/model")).Json.GetProperty("attributes").EnumerateArray().ToList();
        Assert.Equal((-7.0, 9.5), (attributes[0].GetProperty("least").GetDouble(), attributes[5].GetProperty("largest").GetDouble()));
        Assert.Equal("raw", model.GetProperty("scale").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await served.Delete("/v1/classes/x")).Status);
    }

    [Fact]
    public async Task Attributes_have_the_range_of_the_class_table_in_its_own_scale()
    {
        await using var served = await ServedRun.Start(run, o =>
        {
            Rewrite(o.Models[0].Path, r => r with { Classes = [.. r.Classes.Select(c => c with { Values = [.. c.Values.Select(v => 100 * v)] })], Scale = AttributeScale.Percent });
            return o;
        });
        var model = (await served.Get("/v1/model")).Json;
        var record = ModelFolder.ReadRecord(served.Model);
        Assert.Equal("percent", model.GetProperty("scale").GetString());
        Assert.Equal(Enumerable.Range(0, 6).Select(k => (record.Classes.Min(c => c.Values[k]), record.Classes.Max(c => c.Values[k]))),
            model.GetProperty("attributes").EnumerateArray().Select(a => (a.GetProperty("least").GetSingle(), a.GetProperty("largest").GetSingle())));
        var shown = (await served.Get("/v1/classes/seen-01")).Json.GetProperty("values").EnumerateArray().Select(v => v.GetDouble());
        Assert.Equal(record.Classes.Single(c => c.Name == "seen-01").Values.Select(v => Math.Round(v / 100.0, 6)), shown);
    }

    private static (bool Editable, string? Because) Editable(JsonElement model) => (model.GetProperty("editable").GetBoolean(), model.GetProperty("fixedBecause").GetString());

    private static void Rewrite(string model, Func<ModelRecord, ModelRecord> change) => ModelFolder.WriteRecord(model, change(ModelFolder.ReadRecord(model)));
}
