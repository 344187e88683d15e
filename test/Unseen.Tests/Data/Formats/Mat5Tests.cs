using CsCheck;
using Unseen.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Formats;

public sealed class Mat5Tests : IDisposable
{
    private static readonly Mat5Class[] IntegerClasses = [.. Enum.GetValues<Mat5Class>().Where(c => c >= Mat5Class.Int8)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<bool, bool, bool> AllOptions()
    {
        var data = new TheoryData<bool, bool, bool>();
        for (var i = 0; i < 8; i++)
            data.Add((i & 1) != 0, (i & 2) != 0, (i & 4) != 0);
        return data;
    }

    [Theory]
    [MemberData(nameof(AllOptions))]
    public void Every_class_survives_a_round_trip(bool compress, bool bigEndian, bool compact)
    {
        var file = RoundTrip(Everything(), new() { Compress = compress, BigEndian = bigEndian, Compact = compact });
        foreach (var (name, value) in Everything())
            AssertSame(value, file.Variables[name]);
        Assert.Equal(["001.Black_footed", "é", ""], file.Texts("cell"));
        Assert.Equal(["ab", "c"], file.Texts("lines"));
        Assert.Equal(6.5, file.Numbers("matrix")[1, 2]);
        Assert.True(((Mat5Numbers)file.Variables["logical"]).IsLogical);
        Assert.Equal(new[,] { { 1f, 2f, 3f }, { -4f, 5f, 6.5f } }, file.Numbers("matrix").ToMatrix());
    }

    [Fact]
    public void Random_arrays_survive_a_round_trip() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[1, 3], Gen.Int[-70000, 70000], Gen.Bool,
            Gen.Bool).Sample((a, b, c, scale, big, single) =>
        {
            var values = Enumerable.Range(0, a * b * c).Select(i => (double)(i - 5) * scale / (single ? 64 : 7)).ToArray();
            Mat5Value value = single
                ? new Mat5Numbers([a, b, c], Array.ConvertAll(values, v => (float)v))
                : new Mat5Numbers([a, b, c], values);
            AssertSame(value, RoundTrip([new("x", value)], new() { BigEndian = big }).Variables["x"]);
        }, iter: 100, threads: 1);

    [Fact]
    public void Values_are_stored_in_the_smallest_type()
    {
        long Size(bool compact)
        {
            Mat5Writer.Write(_folder.File("s"), [new("x", Mat5Numbers.Column(Enumerable.Range(0, 800).Select(i => (double)(i % 256))))],
                new() { Compress = false, Compact = compact });
            return new FileInfo(_folder.File("s")).Length;
        }
        Assert.Equal(800 * 7, Size(false) - Size(true));
    }

    [Fact]
    public void A_hand_made_file_is_read()
    {
        // One 1x3 double array "ab" stored as three bytes in a small element, name in a small element.
        byte[] variable =
        [
            14, 0, 0, 0, 48, 0, 0, 0,
            6, 0, 0, 0, 8, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0,
            5, 0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0,
            1, 0, 2, 0, (byte)'a', (byte)'b', 0, 0,
            2, 0, 3, 0, 7, 8, 9, 0,
        ];
        var path = _folder.File("hand.mat", [.. Header(), .. variable]);
        Assert.Equal([7.0, 8.0, 9.0], Mat5File.Read(path).Numbers("ab").ToArray());
        Assert.Equal([1, 3], Mat5File.Read(path).Numbers("ab").Dimensions);
    }

    [Theory]
    [InlineData(2, "a struct")]
    [InlineData(3, "an object")]
    [InlineData(5, "a sparse matrix")]
    [InlineData(17, "an opaque object")]
    public void Other_kinds_are_refused_only_when_asked_for(int code, string kind)
    {
        Mat5Writer.Write(_folder.File("k.mat"), [new("x", new Mat5Numbers([1, 1], new[] { 1.0 })), new("y", new Mat5Text("t"))],
            new() { Compress = false });
        var bytes = File.ReadAllBytes(_folder.File("k.mat"));
        bytes[128 + 16] = (byte)code;
        var file = Mat5File.Read(_folder.File("k.mat", bytes));
        Assert.Equal(["t"], file.Texts("y"));
        Assert.Equal($"{_folder.File("k.mat")}: variable 'x' is {kind}, which is not supported; expected a numeric array.",
            Assert.Throws<DatasetFormatException>(() => file.Numbers("x")).Message);
    }

    [Fact]
    public void Questions_about_variables_are_answered_with_what_is_there()
    {
        var file = RoundTrip([new("labels", Mat5Numbers.Column([1, 2, 2.5])), new("names", new Mat5Cell(["a"]))], new());
        Assert.Equal($"{file.Path}: variable 'att' is missing. Found: labels, names.",
            Assert.Throws<DatasetFormatException>(() => file.Numbers("att")).Message);
        Assert.Equal($"{file.Path}: variable 'names' must be a numeric array, found Mat5Cell.",
            Assert.Throws<DatasetFormatException>(() => file.Numbers("names")).Message);
        Assert.Equal($"{file.Path}: element 3 of 'labels' must be a whole number from 1 to 5, found 2.5.",
            Assert.Throws<DatasetFormatException>(() => file.Integers("labels", 1, 5)).Message);
        Assert.Equal($"{file.Path}: element 1 of 'labels' must be a whole number from 2 to 5, found 1.",
            Assert.Throws<DatasetFormatException>(() => file.Integers("labels", 2, 5)).Message);
    }

    [Fact]
    public void What_is_not_MAT_v5_is_named()
    {
        string Refused(byte[] bytes) => Assert.Throws<DatasetFormatException>(() => Mat5File.Read(_folder.File("r", bytes))).Message;
        Assert.EndsWith("not a MAT v5 file: it has 5 bytes, fewer than the 128 of the header.", Refused(new byte[5]),
            StringComparison.Ordinal);
        Assert.EndsWith("this is a MAT v7.3 file, which is HDF5. Import it as HDF5, or save it with -v7.",
            Refused([.. "MATLAB 7.3 MAT-file"u8, .. new byte[600]]), StringComparison.Ordinal);
        Assert.EndsWith("expected version 0x0100 and the mark IM or MI, found 0x0000.", Refused(new byte[300]), StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DatasetFormatException>(() => Mat5File.Read("nowhere.mat")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_compressed_bomb_is_refused_before_it_grows()
    {
        var path = _folder.File("bomb.mat");
        Mat5Writer.Write(path, [new("x", new Mat5Numbers([1000, 2000], new double[2_000_000]))], new() { Compact = false });
        Assert.True(new FileInfo(path).Length < 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Assert.Throws<DatasetFormatException>(() => Mat5File.Read(path, maximumBytes: 1_000_000)).Message;
        Assert.Contains("need more memory than the size of the file plus the limit of 1000000 bytes", message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Equal(2_000_000, Mat5File.Read(path).Numbers("x").Count);
    }

    [Fact]
    public void A_checksum_that_does_not_match_is_refused()
    {
        var path = _folder.File("sum.mat");
        Mat5Writer.Write(path, [new("x", new Mat5Text("text"))]);
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        Assert.Contains("the compressed data is damaged", Assert.Throws<DatasetFormatException>(
            () => Mat5File.Read(_folder.File("sum.mat", bytes))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Damaged_files_are_refused_and_nothing_else(bool compress)
    {
        Mat5Writer.Write(_folder.File("f"), Everything(), new() { Compress = compress });
        var refused = Fuzz.Run(File.ReadAllBytes(_folder.File("f")), 600, 2, 2 << 20, bytes =>
            ReadAll(_folder.File("fuzz", bytes), 1 << 20));
        Assert.InRange(refused, 250, 600);
    }

    [Theory]
    [InlineData("APY", 300)]
    [InlineData("AWA2", 150)]
    [InlineData("CUB", 60)]
    public void Damaged_real_files_are_refused_and_nothing_else(string dataset, int copies)
    {
        var good = File.ReadAllBytes(Path.Combine(RealData.Folder(), "xlsa17", dataset, "att_splits.mat"));
        var refused = Fuzz.Run(good, copies, 3, good.Length + (32 << 20), bytes => ReadAll(_folder.File("fuzz", bytes), 24 << 20));
        Assert.InRange(refused, copies / 3, copies);
    }

    private static void ReadAll(string path, long maximumBytes)
    {
        var file = Mat5File.Read(path, maximumBytes);
        foreach (var (name, value) in file.Variables)
            if (value is Mat5Cell or Mat5Text)
                file.Texts(name);
    }

    private static Dictionary<string, Mat5Value> Everything()
    {
        var values = new Dictionary<string, Mat5Value>
        {
            ["matrix"] = new Mat5Numbers([2, 3], [1.0, -4, 2, 5, 3, 6.5]),
            ["single"] = new Mat5Numbers([1, 2], [1.5f, float.NaN]),
            ["cube"] = new Mat5Numbers([2, 2, 2], [1.0, 2, 3, 4, 5, 6, 7, 300]),
            ["negative"] = new Mat5Numbers([1, 1], [-1.0]),
            ["wide"] = new Mat5Numbers([2, 1], [70000.0, -1]),
            ["zero"] = new Mat5Numbers([1, 1], [-0.0]),
            ["empty"] = new Mat5Numbers([0, 3], Array.Empty<double>()),
            ["logical"] = new Mat5Numbers([1, 2], [1, 0], Mat5Class.UInt8) { IsLogical = true },
            ["text"] = new Mat5Text("hello"),
            ["none"] = new Mat5Text(""),
            ["lines"] = new Mat5Text([2, 2], ["ab", "c "]),
            ["cell"] = new Mat5Cell(["001.Black_footed", "é", ""]),
            ["nested"] = new Mat5Cell([1, 2], [new Mat5Cell(["x"]), new Mat5Numbers([1, 1], [3.0])]),
        };
        foreach (var type in IntegerClasses)
            values[type.ToString()] = new Mat5Numbers([2, 2], [1, 2, 100, 0], type);
        return values;
    }

    private Mat5File RoundTrip(IEnumerable<KeyValuePair<string, Mat5Value>> variables, Mat5WriteOptions options)
    {
        Mat5Writer.Write(_folder.File("trip.mat"), variables, options);
        return Mat5File.Read(_folder.File("trip.mat"));
    }

    private static void AssertSame(Mat5Value expected, Mat5Value actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(expected.Dimensions, actual.Dimensions);
        switch (expected, actual)
        {
            case (Mat5Numbers a, Mat5Numbers b):
                Assert.Equal((a.Class, a.IsLogical), (b.Class, b.IsLogical));
                Assert.Equal(a.ToArray().Select(BitConverter.DoubleToInt64Bits), b.ToArray().Select(BitConverter.DoubleToInt64Bits));
                break;
            case (Mat5Text a, Mat5Text b):
                Assert.Equal(a.Lines, b.Lines);
                break;
            case (Mat5Cell a, Mat5Cell b):
                Assert.Equal(a.Items.Count, b.Items.Count);
                for (var i = 0; i < a.Items.Count; i++)
                    AssertSame(a.Items[i], b.Items[i]);
                break;
        }
    }

    private static byte[] Header()
    {
        var header = new byte[128];
        (header[125], header[126], header[127]) = (1, (byte)'I', (byte)'M');
        return header;
    }
}
