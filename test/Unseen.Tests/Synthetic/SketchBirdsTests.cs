using System.Security.Cryptography;
using Unseen.Data;
using Unseen.Synthetic;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Synthetic;

public sealed class SketchBirdsTests
{
    [Fact]
    public void TwoRendersAreTheSameByteForByte()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        Render(first);
        Render(second);

        Assert.Equal(Hashes(first.Path), Hashes(second.Path));
        Assert.Equal(8 * 6 + 7, Hashes(first.Path).Count);
    }

    [Fact]
    public void TheReaderFindsWhatRenderReturns()
    {
        using var folder = new TemporaryFolder();
        var rendered = Render(folder);
        var (read, problems) = DatasetReader.Read(folder.Path);

        Assert.Empty(problems);
        Assert.Equal((rendered.Path, rendered.Name, rendered.ImagesPath), (read!.Path, read.Name, read.ImagesPath));
        Assert.Equal(rendered.Classes.Select(Text), read.Classes.Select(Text));
        Assert.Equal(rendered.Attributes.Select(Text), read.Attributes.Select(Text));
        Assert.Equal(rendered.Images, read.Images);
        Assert.Equal(rendered.Parts, read.Parts);
        Assert.Equal(rendered.ClassAttributes.Values, read.ClassAttributes.Values);
        Assert.Equal(rendered.WordVectors!.Cast<float>(), read.WordVectors!.Cast<float>(), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact]
    public void SplitsFollowTheRules()
    {
        using var folder = new TemporaryFolder();
        var dataset = Render(folder);

        Assert.Equal((6, 2), (dataset.Classes.Count(c => c.Seen), dataset.Classes.Count(c => !c.Seen)));
        Assert.All(dataset.Images, i => Assert.Equal(dataset.Classes[i.Class].Seen, i.Split != ImageSplit.TestUnseen));
        Assert.Equal(30, Count(dataset, ImageSplit.Trainval));
        Assert.Equal(6, Count(dataset, ImageSplit.TestSeen));
        Assert.Equal(12, Count(dataset, ImageSplit.TestUnseen));
        Assert.All(dataset.Images, i => Assert.True(File.Exists(dataset.ImagePath(i))));
    }

    [Fact]
    public void EverySeenClassPlaysUnseenInOneFoldAndNoUnseenClassEver()
    {
        using var folder = new TemporaryFolder();
        var dataset = Render(folder);

        Assert.Equal(["validation", "validation2", "validation3"], dataset.ValidationFolds);
        Assert.All(dataset.Classes, c => Assert.Equal(c.Seen ? 1 : 0, c.Validation.Count(v => v)));
        for (var fold = 0; fold < 3; fold++)
            Assert.Equal(2, dataset.Classes.Count(c => c.Validation[fold]));
    }

    [Fact]
    public void ClassVectorsAreNearTheMeanOfTheIndividuals()
    {
        var options = SketchBirdsOptions.Tiny with { ImagesPerClass = 400 };
        var world = new SketchWorld(options);
        var expected = world.Describe("nowhere", []).ClassAttributes.Values;
        var truth = SketchBirds.IndividualAttributes(options);
        for (var c = 0; c < world.Species.Length; c++)
            for (var a = 0; a < expected.GetLength(1); a++)
            {
                var mean = Enumerable.Range(0, 400).Average(i => truth[c * 400 + i, a]);
                Assert.Equal(expected[c, a], mean, 0.11); // over four standard deviations of a mean of 400
            }
    }

    [Fact]
    public void WordVectorsOfPhrasesThatShareWordsAreAlike()
    {
        var world = new SketchWorld(new SketchBirdsOptions { WordVectorLength = 300 }).Describe("nowhere", []);
        int Row(string phrase) => world.Attributes.ToList().FindIndex(a => a.Phrase == phrase);
        double Cosine(string a, string b) => Dot(world.WordVectors!, Row(a), Row(b))
            / Math.Sqrt(Dot(world.WordVectors!, Row(a), Row(a)) * Dot(world.WordVectors!, Row(b), Row(b)));

        Assert.Equal(2 / 3.0, Cosine("blue wing color", "blue belly color"), 0.15);
        Assert.Equal(2 / 3.0, Cosine("blue wing color", "red wing color"), 0.15);
        Assert.Equal(1 / 3.0, Cosine("blue wing color", "red belly color"), 0.15);
        Assert.Equal(0, Cosine("blue wing color", "large size"), 0.15);
    }

    [Fact]
    public void PartsOfAttributesAreTheNamesOfThePartTable()
    {
        using var folder = new TemporaryFolder();
        var dataset = Render(folder);
        var drawn = dataset.Parts.Select(p => p.Part).ToHashSet();

        Assert.Equal(["back", "belly", "bill", "breast", "crown", "face", "leg", "nape", "tail", "wing"], drawn.Order());
        Assert.All(dataset.Attributes, a => Assert.Subset(drawn, a.Parts.ToHashSet()));
        Assert.All(dataset.Attributes.Where(a => a.Group is "size" or "habitat"), a => Assert.Empty(a.Parts));
        Assert.All(dataset.Attributes.Where(a => a.Group is not ("size" or "habitat")), a => Assert.NotEmpty(a.Parts));
    }

    [Fact]
    public void ACancelledRenderIsNoDataset()
    {
        using var folder = new TemporaryFolder();
        Render(folder);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => SketchBirds.Render(SketchBirdsOptions.Tiny, folder.Path, null, cancelled.Token));
        Assert.False(File.Exists(folder.File("dataset.yaml")));
    }

    [Fact]
    public void SpuriousTiesShowInTheSeenIndividualsOnly()
    {
        var free = SketchBirdsOptions.Tiny with { ImagesPerClass = 40, SeenSpecies = 20, UnseenSpecies = 10 };
        var (seenFree, unseenFree) = SameColor(free);
        var (seenTied, unseenTied) = SameColor(free with { SpuriousCoOccurrence = 1 });

        Assert.True(seenTied > seenFree + 0.3, $"seen {seenFree} -> {seenTied}");
        Assert.Equal(unseenFree, unseenTied);
    }

    /// <summary>Share of individuals whose belly has the colour of the wing.</summary>
    private static (double Seen, double Unseen) SameColor(SketchBirdsOptions options)
    {
        var truth = SketchBirds.IndividualAttributes(options);
        int Column(string group) => SketchAttributes.FirstColumn[SketchAttributes.Group(group)];
        var (wing, belly) = (Column("wing color"), Column("belly color"));
        double Share(int first, int count) =>
            Enumerable.Range(first, count).Average(i => Enumerable.Range(0, 5).Sum(v => truth[i, wing + v] * truth[i, belly + v]));
        var seen = options.SeenSpecies * options.ImagesPerClass;
        return (Share(0, seen), Share(seen, options.UnseenSpecies * options.ImagesPerClass));
    }

    private static string Text(ClassEntry c) => $"{c.Name} {c.Seen} {string.Join(' ', c.Validation)}";

    private static string Text(AttributeEntry a) => $"{a.Name} {a.Group} {a.Phrase} {string.Join(' ', a.Parts)}";

    private static DatasetFolder Render(TemporaryFolder folder) =>
        SketchBirds.Render(SketchBirdsOptions.Tiny, folder.Path, null, TestContext.Current.CancellationToken);

    private static int Count(DatasetFolder dataset, ImageSplit split) => dataset.ImagesOf(split).Length;

    private static double Dot(float[,] rows, int a, int b) =>
        Enumerable.Range(0, rows.GetLength(1)).Sum(d => (double)rows[a, d] * rows[b, d]);

    private static SortedDictionary<string, string> Hashes(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(folder, f), Hash),
        StringComparer.Ordinal);

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));
}
