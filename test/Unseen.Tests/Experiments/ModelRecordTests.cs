using System.Text.Json;
using System.Text.Json.Nodes;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>A model.json that people edit, and backbones that change.</summary>
public sealed class ModelRecordTests(MiniRun mini) : IClassFixture<MiniRun>
{
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Every value of a real file is taken out, emptied and replaced by others, one at a time: the model works or is refused with a message.</summary>
    [Fact]
    public void An_edited_file_is_read_or_refused_and_never_crashes()
    {
        using var dataset = mini.Open();
        var model = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).ModelDirectory;
        var file = Path.Combine(model, "model.json");
        var original = File.ReadAllText(file);
        var (refused, read, crashed) = (0, 0, new List<string>());
        foreach (var (name, edited) in Edited(original))
        {
            File.WriteAllText(file, edited);
            try
            {
                Use(model, dataset);
                read++;
            }
            catch (UnseenException)
            {
                refused++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                crashed.Add($"{name}: {e.GetType().Name} {e.Message}");
            }
        }
        Assert.Equal([], crashed);
        Assert.True(read > 20 && refused > 200, $"{read} read, {refused} refused");
        File.WriteAllText(file, original);
        Use(model, dataset);
    }

    [Theory]
    [InlineData("\"metrics\": {", "\"metrics\": null, \"was\": {")]
    [InlineData("\"parts\": []", "\"parts\": null")]
    [InlineData("\"mean\": [", "\"mean\": null, \"was\": [")]
    [InlineData("\"seed\": \"1\"", "\"seed\": \"first\"")]
    [InlineData("\"seed\": \"1\"", "\"seed\": null")]
    [InlineData("\"precision\": \"f32\"", "\"precision\": 7")]
    public void What_is_missing_or_means_nothing_is_refused(string good, string bad)
    {
        using var dataset = mini.Open();
        var model = Experiment.Run(MiniRun.Quick, dataset, mini.Options()).ModelDirectory;
        var file = Path.Combine(model, "model.json");
        var text = File.ReadAllText(file);
        Assert.Contains(good, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(good, bad, StringComparison.Ordinal));
        Assert.StartsWith($"{file}: ", Assert.Throws<DatasetFormatException>(() => ModelFolder.ReadRecord(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backbone_that_is_another_one_or_gone_is_left_out_with_a_warning()
    {
        using var run = new PictureRun();
        using var dataset = run.Open();
        var backbone = dataset.Stores[0].Metadata.Backbone;
        var kept = Experiment.Run(MiniRun.Method("ridge"), dataset, mini.Options());
        Assert.Empty(kept.Warnings);
        Assert.Equal("backbones/0-first.onnx", ModelFolder.ReadRecord(kept.ModelDirectory).Backbones[0].File);

        File.AppendAllText(backbone.Path, "changed");
        var changed = Unseen.Features.OnnxBackbone.Sha256Of(backbone.Path);
        RequireLeftOut($"its file {backbone.Path} is not the one that the features were made with (SHA-256 {changed})");
        File.Delete(backbone.Path);
        RequireLeftOut($"its file {backbone.Path} is gone");
        Directory.CreateDirectory(backbone.Path); // which nobody can read as a file
        RequireLeftOut($"its file cannot be read: Access to the path '{backbone.Path}' is denied.");

        void RequireLeftOut(string why)
        {
            var result = Experiment.Run(MiniRun.Method("ridge"), dataset, mini.Options());
            var warning = $"The backbone 'first' is not in the model folder: {why}. To classify pictures with this model, give the file with --backbone FILE "
                + $"(SHA-256 {backbone.Sha256}).";
            Assert.Equal([warning], result.Warnings);
            Assert.Contains($" warning: {warning}\n", File.ReadAllText(Path.Combine(result.Directory.FullPath, "log.txt")), StringComparison.Ordinal);
            Assert.Null(ModelFolder.ReadRecord(result.ModelDirectory).Backbones[0].File);
            Assert.Empty(Directory.EnumerateFiles(result.ModelDirectory, "*first*", SearchOption.AllDirectories));
        }
    }

    private static void Use(string model, ZslDataset dataset)
    {
        var record = ModelFolder.ReadRecord(model);
        using (Rescoring.OpenDataset(record, dataset.Folder.Path, [.. dataset.Stores.Select(s => s.Path)])) { }
        Rescoring.Run(model, dataset, cancellation: TestContext.Current.CancellationToken);
    }

    private static IEnumerable<(string Name, string Json)> Edited(string original)
    {
        foreach (var path in Paths(JsonNode.Parse(original)!, []))
            foreach (var value in new[] { null, "null", "\"x\"", "-1", "1e300", "[]", "{}", "[null]", "{\"x\": null}" })
            {
                var root = JsonNode.Parse(original)!;
                var parent = path[..^1].Aggregate(root, (node, key) => key is int i ? node[i]! : node[(string)key]!);
                if (path[^1] is int index)
                {
                    if (value is null) parent.AsArray().RemoveAt(index);
                    else parent[index] = JsonNode.Parse(value);
                }
                else if (value is null) parent.AsObject().Remove((string)path[^1]);
                else parent[(string)path[^1]] = JsonNode.Parse(value);
                yield return ($"{string.Join('.', path)} = {value ?? "nothing"}", root.ToJsonString(Json));
            }
    }

    /// <summary>Every place in the file; of lists the first two items.</summary>
    private static IEnumerable<object[]> Paths(JsonNode? node, object[] path)
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Take(2).Select((value, i) => ((object)i, value)),
            _ => [],
        };
        foreach (var (key, child) in children.ToList())
        {
            object[] inner = [.. path, key];
            yield return inner;
            foreach (var deeper in Paths(child, inner)) yield return deeper;
        }
    }
}
