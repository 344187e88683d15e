using Unseen.Data.Formats;
using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Features;

public sealed class FeatureExtractorTests : IDisposable
{
    private const int Count = 11;
    private readonly TemporaryFolder folder = new();
    private readonly OnnxBackbone backbone;
    private readonly List<ImageSource> images = [];

    public FeatureExtractorTests()
    {
        backbone = OnnxBackbone.Load(folder.File("tiny.onnx", TinyOnnx.Maps(2, 3)),
            new() { Preprocessing = OnnxBackboneTests.Raw(2, 3), Threads = 1 });
        for (var i = Count - 1; i >= 0; i--) images.Add(new($"class/{i:D2}.png", folder.File($"{i:D2}.png", TestPictures.Png(2, 3, i))));
    }

    private string Out => folder.File("out.safetensors");

    [Fact]
    public void EveryPictureHasItsRow()
    {
        var updates = new List<ProgressUpdate>();
        var result = Run(Options with { Workers = 1 }, new Recorder(updates));

        Assert.Equal((Out, Count, 0, 0), (result.Store, result.Images, result.Resumed, result.Unreadable.Count));
        using var store = FeatureStore.Open(Out);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"class/{i:D2}.png"), store.Names);
        var row = new float[18];
        for (var i = 0; i < Count; i++)
        {
            store.Read(i, row);
            Assert.Equal(Enumerable.Range(i, 18).Select(v => (float)v), row); // region after region, red green blue
        }
        store.RequireMatch(images);
        Assert.Equal(Enumerable.Range(1, Count).Select(i => (long)i), updates.Select(u => u.Done));
        Assert.All(updates, u => Assert.Matches(@"^\d+\.\d images/s, \d\d:\d\d:\d\d left$", u.Detail));
        Assert.Equal([Out], Directory.GetFiles(folder.Path, "out*"));
    }

    [Fact]
    public void ToContinueAndToReplaceIsRefused()
    {
        Assert.Equal("Resume continues what is there and Force replaces it: set one of them, not both.",
            Assert.Throws<ConfigurationException>(() => Run(Options with { Resume = true, Force = true })).Message);
        Assert.Empty(Directory.GetFiles(folder.Path, "out*"));
    }

    [Fact]
    public void TheNumberOfWorkersDoesNotMatter()
    {
        var one = Extract(Options with { Workers = 1 });
        Assert.Equal(one, Extract(Options with { Workers = 4, Force = true }));
    }

    [Fact]
    public void AnInterruptedRunResumesToTheSameBytes()
    {
        var expected = Extract(Options);
        File.Delete(Out);
        Stop(after: 4);
        Assert.False(File.Exists(Out));

        var result = Run(Options with { Resume = true });

        Assert.Equal((Count, 4), (result.Images, result.Resumed));
        Assert.Equal(expected, File.ReadAllBytes(Out));
        var again = Run(Options with { Resume = true });
        Assert.Equal((Count, Count), (again.Images, again.Resumed));
    }

    [Fact]
    public void ResumeOnNothingStarts() => Assert.Equal(Extract(Options with { Resume = true }), Extract(Options with { Force = true }));

    [Fact]
    public void AnExistingStoreIsNotReplacedSilently()
    {
        Extract(Options);
        var error = Assert.Throws<ConfigurationException>(() => Run(Options));
        Assert.Equal($"{Out} exists already. Choose another --out, or replace it with --force.", error.Message);
        var other = Assert.Throws<CheckpointMismatchException>(() =>
            Run(Options with { Resume = true, ElementType = SafetensorsType.F32 }));
        Assert.Equal($"{Out} is a finished store of other pictures, another backbone or other options. Choose another --out, or " +
            "replace it with --force.", other.Message);
        Assert.Throws<CheckpointMismatchException>(() => Run(Options with { Resume = true, Images = images[1..] }));
    }

    [Fact]
    public void AnUnfinishedStoreIsNotThrownAwaySilently()
    {
        Stop(after: 4);
        var error = Assert.Throws<ConfigurationException>(() => Run(Options));
        Assert.Equal($"{Out}.partial is an unfinished extraction (pictures done: 4). Continue it with --resume, or start again with --force.",
            error.Message);
        Assert.Equal(4, Run(Options with { Resume = true }).Resumed);
        File.Delete(Out);
        Stop(after: 4);
        Assert.Equal(0, Run(Options with { Force = true }).Resumed);
    }

    [Fact]
    public void AStoreInWhichNothingIsDoneIsBegunAgain()
    {
        folder.File("00.png", "not a picture");
        Assert.Throws<UnreadableImageException>(() => Run(Options with { Workers = 1 }));
        folder.File("00.png", TestPictures.Png(2, 3, 0));
        Assert.Equal(Count, Run(Options).Images);
    }

    [Fact]
    public void AFolderIsRefusedBeforeThePicturesAreRead()
    {
        var updates = new List<ProgressUpdate>();
        Directory.CreateDirectory(Out);
        Assert.StartsWith($"{Out} is a folder.", Assert.Throws<ConfigurationException>(() => Run(Options, new Recorder(updates))).Message,
            StringComparison.Ordinal);
        Assert.Empty(updates);
        Assert.Equal([Out], Directory.EnumerateFileSystemEntries(folder.Path, "out*"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(11)]
    public void MergedPartsEqualASingleRun(int parts)
    {
        var expected = Extract(Options);
        var files = Parts(parts);
        if (parts == 1) return; // one shard is the whole and needs no merge
        var merged = Merge([.. files.Reverse()], folder.File("merged.safetensors"));
        Assert.Equal(Count, merged.Images);
        Assert.Equal(expected, File.ReadAllBytes(merged.Store));
    }

    [Fact]
    public void AnInterruptedMergeGoesOn()
    {
        var expected = Extract(Options);
        File.Delete(Out);
        var parts = Parts(3);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            FeatureStoreMerge.Run(parts, Out, progress: new Recorder([], () => stop.Cancel(), 4), cancellation: stop.Token));

        Assert.Equal(4, Merge(parts, Out).Resumed);
        Assert.Equal(expected, File.ReadAllBytes(Out));
    }

    [Fact]
    public void AMergeKeepsAnUnfinishedExtractionOfSomethingElse()
    {
        Stop(after: 4);
        var before = File.ReadAllBytes(FeatureStoreWriter.PartialOf(Out));
        var parts = Parts(2, SafetensorsType.F32);

        Assert.Throws<CheckpointMismatchException>(() => Merge(parts, Out));
        Assert.Equal(before, File.ReadAllBytes(FeatureStoreWriter.PartialOf(Out)));

        FeatureStoreMerge.Run(parts, Out, force: true, cancellation: TestContext.Current.CancellationToken);
        using var store = FeatureStore.Open(Out);
        Assert.Equal((SafetensorsType.F32, Count), (store.ElementType, store.Images));
    }

    [Fact]
    public void WrongPartsAreNamed()
    {
        var parts = Parts(3);
        var whole = folder.File("whole.safetensors");
        Run(Options with { Output = whole });
        var half = folder.File("half.safetensors");
        Run(Options with { Output = half, Shard = new(0, 2) });
        var wide = folder.File("wide.safetensors");
        Run(Options with { Output = wide, Shard = new(2, 3), ElementType = SafetensorsType.F32 });

        Assert.Equal($"{parts[2]}: not all parts are given; missing: 1/3.", Refused(parts[2], parts[0]));
        Assert.Equal($"{parts[1]}: part 1/3 is also in {parts[1]}.", Refused(parts[0], parts[1], parts[1]));
        Assert.Equal($"{whole}: this store is complete already, not a part made with --shard.", Refused(whole));
        Assert.Equal($"{half}: this is part 0/2, but {parts[0]} is part 0/3: not one extraction.", Refused(parts[0], half));
        Assert.Equal($"{wide}: made by another backbone, preprocessing or element type than {parts[0]}.",
            Refused(parts[0], parts[1], wide));
        Assert.Throws<ConfigurationException>(() => Merge([], Out));
        Assert.Throws<ConfigurationException>(() => Merge(parts, whole));
        Assert.False(File.Exists(Out));

        string Refused(params string[] files) => Assert.Throws<DatasetFormatException>(() => Merge(files, Out)).Message;
    }

    [Fact]
    public void AnUnreadablePictureStopsTheRunAndIsNamed()
    {
        var broken = folder.File("05.png", "not a picture");
        var error = Assert.Throws<UnreadableImageException>(() => Run(Options));
        Assert.Equal($"{broken}: this is not a JPEG, PNG, WebP, GIF or BMP picture.", error.Message);
        Assert.False(File.Exists(Out));

        folder.File("05.png", TestPictures.Png(2, 3, 5));
        Assert.Throws<CheckpointMismatchException>(() => Run(Options with { Resume = true })); // its length is another one now
    }

    [Fact]
    public void UnreadablePicturesCanBeLeftOut()
    {
        folder.File("05.png", "not a picture");
        File.Delete(folder.File("00.png"));

        var result = Run(Options with { SkipUnreadable = true });

        Assert.Equal(Count - 2, result.Images);
        Assert.Equal([folder.File("00.png"), folder.File("05.png")], result.Unreadable.Select(u => u.Image));
        using (var store = FeatureStore.Open(Out))
        {
            Assert.Equal((Count - 2, -1, -1), (store.Images, store.RowOf("class/00.png"), store.RowOf("class/05.png")));
            var row = new float[18];
            store.Read(store.RowOf("class/06.png"), row);
            Assert.Equal(Enumerable.Range(6, 18).Select(v => (float)v), row);
            Assert.Throws<DatasetFormatException>(() => store.RequireMatch(images));
        }
        Assert.Equal(Count - 2, Run(Options with { SkipUnreadable = true, Resume = true }).Resumed);
        Assert.Throws<CheckpointMismatchException>(() => Run(Options with { Resume = true }));
    }

    [Fact]
    public void WithoutAnyReadablePictureThereIsNoStore()
    {
        foreach (var image in images) File.WriteAllText(image.Path, "no");
        Assert.Throws<UnreadableImageException>(() => Run(Options with { SkipUnreadable = true }));
        Assert.Throws<ConfigurationException>(() => Run(Options with { Images = [] }));
        Assert.False(File.Exists(Out));
    }

    [Fact]
    public void APictureListedTwiceIsExtractedOnce()
    {
        Run(Options with { Images = [.. images, .. images] });
        using var store = FeatureStore.Open(Out);
        Assert.Equal(Count, store.Images);
    }

    public void Dispose()
    {
        backbone.Dispose();
        folder.Dispose();
    }

    private ExtractionOptions Options => new() { Images = images, Output = Out };

    private ExtractionResult Run(ExtractionOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken? cancellation = null) =>
        FeatureExtractor.Run(backbone, options, progress, cancellation ?? TestContext.Current.CancellationToken);

    /// <summary>Extracts the pictures in parts; the stores, in order.</summary>
    private string[] Parts(int count, SafetensorsType type = SafetensorsType.F16)
    {
        string[] parts = [.. Enumerable.Range(0, count).Select(i => folder.File($"part-{i}.safetensors"))];
        for (var i = 0; i < count; i++) Run(Options with { Output = parts[i], Shard = new(i, count), ElementType = type });
        return parts;
    }

    private static ExtractionResult Merge(IReadOnlyList<string> parts, string output) =>
        FeatureStoreMerge.Run(parts, output, cancellation: TestContext.Current.CancellationToken);

    /// <summary>Cancels an extraction when some pictures are done.</summary>
    private void Stop(int after)
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Run(Options with { Workers = 1 }, new Recorder([], () => stop.Cancel(), after), stop.Token));
    }

    private byte[] Extract(ExtractionOptions options)
    {
        Run(options);
        return File.ReadAllBytes(Out);
    }

    private sealed class Recorder(List<ProgressUpdate> updates, Action? action = null, int after = 0) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            updates.Add(value);
            if (updates.Count == after) action?.Invoke();
        }
    }
}
