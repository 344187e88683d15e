using Unseen.Data.Formats;
using Unseen.Models.Encoders;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

public sealed class WeightLoadingTests : IDisposable
{
    private static readonly VisionTransformerOptions Vit = new()
    {
        ImageSize = 8,
        PatchSize = 4,
        Hidden = 8,
        Layers = 2,
        Heads = 2,
        FeedForward = 12,
        Classes = 3,
    };

    private static readonly BertOptions Bert = new() { Vocabulary = 11, Hidden = 8, Layers = 2, Heads = 2, FeedForward = 12, Positions = 7 };

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly string path = Path.Combine(Path.GetTempPath(), $"unseen-{Guid.NewGuid():N}.safetensors");

    [Fact]
    public void AFileWithThePublishedNamesLoads()
    {
        var golden = new GoldenWeights("vit");
        golden.Write(path, name => name);
        var (model, report) = VisionTransformer.Load(path, Vit);
        using var owned = model;
        Assert.Equal(40, report.Loaded.Count);
        Assert.Equal("loaded 40, missing 0, unexpected 0, shape mismatch 0, unused 0", report.ToString());
        golden.Matches("tokens", model.Tokens(golden.Input("pixels")));
    }

    [Fact]
    public void HalfFloatsLoadAsFloats()
    {
        var layout = Vit.Layout();
        Safetensors.Write(path, layout.Weights.Select(w => SafetensorsTensor.Of(w.Name, Enumerable.Repeat((Half)0.5, (int)w.Elements).ToArray(), w.Shape)));
        var (model, _) = VisionTransformer.Load(path, Vit);
        using var owned = model;
        Assert.All(model.Parameters.Values, p => Assert.True(p.dtype == float32 && p.eq(0.5).all().item<bool>()));
    }

    [Fact]
    public void ABareEncoderWithOldNamesAndAHeadIsToleratedAndReported()
    {
        new GoldenWeights("bert").Write(path, name => name
            .Replace("bert.", "", StringComparison.Ordinal)
            .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal));
        var (model, report) = BertEncoder.Load(path, Bert);
        model.Dispose();
        Assert.True(report.Fits);
        Assert.Equal(39, report.Loaded.Count);
        Assert.Equal(5, report.Unused.Count);
        Assert.Equal(
            ["39 names lack the prefix 'bert.': a file of the bare encoder.", "10 names use gamma and beta, the old names of layer norm's weight and bias."],
            report.Renamed);
    }

    [Fact]
    public void AWrongFileIsRefusedWithTheReport()
    {
        new GoldenWeights("vit").Write(path, name => name switch
        {
            "vit.layernorm.bias" => null,
            "vit.layernorm.weight" => "vit.norm.weight",
            _ => name,
        });
        var message = Assert.Throws<CheckpointMismatchException>(() => VisionTransformer.Load(path, Vit with { Classes = 4 })).Message;
        Assert.Equal(
            $"{path} does not hold the weights of this ViT: loaded 36, missing 2, unexpected 1, shape mismatch 2, unused 0\n" +
            "  missing: vit.layernorm.weight, vit.layernorm.bias\n" +
            "  unexpected: vit.norm.weight\n" +
            "  shape mismatch: classifier.weight needs [4, 8], found [3, 8], classifier.bias needs [4], found [3]\n" +
            "Give the file that was published for this model, or the sizes of the file's model.", message);
    }

    [Fact]
    public void TheSameWeightUnderTwoNamesIsRefused()
    {
        var golden = new GoldenWeights("vit");
        Safetensors.Write(path, golden.Weights.Select(w => SafetensorsTensor.Of(w.Key, w.Value.data<float>().ToArray(), w.Value.shape))
            .Append(SafetensorsTensor.Of("layernorm.bias", new float[8], 8)));
        Assert.Contains("unexpected: vit.layernorm.bias", Assert.Throws<CheckpointMismatchException>(() => VisionTransformer.Load(path, Vit)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersThatAreNoFloatsAreRefused()
    {
        Safetensors.Write(path, Vit.Layout().Weights.Select(w => SafetensorsTensor.Of(w.Name, new long[w.Elements], w.Shape)));
        Assert.Contains("vit.layernorm.weight needs [8] of a float type, found [8] I64",
            string.Join('\n', Report(path).Mismatched.Select(m => $"{m.Name} needs {m.Expected}, found {m.Found}")), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        scope.Dispose();
        File.Delete(path);
    }

    private static WeightReport Report(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return WeightMatch.Compare(path, file.Declarations, Vit.Layout()).Report;
    }
}
