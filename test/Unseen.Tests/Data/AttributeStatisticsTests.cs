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
        using var folder = new TemporaryFolder();
        Write(folder.Path, "classes.csv", "class,split", "a,seen", "b,seen", "c,seen", "d,unseen");
        Write(folder.Path, "attributes.csv", "attribute,group,phrase", "leaves,,leaves", "flowers,,flowers", "fire,,fire");
        Write(folder.Path, "class_attributes.csv", "class,leaves,flowers,fire", "a,1,1,0", "b,1,0.5,0", "c,0.4,0.9,0", "d,0.6,0,0.5");
        Write(folder.Path, "images.csv", "file,class,split", "a.png,a,trainval", "b.png,b,trainval", "c.png,c,trainval");
        Write(folder.Path, "dataset.yaml", "name: flowers", "images: .", "attributes:", "  scale: unit");
        var statistics = AttributeStatistics.Of(DatasetReader.Open(folder.Path));
        Assert.Equal([new("fire", 1, 0.25), new("leaves", 3, 0.75), new("flowers", 3, 0.75)], statistics.Frequencies);
        Assert.Equal(
            [new("fire", "leaves", 1, 0), new("flowers", "leaves", 2, 1), new("leaves", "flowers", 2, 1), new AttributeCoOccurrence("leaves", "fire", 1, 2)],
            statistics.CoOccurrences);
        Assert.Null(statistics.CoOccurrences[0].Ratio);
        Assert.Equal(2, AttributeStatistics.Of(DatasetReader.Open(folder.Path), 0.95, 2).Frequencies.Count(f => f.Classes > 0));
    }

    private static void Write(string folder, string file, params string[] lines) => File.WriteAllLines(Path.Combine(folder, file), lines);
}
