using Unseen.Data;
using Unseen.Tests.Data.Formats;
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

    [Fact]
    public void The_check_of_the_real_dataset_finds_all_its_pictures() =>
        Assert.Empty(DatasetCheckTests.Check(Cub127(), new DatasetCheckOptions { DecodeImages = false }));

    [Fact]
    public void Pictures_of_the_real_dataset_decode()
    {
        using var temporary = new TemporaryFolder();
        var source = Cub127();
        foreach (var file in Directory.GetFiles(source, "*.*").Where(f => !f.EndsWith("index.csv", StringComparison.Ordinal)))
            File.Copy(file, temporary.File(Path.GetFileName(file)));
        File.Delete(temporary.File("parts.csv"));
        File.WriteAllText(temporary.File("dataset.yaml"), $"images: {Path.Combine(source, "images")}\nattributes: {{scale: percent}}");
        File.WriteAllLines(temporary.File("images.csv"), File.ReadAllLines(temporary.File("images.csv"))
            .Where((_, line) => line % 40 == 0));

        var problems = DatasetCheckTests.Check(temporary.Path);

        // A sample leaves some classes without training pictures; no picture has a fault.
        Assert.DoesNotContain(problems, p => p.Line > 0);
    }

    internal static string Cub127()
    {
        var data = Environment.GetEnvironmentVariable("UNSEEN_DATA");
        if (string.IsNullOrEmpty(data)) Assert.Skip("UNSEEN_DATA not set");
        return Path.Combine(data, "cub127");
    }
}
