using Unseen.Data;
using Unseen.Features;
using Unseen.Losses;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// Both kinds of step, in both forms of the losses, against loops over numbers: what the network makes of one image and one sentence at a time is
/// taken as it is, everything behind that is computed again.
/// </summary>
public sealed class DuetLossesTests : IDisposable
{
    private const double Tau = 0.5;

    private static readonly DuetOptions Paper = new() { TextWidth = 16, TextHeads = 2, Dropout = 0, Temperature = Tau };

    private static readonly DuetOptions Code = Paper with { LossForm = DuetLossForm.Code, TiedTokenHead = false, MaskPadding = false };

    // The unseen classes come first, so that a class and its place among the seen ones differ.
    private static readonly ZslProblem Problem = WithPhrases(TinyProblem.UnseenFirst(TinyProblem.Create()));
    private static readonly int[] Rows = [0, 7, 1, 14, 21, 8];

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly int[] labels = Array.ConvertAll(Rows, r => Problem.Train.Labels[r]);
    private readonly NaiveDuetLosses naive;

    public DuetLossesTests() => naive = new(Problem, labels);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AClassificationStepIsThatOfTheLoops(bool code)
    {
        using var parts = new DuetParts(code ? Code : Paper, Problem);
        int[] companions = Array.ConvertAll(Rows, r => Problem.Train.Images[r + 2]);
        var terms = parts.Training.Classify(Features(Images), Labels, companions);
        var (vision, predicted) = See(parts.Network, Features(Images));
        var (visionOfCompanions, predictedOfCompanions) = See(parts.Network, Features(companions));
        Assert.Equal(["cc", "ar", "sc", "con"], terms.Select(t => t.Name));
        Close(naive.CrossEntropy(predicted, code), terms[0].Value);
        Close(naive.Regression(predicted), terms[1].Value);
        Assert.Equal(code ? 0.01 / 8 : 0.01, terms[1].Weight, 1e-9);                 // mean over the 8 attributes
        Close(naive.SelfCalibration(predicted, code), terms[2].Value);
        Close(code
            ? naive.ClassContrastOfTheCode(vision, visionOfCompanions, Tau)
            : naive.ClassContrast(Heads(parts, predicted), Heads(parts, predictedOfCompanions), Tau), terms[3].Value);
    }

    /// <summary>Tied or own token head, padding seen or not: four ways through the network, two forms of the losses.</summary>
    [Theory]
    [InlineData(DuetLossForm.Paper, true, true)]
    [InlineData(DuetLossForm.Paper, false, true)]
    [InlineData(DuetLossForm.Paper, true, false)]
    [InlineData(DuetLossForm.Code, true, false)]
    [InlineData(DuetLossForm.Code, false, false)]
    public void AGroundingStepIsThatOfTheLoops(DuetLossForm form, bool tied, bool masked)
    {
        var options = Paper with { LossForm = form, TiedTokenHead = tied, MaskPadding = masked };
        using var parts = new DuetParts(options, Problem);
        using (no_grad())
            foreach (var (name, parameter) in parts.Network.TrainedParameters.Where(p => !p.Name.Contains("LayerNorm", StringComparison.Ordinal)))
                parameter.add_(randn_like(parameter) * 0.2); // so that what is seen of padding counts
        var draws = parts.Sampler.Draw(labels, new Random(4))!;
        draws = [.. draws.Select((d, i) => i == 2 ? d with { Contrast = null } : d)];
        Assert.True(draws.Select(d => d.Masked.Tokens.Length).Distinct().Count() > 1);
        Assert.Equal([2, 3], draws.Select(d => d.Masked.Target.Length).Distinct().Order());
        var terms = parts.Training.Ground(Features(Images), Labels, draws).ToDictionary(t => t.Name);
        RequireTheLoops(options, parts, Problem, draws, terms);
    }

    /// <summary>Regions as visual tokens, with and without the mean before them, and a cross layer upon another, whose places see all places below.</summary>
    [Theory]
    [InlineData(DuetVisualTokens.Regions, 1)]
    [InlineData(DuetVisualTokens.ClassAndRegions, 1)]
    [InlineData(DuetVisualTokens.Class, 2)]
    [InlineData(DuetVisualTokens.Regions, 2)]
    [InlineData(DuetVisualTokens.ClassAndRegions, 3)]
    public void EveryFormOfTheNetworkIsThatOfTheLoops(DuetVisualTokens tokens, int layers)
    {
        var options = Paper with { VisualTokens = tokens, CrossLayers = layers, VisualSkip = true };
        using var parts = new DuetParts(options, Problem);
        using (no_grad())
            foreach (var (name, parameter) in parts.Network.TrainedParameters.Where(p => !p.Name.Contains("LayerNorm", StringComparison.Ordinal)))
                parameter.add_(randn_like(parameter) * 0.2);
        var draws = parts.Sampler.Draw(labels, new Random(4))!;
        Assert.Contains(draws, d => d.Contrast is not null);
        RequireTheLoops(options, parts, Problem, draws, parts.Training.Ground(Features(Images, parts.Kind), Labels, draws).ToDictionary(t => t.Name));
    }

    /// <summary>An image of a class without any attribute reads the template, and has no part in reconstruction and contrast; the others are grounded.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AClassWithoutAttributesLeavesTheOthersGrounded(bool code)
    {
        var facts = ClassFacts.OfAttributes(Problem.Attributes, (float[,])Problem.Semantics.UnitValues().Clone());
        for (var f = 0; f < facts.Facts.Count; f++) facts.Degrees[labels[1], f] = 0;
        var (options, problem) = (code ? Code : Paper, Problem with { Facts = facts });
        using var parts = new DuetParts(options, problem);
        var draws = parts.Sampler.Draw(labels, new Random(4))!;
        Assert.Equal(labels.Select(l => l != labels[1]), draws.Select(d => d.HasTarget));
        Assert.All(draws.Where(d => !d.HasTarget), d => Assert.Equal(parts.Network.Text!.Template.data<long>().ToArray(), Array.ConvertAll(d.Masked.Tokens, t => (long)t)));
        var terms = parts.Training.Ground(Features(Images), Labels, draws);
        RequireTheLoops(options, parts, problem, draws, terms.ToDictionary(t => t.Name));
        terms.Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        Assert.All(parts.Network.TrainedParameters.Where(p => p.Parameter.grad is not null), p => Assert.True(p.Parameter.grad!.isfinite().all().item<bool>(), p.Name));
    }

    private void RequireTheLoops(
        DuetOptions options, DuetParts parts, ZslProblem problem, IReadOnlyList<GroundingDraw> draws, Dictionary<string, LossTerm> terms)
    {
        var (code, features) = (options.LossForm == DuetLossForm.Code, Features(Images, parts.Kind));
        using var walk = new NaiveGrounding(options, parts, problem, draws);
        var predicted = walk.Predicted(features);
        Close(naive.CrossEntropy(predicted, code), terms["cc"].Value);
        Close(naive.Regression(predicted), terms["ar"].Value);
        Close(naive.SelfCalibration(predicted, code), terms["sc"].Value);
        Close(walk.Reconstruction(features), terms["cmr"].Value);
        Close(walk.AttributeContrast(features), terms["acl"].Value);
    }

    /// <summary>The authors' code leaves the contrast of classes out of parts that are not full.</summary>
    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void ShortPartsGoWithoutTheContrastOfClasses(int least, bool contrasts)
    {
        using var parts = new DuetParts(Code with { ContrastBatch = least }, Problem);
        var terms = parts.Training.Classify(Features(Images), Labels, Images);
        Assert.Equal(contrasts, terms.Any(t => t.Name == "con"));
    }

    /// <summary>An image without classes to contrast with is left out of the mean.</summary>
    [Fact]
    public void TheContrastIsTheMeanOverImagesThatHaveOne()
    {
        using var parts = new DuetParts(Paper, Problem);
        var draws = parts.Sampler.Draw(labels, new Random(4))!;
        float? Contrast(params int[] kept) => parts.Training.Ground(Features(Images), Labels,
            [.. draws.Select((d, i) => kept.Contains(i) ? d : d with { Contrast = null })]).SingleOrDefault(t => t.Name == "acl")?.Value.item<float>();
        var with = draws.Index().Where(d => d.Item.Contrast is not null).Select(d => d.Index).Take(2).ToArray();
        Assert.Equal((Contrast(with[0])!.Value + Contrast(with[1])!.Value) / 2, Contrast(with)!.Value, 1e-4f);
        Assert.Null(Contrast());
    }

    /// <summary>Companions are training images of the class of each image, and all of them come.</summary>
    [Fact]
    public void CompanionsAreImagesOfTheSameClass()
    {
        using var parts = new DuetParts(Paper, Problem);
        var random = new Random(1);
        var found = Enumerable.Range(0, 200).SelectMany(_ => labels.Zip(parts.Training.Companions(labels, random))).ToHashSet();
        var expected = Problem.Train.Labels.Zip(Problem.Train.Images).Where(i => labels.Contains(i.First));
        Assert.Equal(expected.Order(), found.Order());
    }

    /// <summary>The images that a classification step reads beside the batch are of its classes.</summary>
    [Fact]
    public void AClassificationStepReadsCompanionsOfItsClasses()
    {
        var read = new ReadImages(Problem.Features);
        using var model = new DuetModel(Paper with { GroundingShare = 0 }, Problem with { Features = read });
        model.Losses(Features(Images), Labels);
        Assert.Equal(labels, read.Images.Select(image => Problem.Train.Labels[Array.IndexOf(Problem.Train.Images, image)]));
    }

    private static int[] Images => Array.ConvertAll(Rows, r => Problem.Train.Images[r]);

    private Tensor Labels => tensor(Array.ConvertAll(labels, l => (long)l));

    private static Tensor Features(int[] images, FeatureKind kind = FeatureKind.Global) => FeatureTensor.Read(Problem.Features, kind, images);

    /// <summary>Vision side beside the template, and v.</summary>
    private static (double[][] Vision, double[][] Predicted) See(DuetNetwork network, Tensor features)
    {
        var encoded = network.Encode(network.Text!.Template, null, training: false);
        var vision = network.Cross(network.VisualTokens(features), encoded, null, wantVision: true, training: false).Vision!;
        return (NaiveDuetLosses.Rows(vision), NaiveDuetLosses.Rows(network.Attributes(vision, features)));
    }

    /// <summary>H(v): two layers with a ReLU between.</summary>
    private static double[][] Heads(DuetParts parts, double[][] predicted) =>
        Array.ConvertAll(predicted, v => NaiveNetwork.Projected(parts.Network.State, "duet.class_contrast", v));

    /// <summary>Attributes of two, three and four words.</summary>
    private static ZslProblem WithPhrases(ZslProblem problem) => problem with
    {
        Attributes = [.. problem.Attributes.Select((a, i) => a with { Phrase = string.Join(' ', Enumerable.Range(0, 2 + i % 3).Select(w => $"word{i}{w}")) })],
    };

    private static void Close(double expected, Tensor found) =>
        Assert.Equal(expected, found.item<float>(), 2e-4 * Math.Max(1, Math.Abs(expected)));

    public void Dispose() => scope.Dispose();

    /// <summary>Remembers which images were read.</summary>
    private sealed class ReadImages(IFeatureSource source) : IFeatureSource
    {
        public List<int> Images { get; } = [];

        public int Regions => source.Regions;

        public FeatureGrid? Grid => source.Grid;

        public IReadOnlyList<int> VisualWidths => source.VisualWidths;

        public void ReadRegions(int image, Span<float> destination) => source.ReadRegions(image, destination);

        public void ReadGlobal(int image, Span<float> destination)
        {
            Images.Add(image);
            source.ReadGlobal(image, destination);
        }
    }
}
