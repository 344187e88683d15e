using Unseen.Data.Formats;
using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

public sealed class FeatureStoreWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly float[][] features = FeatureStoreTests.Features(10, 3);

    private string Store => folder.File("a.safetensors");

    [Fact]
    public void AResumedStoreEqualsAnUninterruptedOne()
    {
        var expected = WriteWhole();
        foreach (var torn in Enumerable.Range(0, 9)) // the journal's last record may be cut anywhere
        {
            Begin(finished: [7, 2, 4]);
            using (var journal = new FileStream(Store + ".journal", FileMode.Append)) journal.Write(new byte[torn % 8]);
            using (var writer = FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10)))
            {
                Assert.Equal(3, writer.Resumed);
                Assert.Equal([2, 4, 7], Enumerable.Range(0, 10).Where(writer.IsFinished));
                Finish(writer);
            }
            Assert.Equal(expected, File.ReadAllBytes(Store));
            Assert.False(File.Exists(Store + ".partial") || File.Exists(Store + ".journal"));
        }
    }

    [Fact]
    public void AnInterruptedResumeCanBeResumed()
    {
        var expected = WriteWhole();
        Begin(finished: [0, 1]);
        using (var writer = FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10))) writer.Write(5, features[5]);
        using (var writer = FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10)))
        {
            Assert.Equal(3, writer.Resumed);
            Finish(writer);
        }
        Assert.Equal(expected, File.ReadAllBytes(Store));
    }

    [Fact]
    public void ARowThatDidNotReachTheDiskIsWrittenAgain()
    {
        var expected = WriteWhole();
        Begin(finished: [0, 1, 2]);
        using (var rows = SafetensorsRowWriter.Open(Store + ".partial")) rows.WriteRow(1, new byte[60]); // as after a power failure
        using (var writer = FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10)))
        {
            Assert.Equal([0, 2], Enumerable.Range(0, 10).Where(writer.IsFinished));
            Finish(writer);
        }
        Assert.Equal(expected, File.ReadAllBytes(Store));
    }

    [Fact]
    public void AKillBetweenTheTwoFilesStartsAgain()
    {
        var expected = WriteWhole();
        foreach (var lost in new[] { ".journal", ".partial" })
        {
            Begin(finished: [3]);
            File.Delete(Store + lost);
            using (var writer = FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10)))
            {
                Assert.Equal(0, writer.Resumed);
                Finish(writer);
            }
            Assert.Equal(expected, File.ReadAllBytes(Store));
        }
    }

    [Fact]
    public void OtherOptionsAreNotResumed()
    {
        Begin(finished: [3]);
        var other = FeatureStoreTests.Metadata(10) with { Backbone = FeatureStoreTests.Backbone with { Sha256 = "4567" } };
        var error = Assert.Throws<CheckpointMismatchException>(() => FeatureStoreWriter.Resume(Store, other));
        Assert.Equal($"{Store}.partial was begun with other pictures, another backbone or other options. Use the same as before, or " +
            "start again with --force.",
            error.Message);
        Assert.Throws<CheckpointMismatchException>(() => FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(9)));
        Assert.Throws<CheckpointMismatchException>(() =>
            FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10), SafetensorsType.BF16));
    }

    [Fact]
    public void CreateForgetsWhatWasBegun()
    {
        Begin(finished: [3]);
        using var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10));
        Assert.Equal((0, false), (writer.Resumed, writer.IsFinished(3)));
    }

    [Theory]
    [InlineData(float.NaN, SafetensorsType.F32, "are not all finite numbers. The backbone is damaged, or its preprocessing does not suit it.")]
    [InlineData(float.PositiveInfinity, SafetensorsType.BF16, "are not all finite numbers. The backbone is damaged, or its preprocessing does not suit it.")]
    [InlineData(-70000f, SafetensorsType.F16, "reach 70000, but f16 holds numbers up to 65504. Use --dtype bf16 or f32.")]
    [InlineData(65520f, SafetensorsType.F16, "reach 65520, but f16 holds numbers up to 65504. Use --dtype bf16 or f32.")]
    public void NumbersThatTheStoreCannotHoldAreRefused(float value, SafetensorsType type, string problem)
    {
        using var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10), type);
        var row = (float[])features[4].Clone();
        row[7] = value;
        Assert.Equal($"{Store}: the features of picture '{writer.Metadata.Names[4]}' {problem}",
            Assert.Throws<UnseenException>(() => writer.Write(4, row)).Message);
        Assert.False(writer.IsFinished(4));
        writer.Write(4, [.. features[4].Select((v, i) => i == 7 && type != SafetensorsType.F16 ? 70000f : i == 7 ? -65504f : v)]);
        Assert.True(writer.IsFinished(4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("new/")]
    public void AFolderIsNoStore(string name)
    {
        var path = Path.Join(folder.Path, name);
        var error = Assert.Throws<ConfigurationException>(() => FeatureStoreWriter.Create(path, FeatureStoreTests.Metadata(10)));
        Assert.Equal($"{path} is a folder. Name a file for the feature store, for example {Path.Join(path, "features.safetensors")}.", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void RowsLeftOutAreNotInTheStore()
    {
        using (var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10)))
        {
            for (var row = 0; row < 10; row++)
                if (row is not (0 or 6)) writer.Write(row, features[row]);
            writer.Complete([0, 6]);
        }
        using var store = FeatureStore.Open(Store);
        Assert.Equal((8, -1, -1, 0, 7),
            (store.Images, store.RowOf("b/0.jpg"), store.RowOf("b/6.jpg"), store.RowOf("b/1.jpg"), store.RowOf("b/9.jpg")));
        var row9 = new float[30];
        store.Read(7, row9);
        Assert.Equal(features[9].Select(v => (float)(Half)v), row9);
        Assert.Equal([store.Path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void AnUnfinishedStoreHasNoName()
    {
        using var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10));
        writer.Write(0, features[0]);
        var error = Assert.Throws<InvalidOperationException>(() => writer.Complete());
        Assert.Equal("Row 1 ('b/1.jpg') was not written.", error.Message);
        Assert.False(File.Exists(Store));
    }

    [Fact]
    public void TwoProcessesCannotWriteOneStore()
    {
        using var first = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10));
        var error = Assert.Throws<UnseenException>(() => FeatureStoreWriter.Resume(Store, FeatureStoreTests.Metadata(10)));
        Assert.StartsWith($"{Store}: the feature store cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManyThreadsMayWrite()
    {
        var expected = WriteWhole();
        using (var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10)))
        {
            Parallel.For(0, 10, row => writer.Write(row, features[row]));
            writer.Complete();
        }
        Assert.Equal(expected, File.ReadAllBytes(Store));
    }

    [Fact]
    public void WrongRowsAreRefused()
    {
        using var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Write(10, features[0]));
        Assert.Equal("features must be [6, 5], found 29 floats.",
            Assert.Throws<ShapeException>(() => writer.Write(0, features[0].AsSpan(1))).Message);
        Assert.Throws<ConfigurationException>(() =>
            FeatureStoreWriter.Create(folder.File("b"), FeatureStoreTests.Metadata(1), SafetensorsType.I8));
        var unordered = FeatureStoreTests.Metadata(2) with { Names = ["b", "a"] };
        Assert.Throws<ArgumentException>(() => FeatureStoreWriter.Create(folder.File("b"), unordered));
    }

    public void Dispose() => folder.Dispose();

    private byte[] WriteWhole()
    {
        using (var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10))) Finish(writer);
        return File.ReadAllBytes(Store);
    }

    /// <summary>Leaves what a killed process leaves: some rows in the partial file, and no finished store.</summary>
    private void Begin(int[] finished)
    {
        File.Delete(Store);
        using var writer = FeatureStoreWriter.Create(Store, FeatureStoreTests.Metadata(10));
        foreach (var row in finished) writer.Write(row, features[row]);
    }

    private void Finish(FeatureStoreWriter writer)
    {
        for (var row = 9; row >= 0; row--)
            if (!writer.IsFinished(row)) writer.Write(row, features[row]);
        writer.Complete();
    }
}
