using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Features;
using Xunit;
using CliRun = Unseen.Tests.Cli.CliRun;

namespace Unseen.Tests.Data.Import;

/// <summary>The real metadata in official layouts whose pictures are tiny: the figures are those of the papers' tables.</summary>
public sealed class RealLayoutTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Awa2_has_the_published_statistics()
    {
        var data = RealData.Folder();
        folder.File("raw/predicates.txt", File.ReadAllText(Path.Combine(data, "awa2", "predicates.txt")));
        var list = SplitList.Read(Path.Combine(data, "awa2", "ps_image_splits.csv"));
        Touch("raw/JPEGImages", list.Select(i => i.File));
        var result = Awa2Importer.Import(
            Options("AWA2") with { WordVectorsFile = Path.Combine(data, "awa2", "w2v_attribute_300d.csv") }, null, Token);
        var info = AssertPublished("awa2", 85);
        Assert.Equal([(27, 13, 16187, 7340)], info.Folds.Take(1)
            .Select(f => (f.TrainingClasses, f.ValidationClasses, f.TrainingImages, f.ValidationImages)));
        Assert.Equal((4, 0f, 100f, 300), (info.Attributes.Negatives, info.Attributes.Minimum, info.Attributes.Maximum, info.WordVectorWidth));
        Assert.Single(result.Warnings);
        Assert.Equal(list.Select(i => (i.File, i.Split)), DatasetReader.Open(folder.File("out")).Images.Select(i => (i.File, i.Split)));
        OpenPictures(1, 2, step: 997);
    }

    [Fact]
    public void Sun_has_the_published_statistics()
    {
        var data = RealData.Folder();
        var list = SplitList.Read(Path.Combine(data, "sun", "ps_image_splits.csv"));
        Touch("raw/images", list.Select(i => i.File));
        Mat5Writer.Write(folder.File("raw/images.mat"), [new("images", new Mat5Cell(list.Select(i => i.File)))]);
        Mat5Writer.Write(folder.File("raw/attributes.mat"),
            [new("attributes", new Mat5Cell(File.ReadAllLines(Path.Combine(data, "sun", "attributes.txt")).Where(l => l.Length > 0)))]);
        var result = SunImporter.Import(
            Options("SUN") with { WordVectorsFile = Path.Combine(data, "sun", "w2v_attribute_300d.csv") }, cancellation: Token);
        Assert.StartsWith("All values of attribute 'man-made' are 0", Assert.Single(result.Warnings), StringComparison.Ordinal);
        var info = AssertPublished("sun", 102);
        Assert.Equal((580, 65, 9280, 1040), (info.Folds[0].TrainingClasses, info.Folds[0].ValidationClasses, info.Folds[0].TrainingImages,
            info.Folds[0].ValidationImages));
        Assert.Equal((33982, 0.081), (info.Attributes.Zeros, Math.Round(info.Attributes.Mean, 3)));
        Assert.Equal(list.Select(i => (i.File, i.Split)), DatasetReader.Open(folder.File("out")).Images.Select(i => (i.File, i.Split)));
        OpenPictures(1, 2, step: 997);
    }

    [Fact]
    public void Flowers_have_the_published_statistics()
    {
        var splits = Xlsa17Splits.Read(Path.Combine(RealData.Folder(), "xlsa17", "FLO", "att_splits.mat"));
        var labels = InventedLabels(splits, 82);
        Directory.CreateDirectory(folder.File("raw"));
        Mat5Writer.Write(folder.File("raw/imagelabels.mat"), [new("labels", Mat5Numbers.Column(labels))]);
        double[] Images(int from, int count) => [.. Enumerable.Range(from, count).Select(i => (double)i)];
        Mat5Writer.Write(folder.File("raw/setid.mat"), [new("trnid", Mat5Numbers.Column(Images(1, 1020))),
            new("valid", Mat5Numbers.Column(Images(1021, 1020))), new("tstid", Mat5Numbers.Column(Images(2041, 6149)))]);
        Touch("raw/jpg", Enumerable.Range(1, labels.Length).Select(i => $"image_{i:D5}.jpg"));
        FlowersImporter.Import(Options("FLO"), cancellation: Token);
        AssertPublished("flo", 1024);
        OpenPictures(1, 2, step: 499);
    }

    [Fact]
    public void aPY_has_the_published_statistics()
    {
        var splits = Apy();
        Directory.CreateDirectory(folder.File("out"));
        var options = Options("APY");
        var layout = ApyImporter.Read(options, splits);
        Assert.Equal(("p0.jpg", "p0#2.jpg", 15339), (layout.Files[0], layout.Files[1], layout.Files.Length));
        DatasetFolderWriter.Write(BenchmarkImport.Folder(options, layout, splits, [.. Enumerable.Range(0, 15339)], []), force: true);
        var info = AssertPublished("apy", 64);
        Assert.Equal((15, 5), (info.Folds[0].TrainingClasses, info.Folds[0].ValidationClasses));
    }

    /// <summary>The pictures of a few objects of every class, with two objects in each: the importer cuts them out.</summary>
    [Fact]
    public void aPY_is_imported_as_far_as_there_are_pictures()
    {
        var splits = Apy();
        var pictures = splits.Trainval.Take(40).Concat(splits.TestSeen.Take(40)).Concat(splits.TestUnseen.Take(24)).Select(i => i / 2).ToHashSet();
        Touch("raw/VOCdevkit/VOC2008/JPEGImages", pictures.Select(p => $"p{p}.jpg"));
        int Objects(int[] list) => list.Count(i => pictures.Contains(i / 2));
        var result = ApyImporter.Import(Options("APY") with { AllowMissingImages = true }, null, Token);
        var info = DatasetInfo.Of(DatasetReader.Open(folder.File("out")));
        var counts = (Objects(splits.Trainval), Objects(splits.TestSeen), Objects(splits.TestUnseen));
        Assert.Equal((32, counts.Item1 + counts.Item2 + counts.Item3), (info.Classes, result.Images));
        Assert.Equal([$"{counts.Item1} trainval images, published 5932", $"{counts.Item2} test_seen images, published 1483",
            $"{counts.Item3} test_unseen images, published 7924"], info.PublishedDifferences);
        Assert.Contains($"{15339 - result.Images} of 15339 pictures are missing and left out", result.Warnings[0], StringComparison.Ordinal);
        OpenPictures(1, 1, step: 1);
    }

    /// <summary>The lists of the real splits with invented labels, two objects per picture, each a box of one pixel.</summary>
    private Xlsa17Splits Apy()
    {
        var splits = Xlsa17Splits.Read(Path.Combine(RealData.Folder(), "xlsa17", "APY", "att_splits.mat"));
        var seen = SeenFirst(splits);
        var attributes = string.Concat(Enumerable.Repeat(" 0", 64));
        var lines = InventedLabels(splits, 20).Select((label, i) => $"p{i / 2}.jpg {seen[(int)label - 1]} {i % 2 + 1} 1 {i % 2 + 1} 1{attributes}").ToList();
        folder.File("raw/attribute_data/apascal_train.txt", string.Join('\n', lines.Take(6340)));
        folder.File("raw/attribute_data/apascal_test.txt", string.Join('\n', lines.Skip(6340).Take(6355)));
        folder.File("raw/attribute_data/ayahoo_test.txt", string.Join('\n', lines.Skip(12695)));
        folder.File("raw/attribute_data/attribute_names.txt", string.Join('\n', Enumerable.Range(1, 64).Select(i => $"a{i}")));
        return splits;
    }

    [Fact]
    public void Cub_and_awa1_have_the_published_statistics()
    {
        var data = RealData.Folder();
        Xlsa17Importer.Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", "CUB", "att_splits.mat"),
            ImageListFile = Path.Combine(data, "cub", "ps_image_splits.csv"),
            Output = folder.File("out"),
        }, cancellation: Token);
        var info = AssertPublished("cub", 312);
        Assert.Equal((26588, 11.39), (info.Attributes.Zeros, Math.Round(info.Attributes.Mean, 2)));
        var awa1 = Xlsa17Splits.Read(Path.Combine(data, "xlsa17", "AWA1", "att_splits.mat"));
        var published = PublishedDataset.Find("awa1");
        Assert.Equal((published.Trainval, published.TestSeen, published.TestUnseen), (awa1.Trainval.Length, awa1.TestSeen.Length,
            awa1.TestUnseen.Length));
    }

    [Fact]
    public void Cub_127_does_not_pass_for_cub()
    {
        var info = DatasetInfo.Of(DatasetReader.Open(Path.Combine(RealData.Folder(), "cub127")));
        Assert.Null(info.Published);
        Assert.Equal(["94 seen classes, published 150", "33 unseen classes, published 50", "4402 trainval images, published 7057",
            "1087 test_seen images, published 1764", "1967 test_unseen images, published 2967"],
            PublishedDataset.Find("cub").Differences(info));
    }

    private LayoutImportOptions Options(string dataset) => new()
    {
        Root = folder.File("raw"),
        SplitFile = Path.Combine(RealData.Folder(), "xlsa17", dataset, "att_splits.mat"),
        Output = folder.File("out"),
    };

    private void Touch(string under, IEnumerable<string> files)
    {
        var picture = TestPictures.Png(1, 2, seed: 1);
        foreach (var file in files)
        {
            var path = Path.Combine(folder.Path, under, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, picture);
        }
    }

    /// <summary>Opens some pictures of the imported dataset as the extraction of features does.</summary>
    private void OpenPictures(int height, int width, int step)
    {
        var dataset = DatasetReader.Open(folder.File("out"));
        for (var i = 0; i < dataset.Images.Count; i += step)
        {
            var picture = ImageDecoder.DecodeFile(dataset.ImagePath(dataset.Images[i]));
            Assert.Equal((height, width), (picture.Height, picture.Width));
        }
    }

    /// <summary>Labels from 1 that agree with the splits: the first classes are the seen ones.</summary>
    private static double[] InventedLabels(Xlsa17Splits splits, int seen)
    {
        var labels = new double[splits.MinimumImages];
        foreach (var list in (int[][])[splits.Trainval, splits.TestSeen])
            for (var i = 0; i < list.Length; i++) labels[list[i]] = i % seen + 1;
        for (var i = 0; i < splits.TestUnseen.Length; i++) labels[splits.TestUnseen[i]] = i % (splits.Classes - seen) + seen + 1;
        return labels;
    }

    /// <summary>Class names with the unseen ones last.</summary>
    private static string[] SeenFirst(Xlsa17Splits splits)
    {
        var unseen = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(splits.Path)!, "testclasses.txt")).ToHashSet();
        return [.. splits.ClassNames!.OrderBy(unseen.Contains)];
    }

    private DatasetInfo AssertPublished(string id, int attributes)
    {
        var info = DatasetInfo.Of(DatasetReader.Open(folder.File("out")));
        var published = PublishedDataset.Find(id);
        Assert.Equal(published, info.Published);
        Assert.Empty(info.PublishedDifferences);
        Assert.Equal((published.Seen + published.Unseen, attributes), (info.Classes, info.Attributes.Count));
        Assert.Matches($"(?m)^published {published.Title} +the same$", CliRun.Of("data", "info", folder.File("out")).Output);
        return info;
    }
}
