using PureHDF;
using Unseen.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Formats;

public sealed class Hdf5Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_of_a_feature_map_are_read_in_order()
    {
        using var file = Hdf5File.Open(Write());
        var map = file.Dataset("feature_map");
        Assert.Equal([4L, 3L, 2L, 2L], map.Shape);
        Assert.Equal((4L, 12L, 4), (map.Rows, map.RowElements, map.ElementBytes));
        Assert.Equal(Enumerable.Range(12, 24).Select(i => i / 2f), file.ReadRows("feature_map", 1, 2));
        Assert.Empty(file.ReadRows("feature_map", 4, 0));
        Assert.Equal(["chunked", "feature_map", "labels", "small"], file.Names());
        Assert.True(file.Has("labels"));
        Assert.False(file.Has("label"));
    }

    [Fact]
    public void Numbers_of_every_kind_become_doubles()
    {
        var path = _folder.File("kinds.h5");
        new H5File
        {
            ["sbyte"] = new sbyte[] { -1 },
            ["short"] = new short[] { -2 },
            ["int"] = new[] { -3 },
            ["long"] = new[] { -4L },
            ["byte"] = new byte[] { 255 },
            ["ushort"] = new ushort[] { 65535 },
            ["uint"] = new[] { uint.MaxValue },
            ["ulong"] = new[] { 7UL },
            ["float"] = new[] { 1.5f },
            ["double"] = new[] { -2.25 },
        }.Write(path);
        using var file = Hdf5File.Open(path);
        var expected = new Dictionary<string, double>
        {
            ["sbyte"] = -1,
            ["short"] = -2,
            ["int"] = -3,
            ["long"] = -4,
            ["byte"] = 255,
            ["ushort"] = 65535,
            ["uint"] = uint.MaxValue,
            ["ulong"] = 7,
            ["float"] = 1.5,
            ["double"] = -2.25,
        };
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), file.Names());
        foreach (var (name, value) in expected)
        {
            Assert.Equal([value], file.ReadAll(name));
            Assert.Equal([(float)value], file.ReadRows(name, 0, 1));
        }
    }

    [Fact]
    public void Chunked_and_compressed_data_is_read()
    {
        using var file = Hdf5File.Open(Write());
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (double)i), file.ReadAll("chunked"));
        Assert.Equal(Enumerable.Range(30, 12).Select(i => (float)i), file.ReadRows("chunked", 5, 2));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var path = Write();
        using var file = Hdf5File.Open(path);
        Assert.Equal($"{path}: dataset 'att' is missing. Found: chunked, feature_map, labels, small.",
            Assert.Throws<DatasetFormatException>(() => file.ReadAll("att")).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadRows("labels", 3, 2));
        Assert.Contains("not an HDF5 file: the signature is missing", Assert.Throws<DatasetFormatException>(
            () => Hdf5File.Open(_folder.File("x.h5", new byte[3000]))).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DatasetFormatException>(() => Hdf5File.Open("nowhere")).Message,
            StringComparison.Ordinal);
        using var small = Hdf5File.Open(path, maximumBytes: -new FileInfo(path).Length);
        Assert.Contains("needs 192 bytes, more than the size of the file plus the limit", Assert.Throws<DatasetFormatException>(
            () => small.ReadRows("feature_map", 0, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_and_nothing_else()
    {
        // PureHDF takes the memory for a damaged length before it finds the file too short: 2 GiB at most.
        var refused = Fuzz.Run(File.ReadAllBytes(Write()), 900, 4, 3L << 30, bytes =>
        {
            using var file = Hdf5File.Open(_folder.File("fuzz.h5", bytes), maximumBytes: 1 << 20);
            foreach (var name in file.Names())
                file.ReadAll(name);
        });
        Assert.InRange(refused, 100, 899);
    }

    [Fact]
    public void A_refused_file_is_closed()
    {
        var good = File.ReadAllBytes(Write());
        var path = _folder.File("cut.h5", good[..64]);
        Assert.Throws<DatasetFormatException>(() => Hdf5File.Open(path));
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        Assert.Equal(64, alone.Length);
    }

    private string Write()
    {
        var map = new float[4, 3, 2, 2];
        for (var i = 0; i < 48; i++)
            map[i / 12, i / 4 % 3, i / 2 % 2, i % 2] = i / 2f;
        var path = _folder.File("map.h5");
        new H5File
        {
            ["feature_map"] = map,
            ["labels"] = new long[] { 1, 0, 2, 1 },
            ["small"] = new byte[] { 1, 2, 3 },
            ["chunked"] = new H5Dataset(Enumerable.Range(0, 60).Select(i => (double)i).ToArray(), chunks: [4, 3], fileDims: [10, 6],
                datasetCreation: new(Filters: [PureHDF.Filters.DeflateFilter.Id])),
        }.Write(path);
        return path;
    }
}
