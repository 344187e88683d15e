using System.Text.Json;
using Unseen.Data.Formats;
using Unseen.Models.Encoders;
using Unseen.Tests.Cli;
using Xunit;

namespace Unseen.Tests.Models.Encoders;

/// <summary>Files of the names and shapes of published ones; sparse files of zeros, of which only the header takes room.</summary>
public sealed class WeightFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string path;

    public WeightFileTests() => path = folder["weights.safetensors"];

    [Fact]
    public void APublishedBertIsRecognisedAndFits()
    {
        WriteSparse(PublishedBert(), SafetensorsType.F32);
        Assert.Equal(440.4, Math.Round(new FileInfo(path).Length / 1e6, 1)); // MB, as published
        var file = WeightFile.Inspect(path);
        Assert.Equal(("BERT", true, 110_106_428L), (file.Architecture, file.Fits, file.Parameters));
        Assert.Equal("30522 768 12 12 (assumed: 64 wide each) 3072 512 2",
            string.Join(' ', new[] { "vocabulary", "hidden", "layers", "heads", "feedForward", "positions", "tokenTypes" }.Select(n => file.Sizes[n])));
        Assert.Equal(["cls.seq_relationship.bias", "cls.seq_relationship.weight"], file.Report!.Unused.Order(StringComparer.Ordinal));
    }

    /// <summary>No shape tells the number of heads: all-MiniLM-L6 is 384 wide with 12 heads, where 6 would be assumed.</summary>
    [Theory]
    [InlineData("""{"num_attention_heads": 12}""", null)]
    [InlineData("""{"num_attention_heads": 24}""", "says 24 attention heads, but 768 numbers are read as 12 heads of 64: heads of another width are not supported.")]
    [InlineData("""{"hidden_size": 768}""", null)]
    public void HeadsOfAnotherWidthAreRefused(string config, string? problem)
    {
        WriteSparse(PublishedBert(), SafetensorsType.F32);
        var file = Path.Combine(Path.GetDirectoryName(path)!, "config.json");
        File.WriteAllText(file, config);
        var found = WeightFile.Inspect(path);
        Assert.Equal((problem is null, problem), (found.Fits, found.Problem?.Replace(file + " ", "", StringComparison.Ordinal)));
        File.WriteAllText(file, "{");
        Assert.Throws<DatasetFormatException>(() => WeightFile.Inspect(path));
    }

    [Fact]
    public void AWidthThatIsNoMultipleOf64IsRefused()
    {
        WriteSparse(new BertOptions { Hidden = 312, Heads = 12, FeedForward = 1200, Layers = 1 }.Layout().Weights.Select(w => (w.Name, w.Shape)), SafetensorsType.F32);
        Assert.Equal("It is 312 wide, which is no multiple of 64: its heads have another width than 64, and are not supported.", WeightFile.Inspect(path).Problem);
    }

    [Fact]
    public void APublishedDeitIsRecognisedFitsAndLoads()
    {
        WriteSparse(PublishedDeit(), SafetensorsType.F16);
        var file = WeightFile.Inspect(path);
        Assert.Equal(("DeiT", true, 87_338_192L), (file.Architecture, file.Fits, file.Parameters));
        Assert.Equal("224", file.Sizes["imageSize"]);
        var (model, report) = VisionTransformer.Load(path, VisionTransformerOptions.DeitBaseDistilled);
        model.Dispose();
        Assert.Equal(203, report.Loaded.Count);
    }

    [Theory]
    [InlineData("ViT")]
    [InlineData("Swin")]
    [InlineData("MobileNetV2")]
    public void TheOthersAreRecognised(string architecture)
    {
        var layout = architecture switch
        {
            "ViT" => new VisionTransformerOptions().Layout(),
            "Swin" => new SwinOptions().Layout(),
            _ => MobileNetV2.Layout(),
        };
        WriteSparse(layout.Weights.Select(w => (w.Name, w.Shape)), SafetensorsType.BF16);
        var file = WeightFile.Inspect(path);
        Assert.Equal((architecture, true), (file.Architecture, file.Fits));
        Assert.Equal(layout.Weights.Count, file.Report!.Loaded.Count);
    }

    [Fact]
    public void TheCommandSaysWhatIsMissing()
    {
        WriteSparse(PublishedDeit().Where(w => w.Name != "deit.layernorm.bias").Append(("extra", [2])), SafetensorsType.F32);
        var run = CliRun.Of("weights", "check", path);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("loaded 202, missing 1, unexpected 1, shape mismatch 0, unused 0\n  missing: deit.layernorm.bias\n  unexpected: extra\n" +
            "The file does not fit.\n", run.Output, StringComparison.Ordinal);
        var json = JsonDocument.Parse(CliRun.Of("weights", "check", path, "--json").Output).RootElement;
        Assert.Equal(("DeiT", false, "deit.layernorm.bias"),
            (json.GetProperty("architecture").GetString(), json.GetProperty("fits").GetBoolean(), json.GetProperty("report").GetProperty("missing")[0].GetString()));
    }

    [Fact]
    public void AFileThatFitsExitsWithZero()
    {
        WriteSparse(PublishedDeit(), SafetensorsType.F32);
        var run = CliRun.Of("weights", "check", path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("The file fits.\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("other.weight", "The names are those of none of these")]
    [InlineData("region_features", "The file is a feature store")]
    [InlineData("vit.embeddings.cls_token", "layers must be between 1 and 1000, found 0.")]
    [InlineData("swin.encoder.layers.0.blocks.0.attention.self.relative_position_bias_table", "patchSize must be between 1")]
    [InlineData("embeddings.token_type_embeddings.weight", "vocabulary must be between 1")]
    public void WhatIsNoUseIsSaid(string name, string expected)
    {
        WriteSparse([(name, [2])], SafetensorsType.F32);
        var file = WeightFile.Inspect(path);
        Assert.False(file.Fits);
        Assert.Contains(expected, file.Problem!, StringComparison.Ordinal);
        Assert.Equal(1, CliRun.Of("weights", "check", path).ExitCode);
    }

    [Fact]
    public void RobertaIsNoBert()
    {
        WriteSparse(new BertOptions { Positions = 514, TokenTypes = 1, Layers = 1 }.Layout().Weights.Select(w => (w.Name["bert.".Length..], w.Shape)),
            SafetensorsType.F32);
        Assert.Contains("RoBERTa", WeightFile.Inspect(path).Problem!, StringComparison.Ordinal);
    }

    /// <summary>What options.visionWeights takes can be checked.</summary>
    [Fact]
    public void AFolderOfNpyFilesIsOneToo()
    {
        using var folder = new Data.Formats.TemporaryFolder();
        Assert.Contains("the folder holds no npy file.", CliRun.Of("weights", "check", folder.Path).Error, StringComparison.Ordinal);
        foreach (var weight in MobileNetV2.Layout().Weights)
            Npy.Write(folder.File(weight.Name + ".npy"), NpyArray.Of(new float[weight.Elements], [.. weight.Shape.Select(axis => (int)axis)]));
        var run = CliRun.Of("weights", "check", folder.Path);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("MobileNetV2", run.Output, StringComparison.Ordinal);
        File.Delete(folder.File("mobilenetv20_features_conv0_weight.npy"));
        Assert.Equal(1, CliRun.Of("weights", "check", folder.Path).ExitCode);
    }

    [Fact]
    public void AThousandBlocksAreTheMost()
    {
        WriteSparse([("vit.embeddings.cls_token", [1, 1, 8]), .. Enumerable.Range(0, 5000).Select(i => ($"vit.encoder.layer.{i}.x", new long[] { 0 }))],
            SafetensorsType.F32);
        Assert.Contains("layers must be between 1 and 1000, found 5000.", WeightFile.Inspect(path).Problem!, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoSafetensorsFileExitsWithOneMessage()
    {
        File.WriteAllText(path, "not a weight file at all");
        var run = CliRun.Of("weights", "check", path);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    public void Dispose() => folder.Dispose();

    private void WriteSparse(IEnumerable<(string Name, long[] Shape)> weights, SafetensorsType type)
    {
        var header = SafetensorsHeader.Build(weights.Select(w => new SafetensorsDeclaration(w.Name, type, w.Shape)), null);
        using var file = File.Create(path);
        file.Write(header.Bytes);
        file.SetLength(header.FileLength);
    }

    private static IEnumerable<(string Name, long[] Shape)> PublishedBert()
    {
        IEnumerable<(string, long[])> Dense(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
        IEnumerable<(string, long[])> Norm(string name) => [(name + ".LayerNorm.gamma", [768]), (name + ".LayerNorm.beta", [768])];
        IEnumerable<(string, long[])> Block(string b) =>
        [
            .. Dense(b + "attention.self.query", 768, 768), .. Dense(b + "attention.self.key", 768, 768), .. Dense(b + "attention.self.value", 768, 768),
            .. Dense(b + "attention.output.dense", 768, 768), .. Norm(b + "attention.output"), .. Dense(b + "intermediate.dense", 768, 3072),
            .. Dense(b + "output.dense", 3072, 768), .. Norm(b + "output"),
        ];
        return
        [
            ("bert.embeddings.word_embeddings.weight", [30522, 768]), ("bert.embeddings.position_embeddings.weight", [512, 768]),
            ("bert.embeddings.token_type_embeddings.weight", [2, 768]), .. Norm("bert.embeddings"),
            .. Enumerable.Range(0, 12).SelectMany(i => Block($"bert.encoder.layer.{i}.")), .. Dense("bert.pooler.dense", 768, 768),
            ("cls.predictions.bias", [30522]), .. Dense("cls.predictions.transform.dense", 768, 768), .. Norm("cls.predictions.transform"),
            .. Dense("cls.seq_relationship", 768, 2),
        ];
    }

    private static IEnumerable<(string Name, long[] Shape)> PublishedDeit()
    {
        IEnumerable<(string, long[])> Dense(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
        IEnumerable<(string, long[])> Norm(string name) => [(name + ".weight", [768]), (name + ".bias", [768])];
        IEnumerable<(string, long[])> Block(string b) =>
        [
            .. Dense(b + "attention.attention.query", 768, 768), .. Dense(b + "attention.attention.key", 768, 768),
            .. Dense(b + "attention.attention.value", 768, 768), .. Dense(b + "attention.output.dense", 768, 768),
            .. Dense(b + "intermediate.dense", 768, 3072), .. Dense(b + "output.dense", 3072, 768), .. Norm(b + "layernorm_before"),
            .. Norm(b + "layernorm_after"),
        ];
        return
        [
            ("deit.embeddings.cls_token", [1, 1, 768]), ("deit.embeddings.distillation_token", [1, 1, 768]),
            ("deit.embeddings.position_embeddings", [1, 198, 768]), ("deit.embeddings.patch_embeddings.projection.weight", [768, 3, 16, 16]),
            ("deit.embeddings.patch_embeddings.projection.bias", [768]), .. Enumerable.Range(0, 12).SelectMany(i => Block($"deit.encoder.layer.{i}.")),
            .. Norm("deit.layernorm"), .. Dense("cls_classifier", 768, 1000), .. Dense("distillation_classifier", 768, 1000),
        ];
    }
}
