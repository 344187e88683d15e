using Unseen.Data;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class AttributeStatisticsTests
{
    /// <summary>The example of the paper: flowers with leaves 39 times, flowers alone 10 times: 3.9.</summary>
    [Fact]
    public void TheRatioIsThatOfThePaper() => Assert.Equal(3.9, new AttributeCoOccurrence("flowers", "leaves", 39, 10).Ratio);

    [Fact]
    public void FrequenciesAndPairsAreCountedOverClasses()
    {
        using var folder = Flowers("unit");
        var statistics = AttributeStatistics.Of(DatasetReader.Open(folder.Path));
        Assert.Equal([new("fire", 1, 0.25), new("leaves", 3, 0.75), new("flowers", 3, 0.75)], statistics.Frequencies);
        Assert.Equal(
            [new("fire", "leaves", 1, 0), new("flowers", "leaves", 2, 1), new("leaves", "flowers", 2, 1), new AttributeCoOccurrence("leaves", "fire", 1, 2)],
            statistics.CoOccurrences);
        Assert.Null(statistics.CoOccurrences![0].Ratio);
        Assert.Equal(2, AttributeStatistics.Of(DatasetReader.Open(folder.Path), 0.95, 2).Frequencies.Count(f => f.Classes > 0));
        Assert.Equal([1, 3, 4], AttributeStatistics.Of(DatasetReader.Open(folder.Path), 0, 0).Frequencies.Select(f => f.Classes));      // fire is 0 in three classes
    }

    /// <summary>Values without a scale are compared as they stand, with whatever the user says; by default nobody has or lacks them.</summary>
    [Fact]
    public void ValuesOfScaleRawAreCountedFromAGivenValue()
    {
        using var folder = Flowers("raw");
        var dataset = DatasetReader.Open(folder.Path);
        Assert.Null(DatasetInfo.Of(dataset).Statistics);
        int[] Counts(double presence) => [.. DatasetInfo.Of(dataset, presence).Statistics!.Frequencies.OrderBy(f => f.Attribute).Select(f => f.Classes)];
        Assert.Equal([0, 2, 2], Counts(0.9));       // fire, flowers, leaves
        Assert.Equal([4, 4, 4], Counts(-1));
    }

    /// <summary>Eq. 27 and 28 for a knowledge graph: class d is told twice that it burns, which counts once.</summary>
    [Fact]
    public void FactsOfAGraphAreCountedOverClasses()
    {
        using var folder = Flowers("unit");
        Assert.Null(DatasetInfo.Of(DatasetReader.Open(folder.Path)).RelationStatistics);
        Write(folder.Path, "relations.csv", "class,relation,value",
            "a,hasPart,leaf", "b,hasPart,leaf", "d,hasPart,leaf", "a,hasPart,flower_head", "b,hasPart,flower_head", "c,hasPart,flower_head", "d,does,burn", "d,does,burn");
        var statistics = DatasetInfo.Of(DatasetReader.Open(folder.Path)).RelationStatistics!;
        const string Burns = "does: burn", Flower = "has part: flower head", Leaf = "has part: leaf";
        Assert.Equal([new(Burns, 1, 0.25), new(Flower, 3, 0.75), new(Leaf, 3, 0.75)], statistics.Frequencies);
        Assert.Equal([new(Burns, Leaf, 1, 0), new(Leaf, Flower, 2, 1), new(Flower, Leaf, 2, 1), new AttributeCoOccurrence(Leaf, Burns, 1, 2)],
            statistics.CoOccurrences!.OrderBy(p => p.Ratio is null ? 0 : 1).ThenByDescending(p => p.Ratio).ThenByDescending(p => p.Attribute, StringComparer.Ordinal));
    }

    /// <summary>As many pairs as the square of a large table are not counted; the frequencies are.</summary>
    [Fact]
    public void PairsOfVeryManyFactsAreNotCounted()
    {
        using var folder = Flowers("unit");
        Write(folder.Path, "relations.csv", ["class,relation,value", .. Enumerable.Range(0, AttributeStatistics.MostForPairs + 1).Select(i => $"a,has,part{i}")]);
        var statistics = DatasetInfo.Of(DatasetReader.Open(folder.Path)).RelationStatistics!;
        Assert.Equal((AttributeStatistics.MostForPairs + 1, true), (statistics.Frequencies.Count, statistics.CoOccurrences is null));
    }

    private static TemporaryFolder Flowers(string scale)
    {
        var folder = new TemporaryFolder();
        Write(folder.Path, "classes.csv", "class,split", "a,seen", "b,seen", "c,seen", "d,unseen");
        Write(folder.Path, "attributes.csv", "attribute,group,phrase", "leaves,,leaves", "flowers,,flowers", "fire,,fire");
        Write(folder.Path, "class_attributes.csv", "class,leaves,flowers,fire", "a,1,1,0", "b,1,0.5,0", "c,0.4,0.9,0", "d,0.6,0,0.5");
        Write(folder.Path, "images.csv", "file,class,split", "a.png,a,trainval", "b.png,b,trainval", "c.png,c,trainval");
        Write(folder.Path, "dataset.yaml", "name: flowers", "images: .", "attributes:", $"  scale: {scale}");
        return folder;
    }

    private static void Write(string folder, string file, params string[] lines) => File.WriteAllLines(Path.Combine(folder, file), lines);
}
