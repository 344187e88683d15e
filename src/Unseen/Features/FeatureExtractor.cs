using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace Unseen.Features;

/// <summary>
/// Extracts the features of many pictures into a store. Each worker takes a picture through decoding, inference and writing by itself:
/// one picture at a time on one thread keeps the activations in its cache, needs no queue, overlaps decoding with the inference of the
/// other workers, and makes every row independent of its neighbours, so a resumed or divided run gives the same bytes.
/// </summary>
public sealed class FeatureExtractor
{
    private readonly IBackbone backbone;
    private readonly ExtractionOptions options;
    private readonly ImagePreprocessor preprocessor;
    private readonly IReadOnlyList<ImageSource> images;
    private readonly ConcurrentDictionary<int, UnreadableImageException> unreadable = new();

    private FeatureExtractor(IBackbone backbone, ExtractionOptions options)
    {
        if (options is { Resume: true, Force: true })
            throw new ConfigurationException(["Resume continues what is there and Force replaces it: set one of them, not both."]);
        (this.backbone, this.options) = (backbone, options);
        preprocessor = new(backbone.Description.Preprocessing, options.MaximumPixels);
        var ordered = ImageSource.Order(options.Images);
        images = [.. ordered.Take(options.Shard.Of(ordered.Count))];
    }

    /// <summary>Extracts.</summary>
    /// <param name="backbone">Backbone; best loaded with one thread (<see cref="BackboneOptions.Threads"/> = 1), since pictures run side by
    /// side.</param>
    /// <param name="options">What to extract, from what, to where.</param>
    /// <param name="progress">Receives pictures done, pictures per second and the time left.</param>
    /// <param name="cancellation">Stops after the pictures in work; what is done stays for <see cref="ExtractionOptions.Resume"/>.</param>
    /// <exception cref="UnreadableImageException">A picture cannot be decoded and <see cref="ExtractionOptions.SkipUnreadable"/> is
    /// off.</exception>
    /// <exception cref="ConfigurationException">There is no picture, the store exists already or was left unfinished, its
    /// path is a folder, or both <see cref="ExtractionOptions.Resume"/> and <see cref="ExtractionOptions.Force"/> are set.</exception>
    /// <exception cref="CheckpointMismatchException">An earlier process had other pictures, another backbone or other options.</exception>
    public static ExtractionResult Run(
        IBackbone backbone, ExtractionOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default) =>
        new FeatureExtractor(backbone, options).Run(progress, cancellation);

    private ExtractionResult Run(IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var output = Path.GetFullPath(options.Output);
        if (images.Count == 0)
            throw new ConfigurationException([$"Shard {options.Shard} has no picture to extract: there are {options.Images.Count}."]);
        var metadata = Metadata();
        if (Finished(output, metadata) is { } done) return done with { Elapsed = clock.Elapsed };
        using var writer = OpenWriter(output, metadata);
        ExtractAll(writer, new(progress, images.Count, writer.Resumed), cancellation);
        if (unreadable.Count == images.Count) throw unreadable.OrderBy(u => u.Key).First().Value;
        writer.Complete([.. unreadable.Keys]);
        return new(output, images.Count - unreadable.Count, writer.Resumed, [.. unreadable.OrderBy(u => u.Key).Select(u => u.Value)],
            clock.Elapsed);
    }

    private FeatureStoreWriter OpenWriter(string output, FeatureMetadata metadata)
    {
        if (options.Resume) return FeatureStoreWriter.Resume(output, metadata, options.ElementType);
        return options.Force
            ? FeatureStoreWriter.Create(output, metadata, options.ElementType)
            : FeatureStoreWriter.CreateNew(output, metadata, options.ElementType);
    }

    private FeatureMetadata Metadata() => new()
    {
        Backbone = backbone.Description,
        Names = [.. images.Select(i => i.Name)],
        ByteLengths = [.. images.Select(i => i.ByteLength ?? FeatureMetadata.UnknownLength)],
        FinishedShards = options.Shard == Shard.Whole ? FeatureMetadata.AllShards : options.Shard.ToString(),
    };

    /// <summary>An existing store: the result when it is resumed and complete, an error when it must not be replaced, else null.</summary>
    private ExtractionResult? Finished(string output, FeatureMetadata metadata)
    {
        if (!File.Exists(output) || options.Force) return null;
        if (!options.Resume)
            throw new ConfigurationException([$"{output} exists already. Choose another --out, or replace it with --force."]);
        using var store = FeatureStore.Open(output);
        var kept = Enumerable.Range(0, images.Count).Where(row => store.RowOf(images[row].Name) >= 0).ToList();
        var expected = FeatureStoreWriter.Select(metadata, kept);
        if (kept.Count != store.Images || (kept.Count < images.Count && !options.SkipUnreadable) || store.ElementType != options.ElementType
            || !FinishedRows.PlanOf(expected.Declaration(store.ElementType), expected.ToHeader()).AsSpan()
                .SequenceEqual(FinishedRows.PlanOf(store.Metadata.Declaration(store.ElementType), store.Metadata.ToHeader())))
            throw new CheckpointMismatchException($"{output} is a finished store of other pictures, another backbone or other options. " +
                "Choose another --out, or replace it with --force.");
        return new(output, store.Images, store.Images, [], TimeSpan.Zero);
    }

    private void ExtractAll(FeatureStoreWriter writer, ExtractionProgress progress, CancellationToken cancellation)
    {
        var workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        var rows = Partitioner.Create(Enumerable.Range(0, images.Count).Where(row => !writer.IsFinished(row)),
            EnumerablePartitionerOptions.NoBuffering);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(rows, parallel, () => new Buffers(backbone.Description), (row, _, buffers) =>
            {
                Extract(row, writer, buffers);
                progress.Advance();
                return buffers;
            }, _ => { });
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<UnseenException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private void Extract(int row, FeatureStoreWriter writer, Buffers buffers)
    {
        try
        {
            preprocessor.ReadFile(images[row].Path, buffers.Input);
        }
        catch (UnreadableImageException e) when (options.SkipUnreadable)
        {
            unreadable[row] = e;
            return;
        }
        backbone.Run(buffers.Input, 1, buffers.Output);
        writer.Write(row, buffers.Output);
    }

    private sealed record Buffers(float[] Input, float[] Output)
    {
        public Buffers(BackboneDescription backbone)
            : this(new float[backbone.Preprocessing.InputLength], new float[backbone.OutputLength]) { }
    }

    /// <summary>Counts pictures and reports speed and time left.</summary>
    private sealed class ExtractionProgress(IProgress<ProgressUpdate>? progress, int total, int resumed)
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private int done;

        public void Advance()
        {
            var now = Interlocked.Increment(ref done);
            if (progress is null) return;
            var speed = now / clock.Elapsed.TotalSeconds;
            var left = TimeSpan.FromSeconds((total - resumed - now) / speed);
            progress.Report(new("extract", resumed + now, total, "images",
                string.Create(CultureInfo.InvariantCulture, $"{speed:F1} images/s, {left:hh\\:mm\\:ss} left")));
        }
    }
}
