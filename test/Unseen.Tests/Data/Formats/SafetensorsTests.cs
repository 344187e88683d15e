using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Unseen.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Formats;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_type_survives_a_round_trip()
    {
        var path = _folder.File("a.safetensors");
        Safetensors.Write(path, [
            SafetensorsTensor.Of("half", [(Half)1.5f, Half.MinValue], 2),
            SafetensorsTensor.Of("float", [1.25f, float.NaN, -3f, 0f, 5f, 6f], 2, 3),
            SafetensorsTensor.Of("double", [Math.PI], 1),
            SafetensorsTensor.Of("sbyte", [sbyte.MinValue], 1),
            SafetensorsTensor.Of("short", [short.MinValue], 1),
            SafetensorsTensor.Of("int", [int.MinValue, 7], 2, 1),
            SafetensorsTensor.Of("long", [long.MinValue], 1),
            SafetensorsTensor.Of("byte", [(byte)255], 1),
            SafetensorsTensor.Of("ushort", [ushort.MaxValue], 1),
            SafetensorsTensor.Of("uint", [uint.MaxValue], 1),
            SafetensorsTensor.Of("ulong", [ulong.MaxValue], 1),
            SafetensorsTensor.Of("bool", [true, false], 2),
            SafetensorsTensor.Of("scalar", [42f]),
            SafetensorsTensor.Of("empty", Array.Empty<float>(), 0, 5),
            new("brain", SafetensorsType.BF16, [1], new byte[] { 0x80, 0x3F }),
        ], new Dictionary<string, string> { ["z"] = "last", ["a"] = "\"quoted\" é" });

        using var file = SafetensorsFile.Open(path);
        Assert.Equal([(Half)1.5f, Half.MinValue], file.Elements<Half>("half", 0, 2).ToArray());
        Assert.Equal([1.25f, float.NaN, -3f, 0f, 5f, 6f], file.Elements<float>("float", 0, 6).ToArray());
        Assert.Equal([2L, 3L], file.Entries["float"].Shape);
        Assert.Equal(Math.PI, file.Elements<double>("double", 0, 1)[0]);
        Assert.Equal(sbyte.MinValue, file.Elements<sbyte>("sbyte", 0, 1)[0]);
        Assert.Equal(short.MinValue, file.Elements<short>("short", 0, 1)[0]);
        Assert.Equal([int.MinValue, 7], file.Elements<int>("int", 0, 2).ToArray());
        Assert.Equal(long.MinValue, file.Elements<long>("long", 0, 1)[0]);
        Assert.Equal(255, file.Elements<byte>("byte", 0, 1)[0]);
        Assert.Equal(ushort.MaxValue, file.Elements<ushort>("ushort", 0, 1)[0]);
        Assert.Equal(uint.MaxValue, file.Elements<uint>("uint", 0, 1)[0]);
        Assert.Equal(ulong.MaxValue, file.Elements<ulong>("ulong", 0, 1)[0]);
        Assert.Equal([true, false], file.Elements<bool>("bool", 0, 2).ToArray());
        Assert.Equal([1, 0], file.Elements<byte>("bool", 0, 2).ToArray());
        Assert.Empty(file.Entries["scalar"].Shape);
        Assert.Equal(42f, file.Elements<float>("scalar", 0, 1)[0]);
        Assert.Equal(0, file.Entries["empty"].ByteLength);
        Assert.Equal(0x3F80, file.Elements<ushort>("brain", 0, 1)[0]);
        Assert.Equal("\"quoted\" é", file.Metadata["a"]);
        Assert.Equal(2, file.Metadata.Count);
        Assert.All(file.Entries.Values, entry => Assert.Equal(0, entry.Offset % entry.Type.Size()));
    }

    [Fact]
    public void The_bytes_are_the_ones_of_the_format()
    {
        using var stream = new MemoryStream();
        Safetensors.WriteTo(stream, [SafetensorsTensor.Of("b", [(byte)7], 1), SafetensorsTensor.Of("a", new[,] { { 1f, 2f } })],
            new Dictionary<string, string> { ["k"] = "v" });
        const string json = """
            {"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]}}
            """;
        var padded = json.PadRight((json.Length + 7) / 8 * 8);
        var expected = new List<byte>(BitConverter.GetBytes((long)padded.Length));
        expected.AddRange(Encoding.ASCII.GetBytes(padded));
        expected.AddRange(BitConverter.GetBytes(1f).Concat(BitConverter.GetBytes(2f)));
        expected.Add(7);
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void The_order_of_the_arguments_does_not_matter()
    {
        SafetensorsTensor[] tensors = [SafetensorsTensor.Of("x", [1f], 1), SafetensorsTensor.Of("w", [2f], 1),
            SafetensorsTensor.Of("v", [3L], 1)];
        using MemoryStream forward = new(), backward = new();
        Safetensors.WriteTo(forward, tensors, new Dictionary<string, string> { ["p"] = "1", ["q"] = "2" });
        Safetensors.WriteTo(backward, tensors.Reverse(), new Dictionary<string, string> { ["q"] = "2", ["p"] = "1" });
        Assert.Equal(forward.ToArray(), backward.ToArray());
    }

    [Fact]
    public void Parts_of_a_tensor_are_read_as_single_precision()
    {
        var path = _folder.File("a.safetensors");
        var values = Enumerable.Range(0, 103).Select(i => i / 4f - 9f).ToArray();
        var upper = values.Select(v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)).ToArray();
        Safetensors.Write(path, [
            SafetensorsTensor.Of("f16", values.Select(v => (Half)v).ToArray(), 103),
            SafetensorsTensor.Of("f32", values, 103),
            SafetensorsTensor.Of("f64", values.Select(v => (double)v).ToArray(), 103),
            new("bf16", SafetensorsType.BF16, [103], upper.SelectMany(BitConverter.GetBytes).ToArray()),
        ]);
        using var file = SafetensorsFile.Open(path);
        foreach (var name in file.Entries.Keys)
        {
            var read = new float[60];
            file.ReadSingle(name, 40, read);
            Assert.Equal(values[40..100], read);
        }
    }

    [Fact]
    public void Write_and_read_are_inverse() =>
        Gen.Select(Gen.Float.Array[0, 40], Gen.String[0, 12], Gen.String[0, 12]).Sample((values, name, text) =>
        {
            if (name == "__metadata__" || name.Any(char.IsSurrogate) || text.Any(char.IsSurrogate))
                return;
            var path = _folder.File("p.safetensors");
            Safetensors.Write(path, [SafetensorsTensor.Of(name, values, values.Length)], new Dictionary<string, string> { [text] = text });
            using var file = SafetensorsFile.Open(path);
            Assert.Equal(values, file.Elements<float>(name, 0, values.Length).ToArray());
            Assert.Equal(text, file.Metadata[text]);
        }, iter: 100, threads: 1);

    [Fact]
    public void Rows_are_written_in_any_order_and_after_reopening()
    {
        var path = _folder.File("rows.safetensors");
        var metadata = new Dictionary<string, string> { ["backbone"] = "x" };
        using (var writer = SafetensorsRowWriter.Create(path, [new("region_features", SafetensorsType.F32, [5, 2, 3])], metadata))
        {
            writer.WriteRow(4, Row(4));
            writer.WriteRow(0, Row(0));
            writer.Flush();
        }
        using (var writer = SafetensorsRowWriter.Open(path))
            writer.WriteRow("region_features", 2, Row(2));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("x", file.Metadata["backbone"]);
        Assert.Equal(0, file.Entries["region_features"].Offset % 8);
        for (var row = 0; row < 5; row++)
            Assert.Equal(row % 2 == 0 ? Row(row) : new byte[24], file.Bytes("region_features", row * 24, 24).ToArray());
    }

    [Fact]
    public void Rows_are_checked()
    {
        using var writer = SafetensorsRowWriter.Create(_folder.File("r"),
            [new("a", SafetensorsType.F16, [2, 3]), new("b", SafetensorsType.F16, [2])]);
        Assert.Equal("A row of tensor 'a' has 6 bytes, given are 4.",
            Assert.Throws<ShapeException>(() => writer.WriteRow("a", 0, new byte[4])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteRow("a", 2, new byte[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteRow("a", -1, new byte[6]));
        Assert.Throws<InvalidOperationException>(() => writer.WriteRow(0, new byte[6]));
        Assert.Throws<UnknownNameException>(() => writer.WriteRow("c", 0, new byte[6]));
    }

    [Fact]
    public void A_file_of_more_than_two_gigabytes_is_addressed_right()
    {
        var path = _folder.File("long.safetensors");
        const long rows = 3L << 20;
        var prefix = Encoding.ASCII.GetBytes($$$"""{"t":{"dtype":"U8","shape":[{{{rows}}},1024],"data_offsets":[0,{{{rows * 1024}}}]}}""".PadRight(96));
        using (var sparse = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(sparse, [.. BitConverter.GetBytes((long)prefix.Length), .. prefix], 0);
            RandomAccess.SetLength(sparse, 8 + prefix.Length + rows * 1024);
        }
        using (var writer = SafetensorsRowWriter.Open(path))
            writer.WriteRow(rows - 1, Enumerable.Repeat((byte)9, 1024).ToArray());
        using var file = SafetensorsFile.Open(path);
        Assert.Equal([0, 9], file.Bytes("t", (rows - 1) * 1024 - 1, 2).ToArray());
    }

    [Fact]
    public void Access_outside_a_tensor_is_refused()
    {
        var path = _folder.File("a.safetensors");
        Safetensors.Write(path, [SafetensorsTensor.Of("a", [1f, 2f], 2), SafetensorsTensor.Of("b", [1f, 2f], 2)]);
        var file = SafetensorsFile.Open(path);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Bytes("a", 4, 5).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Bytes("a", -1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Elements<float>("a", 1, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Elements<float>("a", long.MaxValue, 1).Length);
        Assert.Throws<ArgumentException>(() => file.Elements<int>("a", 0, 2).Length);
        Assert.Equal($"Unknown tensor of {path} 'c'. Did you mean 'a'? Known: a, b.",
            Assert.Throws<UnknownNameException>(() => file.Bytes("c", 0, 1).Length).Message);
        file.Dispose();
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.Bytes("a", 0, 1).Length);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'a' of shape [2] F32 does not fill its 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "tensor 'a' lies at 0..8, but the data has 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "tensor 'a' lies at 4..0, but the data has 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4,
        "starts at byte 115, but the one before ends at 119: overlap or hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "overlap or hole")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2, "the tensors end at byte 62, but the file has 63 bytes")]
    [InlineData("""{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,0]}}""", 0, "does not fill its 0 bytes")]
    [InlineData("""{"a":{"dtype":"F8","shape":[],"data_offsets":[0,1]}}""", 1, "unsupported dtype 'F8'. Supported: F16, BF16,")]
    [InlineData("""{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1, "tensor 'a' appears twice")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", 0, "metadata 'a' appears twice")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "expected String, found Number")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__ appears twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}""", 0, "not a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,0]}}""", 0, "not a whole number of at least 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0]}}""", 0, "needs dtype, shape and two data_offsets")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}""", 0, "the unknown or repeated key 'x'")]
    [InlineData("""{"a":{"dtype":"U8","shape":[0],"shape":[0],"data_offsets":[0,0]}}""", 0, "the unknown or repeated key 'shape'")]
    [InlineData("""[]""", 0, "expected StartObject, found StartArray")]
    [InlineData("""{} {}""", 0, "the safetensors header is not valid JSON")]
    [InlineData("""{"a""", 0, "the safetensors header is not valid JSON")]
    public void A_wrong_header_is_refused(string json, int dataBytes, string message)
    {
        var path = _folder.File("bad.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. Encoding.UTF8.GetBytes(json),
            .. new byte[dataBytes]]);
        Assert.Contains(message, Assert.Throws<DatasetFormatException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_length_is_refused()
    {
        var bytes = new byte[20];
        Assert.Equal($"{_folder.File("s")}: not a safetensors file: it has 3 bytes, fewer than the 8 of the header length.",
            Assert.Throws<DatasetFormatException>(() => SafetensorsFile.Open(_folder.File("s", new byte[3]))).Message);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, 13);
        Assert.Contains("claims 13 bytes, but only 12 follow", Refused(bytes), StringComparison.Ordinal);
        BinaryPrimitives.WriteInt64LittleEndian(bytes, -1);
        Assert.Contains("claims 18446744073709551615 bytes, more than the limit of 104857600", Refused(bytes), StringComparison.Ordinal);
        Assert.Contains("the file does not exist", Assert.Throws<DatasetFormatException>(() => SafetensorsFile.Open("nowhere")).Message,
            StringComparison.Ordinal);
        Assert.Throws<DatasetFormatException>(() => SafetensorsFile.Open(_folder.Path));
    }

    [Fact]
    public void Data_that_does_not_fill_its_shape_is_not_written()
    {
        Assert.Equal("Tensor 'a': shape [3] of F32 needs 12 bytes, found 8.",
            Assert.Throws<ShapeException>(() => SafetensorsTensor.Of("a", [1f, 2f], 3)).Message);
        Assert.Throws<ArgumentException>(() => Safetensors.WriteTo(Stream.Null,
            [SafetensorsTensor.Of("a", [1f], 1), SafetensorsTensor.Of("a", [1f], 1)]));
    }

    [Fact]
    public void Damaged_files_are_refused_and_nothing_else()
    {
        using var stream = new MemoryStream();
        Safetensors.WriteTo(stream, [SafetensorsTensor.Of("weights", new float[12], 3, 4), SafetensorsTensor.Of("bias", new float[4], 4)],
            new Dictionary<string, string> { ["note"] = "text" });
        var refused = Fuzz.Run(stream.ToArray(), 800, 1, 100_000, bytes =>
        {
            using var file = SafetensorsFile.Open(_folder.File("fuzz", bytes));
            foreach (var entry in file.Entries.Values)
                Assert.Equal(entry.ByteLength, file.Bytes(entry.Name, 0, (int)entry.ByteLength).Length);
        });
        Assert.InRange(refused, 500, 799);
    }

    private static byte[] Row(int row) => Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes(row * 10f + i)).ToArray();

    private string Refused(byte[] bytes) =>
        Assert.Throws<DatasetFormatException>(() => SafetensorsFile.Open(_folder.File("l", bytes))).Message;
}
