using System.Runtime.InteropServices;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// DUET begins with files that have every name and shape of facebook/deit-base-distilled-patch16-224 and of bert-base-uncased, heads included:
/// what the paper trains, of the size it trains, in a step that grounds attributes.
/// </summary>
public sealed class PublishedWeightsTests : IDisposable
{
    private const int Names = 30_522;

    private static readonly string[] Words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", ",", "|", "group", "attribute", .. Enumerable.Range(0, 9).Select(i => $"{i}")];

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void DeitAndBertOfPublishedSizeAreTrainedTogether()
    {
        using var scope = NewDisposeScope();
        var problem = TinyProblem.Create(seen: 2, unseen: 1, perClass: 4) with { Features = new MemoryPictures(12, 224) };
        using var model = new DuetModel(new()
        {
            Vision = DuetVisionEncoder.Deit,
            VisionWeights = Write("deit.safetensors", VisionTransformerOptions.DeitBaseDistilled.Layout()),
            TextEncoder = DuetTextEncoder.Bert,
            TextWeights = Write("bert.safetensors", new BertOptions { MaskedLanguageHead = true }.Layout()),
            TextVocabulary = folder.File("vocab.txt", string.Join('\n', Words.Concat(Enumerable.Range(0, Names - Words.Length).Select(i => $"word{i}")))),
            GroundingShare = 1,
            ContrastWeight = 0,             // neither contrast: no further pictures, and no heads that such a step leaves alone
            AttributeContrastWeight = 0,
        }, problem);
        long Trained(string prefix) => model.TrainedParameters.Where(p => p.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(p => p.Parameter.numel());
        Assert.Equal(87_338_192 - 2 * 769_000, Trained("vision."));
        Assert.Equal(108_891_648, Trained("text."));
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, [0, 5]);
        Assert.Equal([2, 3], model.Forward(rows).ClassScores.shape);
        var terms = model.Losses(rows, tensor(new long[] { 0, 1 }));
        Assert.Equal(["cc", "ar", "sc", "cmr"], terms.Select(t => t.Name));
        terms.Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        Assert.Equal(["duet", "text", "vision"], model.TrainedParameters.Select(p => p.Name.Split('.')[0]).Distinct().Order());
        Assert.All(model.TrainedParameters, p =>
        {
            using var step = NewDisposeScope();
            Assert.True(p.Parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), p.Name);
        });
    }

    /// <summary>All weights from the same few numbers, so that the file costs no memory of its size.</summary>
    private string Write(string name, WeightLayout layout)
    {
        var random = new Random(1);
        var numbers = new float[layout.Weights.Max(w => w.Elements)];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = 0.04f * (random.NextSingle() - 0.5f);
        ReadOnlyMemory<byte> bytes = MemoryMarshal.AsBytes<float>(numbers).ToArray();
        var path = folder.File(name);
        Safetensors.Write(path, layout.Weights.Select(w => new SafetensorsTensor(w.Name, SafetensorsType.F32, w.Shape, bytes[..(int)(4 * w.Elements)])));
        return path;
    }

    public void Dispose() => folder.Dispose();
}
