using Unseen.Data;
using Unseen.Semantics;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class DatasetInfoTests
{
    [Fact]
    public void A_small_dataset_is_counted()
    {
        using var temporary = new TemporaryFolder();
        var path = MiniDataset.Create(temporary.File("mini"), seen: 2, unseen: 2, attributes: 2, imagesPerClass: 5);
        MiniDataset.Write(path, "class_attributes.csv", ["class", "has_wing_tone::0", "has_head_tone::1"],
            [["seen-00", "-1", "0.5"], ["seen-01", "1", "0.25"], ["unseen-00", "0", "0.25"], ["unseen-01", "0", "0"]]);
        File.WriteAllLines(Path.Combine(path, "images.csv"), File.ReadAllLines(Path.Combine(path, "images.csv"))
            .Where(l => !l.StartsWith("unseen-01", StringComparison.Ordinal)));
        File.WriteAllLines(Path.Combine(path, "images.csv"), File.ReadAllLines(Path.Combine(path, "images.csv"))
            .Where(l => !l.StartsWith("seen-01/000", StringComparison.Ordinal)));
        File.Delete(Path.Combine(path, "parts.csv"));

        var info = DatasetInfo.Of(DatasetReader.Open(path));

        Assert.Equal((2, 2, 1), (info.SeenClasses, info.UnseenClasses, info.ClassesWithoutImages));
        Assert.Equal((7, 2, 5), (info.Trainval, info.TestSeen, info.TestUnseen));
        Assert.Equal([new FoldInfo("validation", 1, 1, 3, 4), new FoldInfo("validation2", 1, 1, 4, 3)], info.Folds);
        Assert.Equal(new ImagesPerClass(4, 5, 5), info.ImagesPerClass);
        Assert.Equal(new AttributeInfo(2, AttributeScale.Unit, 0, 1, 0.25, 4, 1), info.Attributes);
        Assert.Equal((6, 0, 0), (info.WordVectorWidth, info.PartPlaces, info.Relations));
        Assert.Equal(["left", "right"], info.PartNames);
    }

    [Fact]
    public void The_median_of_an_even_number_is_the_mean_of_the_middle()
    {
        Assert.Equal(new ImagesPerClass(1, 2.5, 9), ImagesPerClass.Of([1, 2, 3, 9]));
        Assert.Equal(new ImagesPerClass(0, 0, 0), ImagesPerClass.Of([]));
    }

    [Fact]
    public void The_real_benchmark_has_its_known_figures()
    {
        var info = DatasetInfo.Of(DatasetReader.Open(Cub127Tests.Cub127()));
        Assert.Equal((94, 33, 0), (info.SeenClasses, info.UnseenClasses, info.ClassesWithoutImages));
        Assert.Equal((4402, 1087, 1967), (info.Trainval, info.TestSeen, info.TestUnseen));
        Assert.Equal([new FoldInfo("validation", 64, 30, 3005, 1397), new("validation2", 61, 33, 2855, 1547),
            new("validation3", 62, 32, 2970, 1432)], info.Folds);
        Assert.Equal(new ImagesPerClass(41, 60, 60), info.ImagesPerClass);
        Assert.Equal(new AttributeInfo(312, AttributeScale.Percent, 0, 100, info.Attributes.Mean, 16834, 0), info.Attributes);
        Assert.Equal(11.342437914503648, info.Attributes.Mean, 9);
        Assert.Equal((300, 15, 88267), (info.WordVectorWidth, info.PartNames.Count, info.PartPlaces));
    }
}
