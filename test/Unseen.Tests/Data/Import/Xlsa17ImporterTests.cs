using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Unseen.Semantics;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class Xlsa17ImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_dataset_is_imported_with_features()
    {
        _folder.File("valclasses1.txt", "bee\n");
        _folder.File("valclasses2.txt", "ant\ncat\n");
        _folder.File("testclasses.txt", "dog\n");
        _folder.File("names.txt", "1 red\n2 has_size::big_(9_in)\n3 grey\n");
        var sink = new CollectingSink();
        var result = Import(ImportFiles.Splits(), ImportFiles.Features(), o =>
            o with { Features = sink, AttributeNamesFile = _folder.File("names.txt") });

        Assert.Equal((3, 1, 3, 3, 3, 2), (result.SeenClasses, result.UnseenClasses, result.Attributes, result.Trainval, result.TestSeen,
            result.TestUnseen));
        Assert.Equal(["class,split,validation,validation2", "ant,seen,false,true", "bee,seen,true,false", "cat,seen,false,true",
            "dog,unseen,false,false"],
            ImportFiles.Lines(Output, "classes.csv"));
        Assert.Equal(["class,red,has_size::big_(9_in),grey", "ant,0,1,2", "bee,10,11,12", "cat,20,21,22", "dog,100,-1,32"],
            ImportFiles.Lines(Output, "class_attributes.csv"));
        Assert.Equal(["attribute,group,phrase", "red,red,red", "has_size::big_(9_in),size,big size", "grey,gray,gray"],
            ImportFiles.Lines(Output, "attributes.csv"));
        Assert.Equal(["file,class,split", "x/1.jpg,ant,trainval", "x/2.jpg,ant,test_seen", "x/3.jpg,bee,trainval", "x/4.jpg,bee,test_seen",
            "x/5.jpg,cat,trainval", "x/6.jpg,cat,test_seen", "x/7.jpg,dog,test_unseen", "x/8.jpg,dog,test_unseen"],
                ImportFiles.Lines(Output, "images.csv"));
        Assert.Equal((0, 2, 8), (sink.Regions, sink.Visual, sink.Rows.Count));
        Assert.Equal("x/4.jpg", sink.Files[3]);
        Assert.Equal([3f, 3.5f], sink.Rows[3]);
        Assert.Equal(
        [
            "1 images are in no split and left out.",
            "train_loc and val_loc contain 2 of the 3 test_seen images. They are not used: validation classes are taken from trainval_loc.",
            "1 class attribute values are negative, which stands for missing; dataset.yaml says to read them as 0.",
        ], result.Warnings);
        Assert.Contains("scale: percent", File.ReadAllText(Path.Combine(Output, "dataset.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Overlapping_splits_are_refused()
    {
        var splits = ImportFiles.Splits();
        splits["test_seen_loc"] = Mat5Numbers.Column([2, 3]);
        Assert.EndsWith("image 3 is in trainval_loc and again in test_seen_loc. The three lists must have no image in common, else " +
            "the test would be on " +
            "training images: get the original split file.", Refused(splits, ImportFiles.Features()), StringComparison.Ordinal);
        splits["test_seen_loc"] = Mat5Numbers.Column([2, 7]);
        Assert.Contains("image 7 is in test_seen_loc and again in test_unseen_loc", Refused(splits, ImportFiles.Features()),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output));
    }

    [Fact]
    public void Files_that_do_not_fit_each_other_are_refused()
    {
        var features = ImportFiles.Features();
        features["labels"] = Mat5Numbers.Column([1, 1, 2, 2, 3, 4, 4, 4, 4]);
        Assert.Contains("class 'dog' has images among the seen classes and in test_unseen", Refused(ImportFiles.Splits(), features),
            StringComparison.Ordinal);
        features["labels"] = Mat5Numbers.Column([1, 1, 2, 2, 3, 5, 4, 4, 4]);
        Assert.Contains("element 6 of 'labels' must be a whole number from 1 to 4, found 5.", Refused(ImportFiles.Splits(), features),
            StringComparison.Ordinal);
        features = ImportFiles.Features();
        features["features"] = new Mat5Numbers([2, 8], new double[16]);
        Assert.Contains("features must have one column per label, 9, found 8.", Refused(ImportFiles.Splits(), features),
            StringComparison.Ordinal);
        var splits = ImportFiles.Splits();
        splits["test_unseen_loc"] = Mat5Numbers.Column([7, 10]);
        Assert.Contains("the splits name image 10, but there are only 9 images", Refused(splits, ImportFiles.Features()),
            StringComparison.Ordinal);
        splits["test_unseen_loc"] = Mat5Numbers.Column([7, 0]);
        Assert.Contains("element 2 of 'test_unseen_loc' must be a whole number from 1", Refused(splits, ImportFiles.Features()),
            StringComparison.Ordinal);
        _folder.File("valclasses1.txt", "bea\n");
        Assert.Contains("Unknown class 'bea'. Did you mean 'bee'?", Refused(ImportFiles.Splits(), ImportFiles.Features()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_have_to_come_from_somewhere()
    {
        Mat5Writer.Write(_folder.File("att_splits.mat"), ImportFiles.Splits());
        Assert.EndsWith("does not say which class an image has: give either res101.mat or an image list.",
            Assert.Throws<ConfigurationException>(
            () => Import(new() { SplitsFile = _folder.File("att_splits.mat"), Output = Output })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_import_leaves_no_dataset()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Mat5Writer.Write(_folder.File("att_splits.mat"), ImportFiles.Splits());
        Mat5Writer.Write(_folder.File("res101.mat"), ImportFiles.Features());
        Assert.Throws<OperationCanceledException>(() => Xlsa17Importer.Import(
            new() { SplitsFile = _folder.File("att_splits.mat"), FeaturesFile = _folder.File("res101.mat"), Output = Output }, null,
                cancelled.Token));
        Assert.False(File.Exists(Path.Combine(Output, "dataset.yaml")));
    }

    [Fact]
    public void Zero_word_vectors_are_warned_of_by_name()
    {
        _folder.File("names.txt", "red\nbig\nman-made\n");
        _folder.File("words.csv", "0,1\n0,0.5\n0,0\n");
        var result = Import(ImportFiles.Splits(), ImportFiles.Features(), o =>
            o with { AttributeNamesFile = _folder.File("names.txt"), WordVectorsFile = _folder.File("words.csv") });
        Assert.Equal("All values of attribute 'man-made' are 0 (a word that is not in the vocabulary?). Write another vector, or choose what " +
            "methods do with zero rows.", Assert.Single(result.Warnings, w => w.Contains("are 0", StringComparison.Ordinal)));
    }

    /// <summary>Row 88 of SUN, "man-made", is the only zero among the real word vectors.</summary>
    [Theory]
    [InlineData("CUB", "cub")]
    [InlineData("SUN", "sun", 88, "man-made")]
    [InlineData("AWA2", "awa2")]
    public void Zeros_among_the_real_word_vectors_are_found(string dataset, string list, int row = -1, string name = "")
    {
        var data = RealData.Folder();
        var names = Path.Combine(data, list, "attributes.txt");
        var result = Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", dataset, "att_splits.mat"),
            ImageListFile = Path.Combine(data, list, "ps_image_splits.csv"),
            AttributeNamesFile = File.Exists(names) ? names : Path.Combine(data, list, "predicates.txt"),
            WordVectorsFile = Path.Combine(data, list, "w2v_attribute_300d.csv"),
            Output = Output,
        });
        string[] zeros = row < 0 ? [] : [$"All values of attribute '{name}' are 0"];
        Assert.Equal(zeros, result.Warnings.Where(w => w.Contains("are 0", StringComparison.Ordinal)).Select(w => w.Split(" (")[0]));
        var (folder, problems) = DatasetReader.Read(Output);
        Assert.Equal(zeros, problems.Where(p => p.File == "word_vectors.csv").Select(p => p.Message.Split(" (")[0]));
        var words = folder!.WordVectors!;
        var found = Enumerable.Range(0, words.GetLength(0)).Where(a => Enumerable.Range(0, 300).All(w => words[a, w] == 0));
        Assert.Equal(row < 0 ? [] : [(row, name)], found.Select(a => (a, folder.Attributes[a].Name)));
    }

    [Fact]
    public void Repeated_image_names_are_numbered()
    {
        var warnings = new List<string>();
        Assert.Equal(["a.jpg", "a#2.jpg", "c/b.jpg", "a#3.jpg"],
            ImageNames.Relative(["/d/a.jpg", "/d/a.jpg", "/d/c/b.jpg", "/d/../a.jpg"], warnings));
        Assert.Equal(["2 images repeat the file name of an earlier one; they are named with #2, #3 and so on."], warnings);
    }

    public static TheoryData<string, string, int, int, int, int, int, AttributeScale, int> RealFiles() => new()
    {
        { "CUB", "att_splits.mat", 200, 312, 7057, 1764, 2967, AttributeScale.Percent, 0 },
        { "CUB", "sent_splits.mat", 200, 1024, 7057, 1764, 2967, AttributeScale.Raw, 1764 },
        { "SUN", "att_splits.mat", 717, 102, 10320, 2580, 1440, AttributeScale.Unit, 2580 },
        { "AWA2", "att_splits.mat", 50, 85, 23527, 5882, 7913, AttributeScale.Percent, 5882 },
        { "AWA1", "att_splits.mat", 50, 85, 19832, 4958, 5685, AttributeScale.Percent, 4958 },
        { "APY", "att_splits.mat", 32, 64, 5932, 1483, 7924, AttributeScale.Unit, 0 },
        { "FLO", "att_splits.mat", 102, 1024, 5631, 1403, 1155, AttributeScale.Raw, 1403 },
    };

    [Theory]
    [MemberData(nameof(RealFiles))]
    public void Real_split_files_have_the_published_shapes(
        string dataset, string file, int classes, int attributes, int trainval, int testSeen, int testUnseen, AttributeScale scale,
            int leaked)
    {
        var splits = Xlsa17Splits.Read(Path.Combine(RealData.Folder(), "xlsa17", dataset, file));
        Assert.Equal((classes, attributes), (splits.Classes, splits.Values.GetLength(1)));
        Assert.Equal((trainval, testSeen, testUnseen), (splits.Trainval.Length, splits.TestSeen.Length, splits.TestUnseen.Length));
        Assert.Equal((scale, leaked), (splits.Scale, splits.LeakedTestImages));
        Assert.Equal(dataset is "AWA2" or "AWA1" ? 4 : 0, scale == AttributeScale.Raw ? 0 : splits.NegativeValues);
        Assert.Equal(dataset != "FLO", splits.ClassNames is not null);
        if (dataset == "CUB")
            Assert.Equal(["002.Laysan_Albatross", "003.Sooty_Albatross", "005.Crested_Auklet"], splits.ClassNames!.Take(3));
    }

    [Theory]
    [InlineData("CUB", "cub", 150, 50, 2355)]
    [InlineData("SUN", "sun", 645, 72, 1040)]
    [InlineData("AWA2", "awa2", 40, 10, 7340)]
    public void Real_datasets_are_imported_with_their_image_lists(string dataset, string list, int seen, int unseen, int validationImages)
    {
        var data = RealData.Folder();
        var result = Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", dataset, "att_splits.mat"),
            ImageListFile = Path.Combine(data, list, "ps_image_splits.csv"),
            WordVectorsFile = Path.Combine(data, list, "w2v_attribute_300d.csv"),
            Output = Output,
        });
        Assert.Equal((seen, unseen), (result.SeenClasses, result.UnseenClasses));
        var classes = ImportFiles.Table(Output, "classes.csv");
        Assert.True(classes[0].ContainsKey("validation3"));
        var validation = classes.Where(c => c["validation"] == "true").Select(c => c["class"]).ToHashSet();
        var images = ImportFiles.Table(Output, "images.csv");
        Assert.Equal(validationImages, images.Count(i => i["split"] == "trainval" && validation.Contains(i["class"])));
        // SUN has the scene in one or two folders below that of its first letter.
        Assert.All(images, image => Assert.Equal(image["class"],
            dataset == "SUN" ? string.Join('_', image["file"].Split('/')[1..^1]) : image["file"].Split('/')[0]));
        if (dataset == "SUN")
            Assert.All(images, image => Assert.Equal(image["file"].Split('/')[1][..1], image["file"].Split('/')[0]));
        var unseenNames = File.ReadAllLines(Path.Combine(data, "xlsa17", dataset, "testclasses.txt")).Where(l => l.Length > 0).ToHashSet();
        Assert.All(classes, c => Assert.Equal(unseenNames.Contains(c["class"]), c["split"] == "unseen"));
        if (dataset == "AWA2")
            Assert.Equal(4, ImportFiles.Table(Output, "class_attributes.csv").Sum(row => row.Values.Count(v => v == "-1")));
    }

    [Fact]
    public void Real_flowers_are_imported_without_class_names()
    {
        var path = Path.Combine(RealData.Folder(), "xlsa17", "FLO", "att_splits.mat");
        var splits = Xlsa17Splits.Read(path);
        var labels = new double[splits.MinimumImages];
        for (var i = 0; i < splits.Trainval.Length; i++)
            labels[splits.Trainval[i]] = i % 82 + 1;
        for (var i = 0; i < splits.TestSeen.Length; i++)
            labels[splits.TestSeen[i]] = i % 82 + 1;
        for (var i = 0; i < splits.TestUnseen.Length; i++)
            labels[splits.TestUnseen[i]] = i % 20 + 83;
        Mat5Writer.Write(_folder.File("res101.mat"),
            [new("labels", Mat5Numbers.Column(labels)), new("features",
                new Mat5Numbers([1, labels.Length], Array.ConvertAll(labels, l => (float)l)))]);
        var sink = new CollectingSink();
        var result = Import(new() { SplitsFile = path, FeaturesFile = _folder.File("res101.mat"), Output = Output, Features = sink });
        Assert.Equal((82, 20, 8189), (result.SeenClasses, result.UnseenClasses, result.Images));
        Assert.Contains("The split file has no class names: the classes are numbered in label order.", result.Warnings);
        Assert.Equal("class_102", ImportFiles.Lines(Output, "classes.csv")[102].Split(',')[0]);
        Assert.Contains("scale: raw", File.ReadAllText(Path.Combine(Output, "dataset.yaml")), StringComparison.Ordinal);
        Assert.All(sink.Rows, row => Assert.Equal(labels[row.Key], row.Value[0]));
    }

    private ImportResult Import(Dictionary<string, Mat5Value> splits, Dictionary<string, Mat5Value> features, Func<Xlsa17Options,
        Xlsa17Options>? change = null)
    {
        Mat5Writer.Write(_folder.File("att_splits.mat"), splits);
        Mat5Writer.Write(_folder.File("res101.mat"), features);
        var options = new Xlsa17Options
        {
            SplitsFile = _folder.File("att_splits.mat"),
            FeaturesFile = _folder.File("res101.mat"),
            Output = Output
        };
        return Import(change?.Invoke(options) ?? options);
    }

    private string Refused(Dictionary<string, Mat5Value> splits, Dictionary<string, Mat5Value> features) =>
        Assert.Throws<DatasetFormatException>(() => Import(splits, features)).Message;

    private static ImportResult Import(Xlsa17Options options) =>
        Xlsa17Importer.Import(options, null, TestContext.Current.CancellationToken);
}
