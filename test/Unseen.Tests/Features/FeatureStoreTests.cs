using CsCheck;
using Unseen.Data.Formats;
using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

public sealed class FeatureStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData(SafetensorsType.F16)]
    [InlineData(SafetensorsType.BF16)]
    [InlineData(SafetensorsType.F32)]
    public void WhatIsWrittenIsRead(SafetensorsType type)
    {
        var features = Features(images: 4, seed: 1);
        Write(Metadata(4), type, features);

        using var store = FeatureStore.Open(folder.File("a.safetensors"));

        Assert.Equal((4, 6, 5, new FeatureGrid(2, 3), false, type),
            (store.Images, store.Regions, store.Visual, store.Grid, store.IsGlobal, store.ElementType));
        Assert.Equal(["b/0.jpg", "b/1.jpg", "b/2.jpg", "b/3.jpg"], store.Names);
        var row = new float[store.RowLength];
        for (var i = 0; i < 4; i++)
        {
            store.Read(i, row);
            Assert.Equal(features[i].Select(v => Rounded(v, type)), row);
        }
    }

    [Fact]
    public void TheFileIsASafetensorsFileAsDocumented()
    {
        Write(Metadata(2), SafetensorsType.F16, Features(2, 1));
        using var file = SafetensorsFile.Open(folder.File("a.safetensors"));

        Assert.Equal([2L, 6, 5], file.Entries["region_features"].Shape);
        Assert.Equal("""["b/0.jpg","b/1.jpg"]""", file.Metadata["names"]);
        Assert.Equal("[100,101]", file.Metadata["byte_lengths"]);
        Assert.Equal("2x3", file.Metadata["grid"]);
        Assert.Equal("/models/tiny.onnx", file.Metadata["backbone_path"]);
        Assert.Equal("0123", file.Metadata["backbone_sha256"]);
        Assert.Equal("maps", file.Metadata["layer"]);
        Assert.Equal("all", file.Metadata["finished_shards"]);
        // printf 'b/0.jpg\t100\nb/1.jpg\t101\n' | sha256sum
        Assert.Equal("90cd42aebeb986bb9fe8b73b847b1b17a3f77cf76e29be5f335e437095579a4b", file.Metadata["fingerprint"]);
        const string preprocessing =
            """{"height":224,"width":224,"resize":"stretch","resizeTo":0,"crop":"none","interpolation":"bilinear","channels":"rgb",""";
        Assert.StartsWith(preprocessing, file.Metadata["preprocessing"], StringComparison.Ordinal);
    }

    [Fact]
    public void GlobalFeaturesHaveTheirOwnTensor()
    {
        var metadata = Metadata(3) with { Backbone = Backbone with { Grid = null } };
        using (var writer = FeatureStoreWriter.Create(folder.File("g.safetensors"), metadata))
        {
            for (var i = 0; i < 3; i++) writer.Write(i, [i, 1, 2, 3, 4]);
            writer.Complete();
        }
        using var store = FeatureStore.Open(folder.File("g.safetensors"));
        Assert.Equal((null, true, 1, 5), (store.Grid, store.IsGlobal, store.Regions, store.Visual));
        var row = new float[5];
        store.Read(2, row);
        Assert.Equal([2, 1, 2, 3, 4], row);
        using var file = SafetensorsFile.Open(store.Path);
        Assert.Equal([3L, 5], file.Entries["global_features"].Shape);
    }

    [Fact]
    public void MetadataComesBackWhole()
    {
        var metadata = Metadata(3) with { FinishedShards = "1/4" };
        Write(metadata, SafetensorsType.F16, Features(3, 1));
        using var store = FeatureStore.Open(folder.File("a.safetensors"));
        Assert.Equal(metadata.Backbone, store.Metadata.Backbone);
        Assert.Equal((metadata.Fingerprint, "1/4"), (store.Metadata.Fingerprint, store.Metadata.FinishedShards));
        Assert.Equal(metadata.ByteLengths, store.Metadata.ByteLengths);
    }

    [Fact]
    public void RowsAreFoundByName()
    {
        Write(Metadata(3), SafetensorsType.F16, Features(3, 1));
        using var store = FeatureStore.Open(folder.File("a.safetensors"));
        Assert.Equal((2, -1, -1), (store.RowOf("b/2.jpg"), store.RowOf("b/3.jpg"), store.RowOf("B/2.jpg")));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Read(3, new float[30]));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Read(-1, new float[30]));
        var error = Assert.Throws<ShapeException>(() => store.Read(0, new float[29]));
        Assert.Equal("destination must hold [6, 5] = 30 floats, found 29.", error.Message);
    }

    [Fact]
    public void AStoreOfOtherPicturesIsRefused()
    {
        Write(Metadata(3), SafetensorsType.F16, Features(3, 1));
        using var store = FeatureStore.Open(folder.File("a.safetensors"));
        var same = folder.File("2.jpg", new byte[102]);
        store.RequireMatch([new("b/2.jpg", same), new("b/0.jpg", folder.File("not-there.jpg"))]);

        var missing = Assert.Throws<DatasetFormatException>(() =>
            store.RequireMatch([new("b/2.jpg", same), new("b/9.jpg", same), new("c.jpg", same)]));
        Assert.Equal($"{store.Path}: the store does not match the dataset: 2 of 3 pictures have no features, first 'b/9.jpg'. " +
            "Was it made for another dataset? Run 'unseen extract' again.", missing.Message);
        var changed = Assert.Throws<DatasetFormatException>(() =>
            store.RequireMatch([new("b/2.jpg", folder.File("2.jpg", new byte[103]))]));
        Assert.Equal($"{store.Path}: the store does not match the dataset: 'b/2.jpg' had 102 bytes when its features were made and has " +
            "103 now. Run 'unseen extract' again.", changed.Message);
    }

    [Fact]
    public void APictureThatWasNotThereMayComeLater()
    {
        Write(Metadata(2) with { ByteLengths = [100, 0] }, SafetensorsType.F16, Features(2, 1));
        using var store = FeatureStore.Open(folder.File("a.safetensors"));
        store.RequireMatch([new("b/1.jpg", folder.File("1.jpg", new byte[7]))]);
        Assert.Throws<DatasetFormatException>(() => store.RequireMatch([new("b/0.jpg", folder.File("0.jpg", new byte[7]))]));
    }

    [Fact]
    public void ALinkHasTheLengthOfThePictureItLeadsTo()
    {
        File.CreateSymbolicLink(folder.File("link.jpg"), folder.File("1.jpg", new byte[123]));
        File.CreateSymbolicLink(folder.File("nowhere.jpg"), folder.File("not-there.jpg"));
        Assert.Equal((123, null), (Length("link.jpg"), Length("nowhere.jpg")));

        long? Length(string name) => new ImageSource("a.jpg", folder.File(name)).ByteLength;
    }

    [Theory]
    [InlineData("names", """["b/0.jpg"]""", "'names' has 1 entries, but tensor 'region_features' has 2 rows.")]
    [InlineData("names", """["b/1.jpg","b/0.jpg"]""",
        "'names' must be in ordinal order without repetition; 'b/0.jpg' stands after 'b/1.jpg'.")]
    [InlineData("names", """["b/0.jpg",null]""", "'names' must not hold null.")]
    [InlineData("names", """["b/0.jpg","b/2.jpg"]""", "'fingerprint' does not belong to 'names' and 'byte_lengths'.")]
    [InlineData("byte_lengths", "[1]", "'byte_lengths' has 1 entries, expected 2.")]
    [InlineData("grid", "3x3", "'grid' must be HEIGHTxWIDTH with 6 regions, found '3x3'.")]
    [InlineData("drop_tokens", "-1", "'drop_tokens' must be a whole number, found '-1'.")]
    [InlineData("preprocessing", """{"size":3}""", "'preprocessing' is wrong: Unknown key 'size'. Did you mean 'resize'? " +
        "Known: height, width, resize, resizeTo, crop, interpolation, channels, scale, mean, std.")]
    [InlineData("layer", null, "the header has no 'layer'.")]
    public void WrongHeadersAreNamed(string key, string? value, string message)
    {
        var header = Metadata(2).ToHeader();
        if (value is null) header.Remove(key);
        else header[key] = value;
        Safetensors.Write(folder.File("a.safetensors"), [SafetensorsTensor.Of("region_features", new Half[60], 2, 6, 5)], header);
        var error = Assert.Throws<DatasetFormatException>(() => FeatureStore.Open(folder.File("a.safetensors")));
        Assert.Equal($"{folder.File("a.safetensors")}: not a feature store of this program: {message} Make it again with 'unseen " +
            "extract'.", error.Message);
    }

    [Fact]
    public void OtherTensorsAreRefused()
    {
        Safetensors.Write(folder.File("w.safetensors"), [SafetensorsTensor.Of("weights", new float[4], 2, 2)]);
        var other = Assert.Throws<DatasetFormatException>(() => FeatureStore.Open(folder.File("w.safetensors")));
        Assert.Equal($"{folder.File("w.safetensors")}: not a feature store: it has no tensor 'region_features' or 'global_features'.",
            other.Message);
        Safetensors.Write(folder.File("w.safetensors"), [SafetensorsTensor.Of("region_features", new float[4], 2, 2)]);
        Assert.EndsWith("tensor 'region_features' must have 3 axes of usable size, found [2, 2].",
            Assert.Throws<DatasetFormatException>(() => FeatureStore.Open(folder.File("w.safetensors"))).Message, StringComparison.Ordinal);
        Safetensors.Write(folder.File("w.safetensors"), [SafetensorsTensor.Of("global_features", new int[4], 2, 2)]);
        Assert.EndsWith("tensor 'global_features' must be F16, BF16 or F32, found I32.",
            Assert.Throws<DatasetFormatException>(() => FeatureStore.Open(folder.File("w.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RoundingToSixteenBitsIsToTheNearest() =>
        Gen.Float.Array[1, 70].Sample(values =>
        {
            var bytes = new byte[2 * values.Length];
            foreach (var type in new[] { SafetensorsType.F16, SafetensorsType.BF16 })
            {
                FeatureEncoding.Encode(values, type, bytes);
                for (var i = 0; i < values.Length; i++)
                {
                    var bits = BitConverter.ToUInt16(bytes, 2 * i);
                    var read = type == SafetensorsType.F16
                        ? (float)BitConverter.UInt16BitsToHalf(bits)
                        : BitConverter.UInt32BitsToSingle((uint)bits << 16);
                    Assert.Equal(Rounded(values[i], type), read);
                }
            }
        }, iter: 500);

    public void Dispose() => folder.Dispose();

    internal static BackboneDescription Backbone { get; } = new()
    {
        Name = "tiny",
        Path = "/models/tiny.onnx",
        Sha256 = "0123",
        Layer = "maps",
        Preprocessing = new(),
        Grid = new FeatureGrid(2, 3),
        Visual = 5,
    };

    internal static FeatureMetadata Metadata(int images) => new()
    {
        Backbone = Backbone,
        Names = [.. Enumerable.Range(0, images).Select(i => $"b/{i}.jpg")],
        ByteLengths = [.. Enumerable.Range(0, images).Select(i => 100L + i)],
    };

    internal static float[][] Features(int images, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, images).Select(_ => Enumerable.Range(0, 30).Select(_ => (random.NextSingle() * 8) - 4).ToArray())];
    }

    private void Write(FeatureMetadata metadata, SafetensorsType type, float[][] features)
    {
        using var writer = FeatureStoreWriter.Create(folder.File("a.safetensors"), metadata, type);
        for (var i = 0; i < features.Length; i++) writer.Write(i, features[i]);
        writer.Complete();
    }

    private static float Rounded(float value, SafetensorsType type) => type switch
    {
        SafetensorsType.F16 => (float)(Half)value,
        SafetensorsType.BF16 => NearestBFloat16(value),
        _ => value,
    };

    /// <summary>The nearer of the two numbers whose lower 16 bits are zero; the even one of equally near ones.</summary>
    private static float NearestBFloat16(float value)
    {
        if (!float.IsFinite(value)) return value;
        var lower = BitConverter.SingleToUInt32Bits(value) & 0xffff0000;
        var (down, up) = (BitConverter.UInt32BitsToSingle(lower), BitConverter.UInt32BitsToSingle(lower + 0x10000));
        var upValue = float.IsInfinity(up) ? Math.CopySign(Math.Pow(2, 128), up) : up;
        double toDown = Math.Abs((double)value - down), toUp = Math.Abs(upValue - value);
        return toDown < toUp || (toDown == toUp && (lower & 0x10000) == 0) ? down : up;
    }
}
