using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>`unseen train` without features: the vision encoder is trained along, and the model is one like any other.</summary>
public sealed class TrainPicturesTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Fact]
    public void A_model_trained_on_pictures_is_evaluated_used_explained_and_given_a_class()
    {
        var trained = Command.Run(Train("pictures"));
        Assert.True(trained.ExitCode == 0, trained.Error);
        Assert.Matches("features: pictures 32x32, backbone DeiT, last block trained along, initial weights SHA-256 [0-9a-f]{64}, pre-trained on nothing", trained.Output);
        Assert.Contains("features: []", File.ReadAllText(Path.Combine(world["pictures"], "config.yaml")), StringComparison.Ordinal);
        File.Move(world["deit.safetensors"], world["gone.safetensors"]);

        var rescored = Command.Run("eval", world["pictures"], "--dataset", world.Dataset, "--json");
        Assert.True(rescored.ExitCode == 0, rescored.Error);
        Assert.Equal(Metrics(File.ReadAllText(Path.Combine(world["pictures"], "report.json"))), Metrics(rescored.Output));
        var predicted = Command.Run("predict", world["pictures"], Path.Combine(world.Dataset, "images"), "--json", "--top", "1");
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        Assert.Contains("64 images in ", predicted.Error, StringComparison.Ordinal);
        var image = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).First();
        var explained = Command.Run("explain", world["pictures"], image, "--out", world["why"]);
        Assert.True(explained.ExitCode == 0, explained.Error);
        var attribute = File.ReadAllLines(Path.Combine(world.Dataset, "attributes.csv"))[1].Split(',')[0];
        var added = Command.Run("classes", world["pictures"], "add", "new", $"{attribute}=1");
        Assert.True(added.ExitCode == 0, added.Error);

        var features = Command.Run("eval", world["pictures"], "--dataset", world.Dataset, "--features", world.Features);
        Assert.Equal(1, features.ExitCode);
        Assert.Contains("The model has its own vision encoder (DeiT, last block trained along) and reads pictures. Leave out --features.", features.Error,
            StringComparison.Ordinal);
        File.Move(world["gone.safetensors"], world["deit.safetensors"]);
        var resumed = Command.Run(Train("pictures", "--resume"));
        Assert.True(resumed.ExitCode == 0, resumed.Error);
    }

    [Fact]
    public void Features_and_pictures_are_not_mixed_up()
    {
        var without = Command.Run("train", "--dataset", world.Dataset, "--method", "cvsc", "--out", world["none"]);
        Assert.Equal((1, ""), (without.ExitCode, without.Output));
        Assert.Contains("No feature store given: name at least one with --features (unseen extract makes it). Only DUET does without", without.Error,
            StringComparison.Ordinal);
        var both = Command.Run(Train("none", "--features", world.Features));
        Assert.Equal((1, ""), (both.ExitCode, both.Output));
        Assert.Contains("Leave out --features, or set options.vision=features.", both.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world["none"]));
        Assert.Contains("--features needs --dataset", Command.Run("eval", world["none"], "--features", world.Features).Error, StringComparison.Ordinal);
    }

    private string[] Train(string output, params string[] more)
    {
        if (!File.Exists(world["deit.safetensors"])) WriteDeit(world["deit.safetensors"], hidden: 64, layers: 2);
        return
        [
            "train", "--dataset", world.Dataset, "--method", "duet", "--out", world[output], "--threads", "1",
            "--set", "options.vision=deit", "--set", $"options.visionWeights={world["deit.safetensors"]}", "--set", "options.visionPreTraining=nothing",
            "--set", "options.trainedVisionBlocks=1", "--set", "options.pictureSize=32", "--set", "options.textWidth=16", "--set", "options.textHeads=2",
            "--set", "training.epochs=2", "--set", "training.accumulation=2", .. more,
        ];
    }

    private static string Metrics(string report) => JsonDocument.Parse(report).RootElement.GetProperty("metrics").GetRawText();

    /// <summary>A small DeiT for pictures of 32 x 32 with the published names and random numbers.</summary>
    private static void WriteDeit(string path, int hidden, int layers)
    {
        var shapes = new Dictionary<string, int[]>
        {
            ["deit.embeddings.cls_token"] = [1, 1, hidden],
            ["deit.embeddings.distillation_token"] = [1, 1, hidden],
            ["deit.embeddings.position_embeddings"] = [1, 6, hidden],
            ["deit.embeddings.patch_embeddings.projection.weight"] = [hidden, 3, 16, 16],
            ["deit.embeddings.patch_embeddings.projection.bias"] = [hidden],
        };
        for (var i = 0; i < layers; i++)
        {
            var block = $"deit.encoder.layer.{i}.";
            foreach (var norm in new[] { "layernorm_before", "layernorm_after" }) Add(block + norm, hidden);
            foreach (var part in new[] { "attention.query", "attention.key", "attention.value", "output.dense" }) Add($"{block}attention.{part}", hidden, hidden);
            Add(block + "intermediate.dense", 12, hidden);
            Add(block + "output.dense", hidden, 12);
        }
        Add("deit.layernorm", hidden);
        Write(path, shapes);

        void Add(string name, params int[] shape) => (shapes[name + ".weight"], shapes[name + ".bias"]) = (shape, [shape[0]]);
    }

    private static void Write(string path, Dictionary<string, int[]> shapes)
    {
        var (entries, data, random) = (new Dictionary<string, object>(), new List<float>(), new Random(1));
        foreach (var (name, shape) in shapes)
        {
            var start = data.Count;
            for (var i = 0; i < shape.Aggregate(1, (a, b) => a * b); i++)
                data.Add(name.EndsWith("weight", StringComparison.Ordinal) && shape.Length == 1 ? 1 : 0.2f * (random.NextSingle() - 0.5f));
            entries[name] = new { dtype = "F32", shape, data_offsets = new[] { 4 * start, 4 * data.Count } };
        }
        var header = JsonSerializer.SerializeToUtf8Bytes(entries);
        Array.Resize(ref header, (header.Length + 7) / 8 * 8);
        header.AsSpan().Replace((byte)0, (byte)' ');
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        File.WriteAllBytes(path, [.. length, .. header, .. MemoryMarshal.AsBytes<float>(data.ToArray())]);
    }
}
