using Unseen.Data;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class Cub127Tests
{
    [Fact]
    public void The_real_dataset_is_read_with_its_known_counts_and_no_problem()
    {
        var (folder, problems) = DatasetReader.Read(Cub127());

        Assert.Empty(problems);
        Assert.NotNull(folder);
        Assert.Equal("CUB-127", folder.Name);
        Assert.Equal(94, folder.Classes.Count(c => c.Seen));
        Assert.Equal(33, folder.Classes.Count(c => !c.Seen));
        Assert.Equal([4402, 1087, 1967], Enum.GetValues<ImageSplit>().Select(s => folder.ImagesOf(s).Length));
        Assert.Equal((312, 127), (folder.ClassAttributes.Attributes, folder.ClassAttributes.Classes));
        Assert.Equal(["validation", "validation2", "validation3"], folder.ValidationFolds);
        Assert.Equal(300, folder.WordVectors!.GetLength(1));
        Assert.Equal(88267, folder.Parts.Count);
    }

    internal static string Cub127()
    {
        var data = Environment.GetEnvironmentVariable("UNSEEN_DATA");
        if (string.IsNullOrEmpty(data)) Assert.Skip("UNSEEN_DATA not set");
        return Path.Combine(data, "cub127");
    }
}
