using System.IO.Compression;
using System.Text;
using CsCheck;
using Unseen.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Formats;

public sealed class NpyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_type_survives_a_round_trip(int version)
    {
        RoundTrip([(Half)1.5f, Half.NaN], version, [1.5f, float.NaN]);
        RoundTrip([1.5f, float.MinValue], version, [1.5f, float.MinValue]);
        RoundTrip([Math.PI, -1], version, [(float)Math.PI, -1]);
        RoundTrip([sbyte.MinValue, (sbyte)5], version, [-128, 5]);
        RoundTrip([short.MinValue, (short)5], version, [-32768, 5]);
        RoundTrip([int.MinValue, 5], version, [int.MinValue, 5]);
        RoundTrip([long.MinValue, 5], version, [long.MinValue, 5]);
        RoundTrip([(byte)255, (byte)5], version, [255, 5]);
        RoundTrip([ushort.MaxValue, (ushort)5], version, [65535, 5]);
        RoundTrip([uint.MaxValue, 5U], version, [uint.MaxValue, 5]);
        RoundTrip([ulong.MaxValue, 5UL], version, [ulong.MaxValue, 5]);
        RoundTrip([true, false], version, [1, 0]);
    }

    [Fact]
    public void Fortran_order_is_turned_to_row_major() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[1, 4]).Sample((a, b, c) =>
        {
            var values = Enumerable.Range(0, a * b * c).ToArray();
            Npy.Write(_folder.File("f.npy"), NpyArray.Of(values, [a, b, c], fortranOrder: true));
            var read = Npy.Read(_folder.File("f.npy"));
            Assert.True(read.FortranOrder);
            Assert.Equal([a, b, c], read.Shape);
            Assert.Equal(values, read.ToArray<int>());
        }, iter: 60, threads: 1);

    [Fact]
    public void A_hand_made_file_is_read()
    {
        // 2 x 3, big endian, Fortran order, as numpy writes it.
        var header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }".PadRight(117) + "\n";
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 1, 6];
        var array = Npy.Read(_folder.File("h.npy", bytes));
        Assert.Equal([1, 2, 3, 4, 5, 262], array.ToArray<short>().Select(v => (int)v));
    }

    [Fact]
    public void The_header_is_the_one_of_numpy()
    {
        Npy.Write(_folder.File("a.npy"), NpyArray.Of([1f, 2f], [2]));
        var bytes = File.ReadAllBytes(_folder.File("a.npy"));
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".PadRight(117) + "\n",
            Encoding.ASCII.GetString(bytes, 10, 118));
        Assert.Equal(128 + 8, bytes.Length);
        Npy.Write(_folder.File("s.npy"), NpyArray.Of([true], []));
        Assert.Contains("'|b1', 'fortran_order': False, 'shape': ()", Encoding.ASCII.GetString(File.ReadAllBytes(_folder.File("s.npy"))),
            StringComparison.Ordinal);
        Assert.Empty(Npy.Read(_folder.File("s.npy")).Shape);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999, 9999), }", "needs 399959960004 bytes, more than the 128 " +
        "available")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824), }", "needs 4611686018427387904 bytes, more than the 128")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824, 2), }", "needs 9223372036854775808 bytes, more than")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1073741824, 1073741824, 16), }", "needs 73786976294838206464 bytes, more than")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "element type '<c8' is not supported")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }", "fortran_order must be True or False")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "an axis is not a number below 2^31")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}", "descr, fortran_order or shape is missing")]
    [InlineData("{'descr': '<f4', 'descr': '<f4'}", "key 'descr' is unknown or appears twice")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "the npy array is cut off")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (0,), }", "something follows the data")]
    [InlineData("{'descr", "expected a quoted string")]
    public void A_wrong_header_is_refused(string header, string message)
    {
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, 114, 0, .. Encoding.ASCII.GetBytes(header.PadRight(114)), 1, 2, 3, 4];
        Assert.Contains(message, Assert.Throws<DatasetFormatException>(() => Npy.Read(_folder.File("b.npy", bytes))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_npy_is_refused()
    {
        Assert.EndsWith("not an npy file of version 1 to 3.", Assert.Throws<DatasetFormatException>(
            () => Npy.Read(_folder.File("b.npy", new byte[100]))).Message, StringComparison.Ordinal);
        Assert.Throws<DatasetFormatException>(() => Npy.Read("nowhere.npy"));
        Assert.Throws<DatasetFormatException>(() => Npz.Read(_folder.File("b.npz", new byte[100])));
        Assert.Throws<ShapeException>(() => NpyArray.Of([1f], [2]));
        Assert.Throws<ShapeException>(() => NpyArray.Of<float>([], [1 << 30, 1 << 30, 16]));
        Assert.Throws<ArgumentException>(() => NpyArray.Of([1f], [1]).ToArray<int>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Archives_survive_a_round_trip_and_are_reproducible(bool compress)
    {
        var arrays = new Dictionary<string, NpyArray> { ["b"] = NpyArray.Of([1f, 2f], [2]), ["a"] = NpyArray.Of([1L], [1, 1]) };
        Npz.Write(_folder.File("1.npz"), arrays, compress);
        Npz.Write(_folder.File("2.npz"), arrays.Reverse().ToDictionary(), compress);
        var read = Npz.Read(_folder.File("1.npz"));
        Assert.Equal([1f, 2f], read["b"].ToArray<float>());
        Assert.Equal([1L], read["a"].ToArray<long>());
        Assert.Equal(2, read.Count);
        Assert.Equal(File.ReadAllBytes(_folder.File("1.npz")), File.ReadAllBytes(_folder.File("2.npz")));
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_it_grows()
    {
        Npz.Write(_folder.File("bomb.npz"), new Dictionary<string, NpyArray> { ["x"] = NpyArray.Of(new byte[20_000_000], [20_000_000]) },
            compress: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("needs 20000000 bytes, more than the", Assert.Throws<DatasetFormatException>(
            () => Npz.Read(_folder.File("bomb.npz"), maximumBytes: 1_000_000)).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }

    [Fact]
    public void Something_else_in_an_archive_is_refused()
    {
        using (var archive = ZipFile.Open(_folder.File("o.npz"), ZipArchiveMode.Create))
            archive.CreateEntry("../readme.txt");
        Assert.EndsWith("entry '../readme.txt' is not an npy array.", Assert.Throws<DatasetFormatException>(
            () => Npz.Read(_folder.File("o.npz"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_and_nothing_else()
    {
        var array = NpyArray.Of(Enumerable.Range(0, 50).Select(i => i / 3f).ToArray(), [5, 10]);
        Npy.Write(_folder.File("a.npy"), array);
        var refused = Fuzz.Run(File.ReadAllBytes(_folder.File("a.npy")), 600, 5, 400_000, bytes =>
            Npy.Read(_folder.File("fuzz", bytes)).ToSingles());
        Assert.InRange(refused, 250, 599);
        foreach (var compress in new[] { true, false })
        {
            Npz.Write(_folder.File("a.npz"), new Dictionary<string, NpyArray> { ["x"] = array, ["y"] = array }, compress);
            refused = Fuzz.Run(File.ReadAllBytes(_folder.File("a.npz")), 300, 6, 2_000_000, bytes =>
                Npz.Read(_folder.File("fuzz", bytes), 1 << 20));
            Assert.InRange(refused, 100, 299);
        }
    }

    private void RoundTrip<T>(T[] values, int version, float[] singles) where T : unmanaged
    {
        var path = _folder.File("t.npy");
        Npy.Write(path, NpyArray.Of(values, [1, 2]), version);
        var read = Npy.Read(path);
        Assert.Equal(NpyTypes.Of<T>(), read.Type);
        Assert.Equal([1, 2], read.Shape);
        Assert.Equal(values, read.ToArray<T>());
        Assert.Equal(singles, read.ToSingles());
        Assert.Equal(version, File.ReadAllBytes(path)[6]);
    }
}
