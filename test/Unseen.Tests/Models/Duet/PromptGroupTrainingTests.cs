using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Unseen.Experiments;
using Unseen.Models.Duet;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// AWA2 and SUN with the prompt groups of DUET: what the presets make of the real attributes. The pictures are random stand-ins, so what is
/// learned from them says nothing about the benchmarks.
/// </summary>
public sealed class PromptGroupTrainingTests : IDisposable
{
    private const int Visual = 64;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("AWA2", 12, 200, "duet-awa2")]
    [InlineData("AWA2", 12, 50, "duet-code-awa2")]
    [InlineData("SUN", 14, 200, "duet-sun")]
    [InlineData("SUN", 14, 56, "duet-code-sun")]
    public void ThePresetsTrainOnThePromptGroups(string name, int groups, int images, string presetName)
    {
        using var scope = NewDisposeScope();
        var dataset = Import(name);
        Assert.Equal(groups, dataset.Attributes.Select(a => a.Group).Distinct().Count());
        Assert.Empty(DatasetReader.Read(dataset.Path).Problems);
        var method = MethodCatalog.Find("duet");
        var preset = method.Preset(presetName);
        var options = (DuetOptions)preset.Options with { TextWidth = 32, TextHeads = 2, GroundingShare = 0.8 }; // so that few steps ground
        var problem = Problem(dataset, images);
        using var model = new DuetModel(options, problem);
        var recipe = preset.Training!.Over(method.Recipe!) with { Epochs = 1 };
        var history = Trainer.Fit(model, problem, new FitContext { Seed = 1, Recipe = recipe }, null);
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.Contains("cmr", history[^1].Terms.Keys);
        Assert.Contains("acl", history[^1].Terms.Keys);
    }

    /// <summary>The introduction of the paper, section A.6 and figure 7.</summary>
    [Fact]
    public void TheThresholdOfSunReproducesThePapersCounts()
    {
        var statistics = AttributeStatistics.Of(Import("SUN"), ThresholdOf("duet-sun"), int.MaxValue);
        (int, int) Pair(string attribute, string with) =>
            statistics.CoOccurrences!.Where(p => p.Attribute == attribute && p.With == with).Select(p => (p.Together, p.Alone)).Single();
        Assert.Equal((39, 10), Pair("flowers", "leaves"));
        Assert.Equal((239, 38), Pair("grass", "trees"));
        Assert.Equal([301, 318, 10, 49], new[] { "trees", "clouds", "fire", "flowers" }.Select(a => statistics.Frequencies.Single(f => f.Attribute == a).Classes));
        Assert.Equal(0.0683, statistics.Frequencies.Single(f => f.Attribute == "flowers").Share, 4);
        Assert.Equal(0.08, ThresholdOf("duet-code-sun"));
    }

    /// <summary>The binary matrix of the dataset is the continuous one cut between 20.76 and 20.8 percent.</summary>
    [Fact]
    public void TheThresholdOfAwa2ReproducesTheBinaryMatrix()
    {
        var data = RealData.Folder();
        var binary = Mat5File.Read(Path.Combine(data, "xlsa17", "AWA2", "binaryAtt_splits.mat")).Numbers("att");
        var values = Xlsa17Splits.Read(Path.Combine(data, "xlsa17", "AWA2", "att_splits.mat")).Values;
        var different = 0;
        for (var c = 0; c < 50; c++)
            for (var a = 0; a < 85; a++)
                if (values[c, a] / 100 >= ThresholdOf("duet-awa2") != binary[a, c] > 0) different++;
        Assert.Equal((1562, 0), (binary.ToArray().Count(v => v > 0), different));
        Assert.Equal(ThresholdOf("duet-awa2"), ThresholdOf("duet-code-awa2"));
    }

    private static double ThresholdOf(string preset) => ((DuetOptions)MethodCatalog.Find("duet").Preset(preset).Options).PresenceThreshold;

    private DatasetFolder Import(string name)
    {
        var data = RealData.Folder();
        var (lower, duet) = (name.ToLowerInvariant(), Path.Combine(data, "duet", "cache", name));
        var mapping = Path.Combine(duet, "mapping.json");
        Xlsa17Importer.Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", name, "att_splits.mat"),
            ImageListFile = Path.Combine(data, lower, "ps_image_splits.csv"),
            AttributeNamesFile = Path.Combine(data, lower, name == "SUN" ? "attributes.txt" : "predicates.txt"),
            PromptsFile = Path.Combine(duet, "attributeindex2prompt.json"),
            PromptMappingFile = File.Exists(mapping) ? mapping : null,
            Output = folder.File(name),
        }, null, TestContext.Current.CancellationToken);
        return DatasetReader.Open(folder.File(name));
    }

    private static ZslProblem Problem(DatasetFolder dataset, int images)
    {
        int[] order = [.. dataset.Classes.Index().OrderByDescending(c => c.Item.Seen).Select(c => c.Index)];
        var seen = dataset.Classes.Count(c => c.Seen);
        var labels = Enumerable.Range(0, images).Select(i => i % seen).ToArray();
        var random = new Random(3);
        return new()
        {
            Semantics = dataset.ClassAttributes.Select(order),
            SeenClass = [.. order.Select(c => dataset.Classes[c].Seen)],
            Attributes = dataset.Attributes,
            Features = new MemoryFeatures([.. labels.Select(_ => Enumerable.Range(0, Visual).Select(_ => random.NextSingle()).ToArray())], 1, [Visual]),
            Train = new([.. Enumerable.Range(0, labels.Length)], labels),
            Evaluation = new([], []),
        };
    }
}
