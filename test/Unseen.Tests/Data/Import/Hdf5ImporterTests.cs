using PureHDF;
using Unseen.Data.Import;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class Hdf5ImporterTests : IDisposable
{
    private const int Images = 40;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_feature_map_becomes_a_dataset_and_region_features()
    {
        var sink = new CollectingSink();
        var result = Import(new() { FeaturesFile = Write(), Output = _folder.File("out"), Features = sink });
        Assert.Equal((2, 1, 2, 19, 10, 10), (result.SeenClasses, result.UnseenClasses, result.Attributes, result.Trainval,
            result.TestSeen, result.TestUnseen));
        Assert.Equal((6, 3, 39), (sink.Regions, sink.Visual, sink.Rows.Count));
        foreach (var (row, features) in sink.Rows)
        {
            var image = row + 1;
            for (var region = 0; region < 6; region++)
                for (var v = 0; v < 3; v++)
                    Assert.Equal(Feature(image, v, region / 3, region % 3), features[region * 3 + v]);
        }
        Assert.Equal("image_00002.jpg", sink.Files[0]);
        Assert.Equal(["class,attribute_001,attribute_002", "class_001,0,50", "class_002,25,100", "class_003,5,6"],
            ImportFiles.Lines(_folder.File("out"), "class_attributes.csv"));
        Assert.Equal(["attribute,v0,v1,v2", "attribute_001,1,2,3", "attribute_002,4,5,6"],
            ImportFiles.Lines(_folder.File("out"), "word_vectors.csv"));
        Assert.Equal("image_00040.jpg,class_003,test_unseen", ImportFiles.Lines(_folder.File("out"), "images.csv")[^1]);
    }

    [Fact]
    public void Wrong_files_are_refused()
    {
        string Refused(string path) => Assert.Throws<DatasetFormatException>(
            () => Import(new() { FeaturesFile = path, Output = _folder.File("out") })).Message;
        Assert.Contains("image 1 is in trainval_loc and again in test_seen_loc".Replace("1 is", "2 is", StringComparison.Ordinal),
            Refused(Write(testSeen: [1])), StringComparison.Ordinal);
        Assert.Contains("element 1 of 'test_seen_loc' must be a whole number from 0 to 39, found 40.", Refused(Write(testSeen: [40])),
            StringComparison.Ordinal);
        Assert.Contains("dataset 'labels' is missing", Refused(Write(labels: false)), StringComparison.Ordinal);
    }

    private static float Feature(int image, int visual, int y, int x) => image * 100 + visual * 10 + y * 3 + x;

    private string Write(long[]? testSeen = null, bool labels = true)
    {
        var map = new float[Images, 3, 2, 3];
        for (var i = 0; i < map.Length; i++)
            map[i / 18, i / 6 % 3, i / 3 % 2, i % 3] = Feature(i / 18, i / 6 % 3, i / 3 % 2, i % 3);
        var file = new H5File
        {
            ["feature_map"] = map,
            ["trainval_loc"] = Enumerable.Range(1, 19).Select(i => (long)i).ToArray(),
            ["test_seen_loc"] = testSeen ?? [.. Enumerable.Range(20, 10).Select(i => (long)i)],
            ["test_unseen_loc"] = Enumerable.Range(30, 10).Select(i => (long)i).ToArray(),
            ["original_att"] = new[,] { { 0.0, 50 }, { 25, 100 }, { 5, 6 } },
            ["att"] = new double[3, 2],
            ["w2v_att"] = new[,] { { 1f, 2, 3 }, { 4, 5, 6 } },
        };
        if (labels)
            file["labels"] = Enumerable.Range(0, Images).Select(i => i < 30 ? i % 2L : 2).ToArray();
        var path = _folder.File("map.hdf5");
        file.Write(path);
        return path;
    }

    private static ImportResult Import(Hdf5ImportOptions options) =>
        Hdf5Importer.Import(options, null, TestContext.Current.CancellationToken);
}
