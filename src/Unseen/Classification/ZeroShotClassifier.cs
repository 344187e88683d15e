using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Models;

namespace Unseen.Classification;

/// <summary>
/// A trained model in use: pictures in, class names with probabilities out, and classes that come and go without training. Load it once
/// and call it from as many threads as you like.
/// </summary>
public sealed partial class ZeroShotClassifier : IDisposable
{
    private const int MaximumBytes = 1 << 30;

    /// <summary>Blocks that take less grow: at the end of each a core waits for the last picture. Longer ones would hold back answers and progress.</summary>
    private static readonly TimeSpan QuickBlock = TimeSpan.FromMilliseconds(500);

    private readonly ClassifierOptions options;
    private readonly JoinedBackbones backbones;
    private readonly Lock scoring = new();     // guards the model, which is not thread-safe
    private readonly Lock editing = new();
    private volatile ModelClasses classes;      // replaced as a whole, so that readers never see half a change
    private readonly FeatureKind kind;
    private ScoringModel model;
    private bool disposed;

    private ZeroShotClassifier(ClassifierOptions options, ModelClasses classes, JoinedBackbones backbones, ScoringModel model) =>
        (this.options, this.classes, this.backbones, this.model, kind) = (options, classes, backbones, model, model.FeatureKind);

    /// <summary>Loads a model with its backbones.</summary>
    /// <param name="modelDirectory">Model folder, or the run folder that holds it.</param>
    /// <param name="options">How it is used; null for the defaults.</param>
    /// <exception cref="DatasetFormatException">The folder holds no model, or a file of it is damaged or missing.</exception>
    /// <exception cref="CheckpointMismatchException">A file belongs to another model.</exception>
    /// <exception cref="ConfigurationException">An option is wrong, or means nothing for the method.</exception>
    public static ZeroShotClassifier Load(string modelDirectory, ClassifierOptions? options = null)
    {
        options ??= new();
        options.Validate();
        var classes = ModelClasses.Open(modelDirectory);
        var record = Used(classes.Record, options);
        // The two native libraries take most of the time to load: side by side.
        var loading = Task.Run(() => JoinedBackbones.Load(classes.ModelDirectory, record, options));
        ScoringModel? model = null;
        try
        {
            model = ScoringModel.Load(classes.ModelDirectory, record);
            return new(options, classes, loading.GetAwaiter().GetResult(), model);
        }
        catch
        {
            model?.Dispose();
            // A process that ends while the native library starts up may crash, so the other half is awaited; its own error is of no more interest.
            ((IAsyncResult)loading).AsyncWaitHandle.WaitOne();
            if (loading.IsCompletedSuccessfully) loading.Result.Dispose();
            throw;
        }
    }

    /// <summary>What is known about the model: method, options, classes, attributes, provenance, figures.</summary>
    public ModelRecord Model => classes.Record;

    /// <summary>False when the model was trained without validation figures, so that probabilities are softmax with T = 1.</summary>
    public bool IsCalibrated => Model.Selection.Validation?.Temperature is not null;

    /// <summary>Classifies a file.</summary>
    /// <exception cref="UnreadableImageException">The file is missing, no picture, damaged, truncated or too large.</exception>
    public ClassifiedImage Classify(string path)
    {
        using var image = ImageDecoder.DecodeFile(path, options.MaximumPixels);
        return Classify(image, path);
    }

    /// <summary>Classifies an encoded picture in memory.</summary>
    /// <param name="encoded">Content of an image file.</param>
    /// <param name="name">Name for the result and messages.</param>
    /// <exception cref="UnreadableImageException">The bytes are no picture, damaged, truncated or too large.</exception>
    public ClassifiedImage Classify(ReadOnlySpan<byte> encoded, string name)
    {
        using var image = ImageDecoder.Decode(encoded, name, options.MaximumPixels);
        return Classify(image, name);
    }

    /// <summary>Classifies an encoded picture from a stream, which is read to its end.</summary>
    /// <param name="stream">Content of an image file; stays the caller's.</param>
    /// <param name="name">Name for the result and messages.</param>
    /// <exception cref="UnreadableImageException">The bytes are no picture, damaged, truncated or too large.</exception>
    public ClassifiedImage Classify(Stream stream, string name)
    {
        using var bytes = new MemoryStream();
        var block = new byte[1 << 16];
        for (int read; (read = stream.Read(block)) > 0; bytes.Write(block, 0, read))
            if (bytes.Length + read > MaximumBytes)
                throw new UnreadableImageException(name, $"the stream has more than {MaximumBytes} bytes, which is the limit.");
        return Classify(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), name);
    }

    /// <summary>
    /// Classifies many files, in order. Several are decoded and sent through the backbones at the same time, and results come in blocks
    /// of 16 per worker, of quick backbones up to 64, so that memory does not grow with the number of files. A file that cannot be read does not stop the others. Of a
    /// sequence that is still growing, what is there is answered as soon as no more comes; it is read on another thread.
    /// </summary>
    /// <param name="paths">Files; may be a sequence that is still growing.</param>
    /// <param name="progress">Receives pictures done and pictures per second; the total is 0 unless the number of files is known.</param>
    /// <param name="cancellation">Cancels between pictures.</param>
    public IEnumerable<ClassifiedFile> ClassifyFiles(
        IEnumerable<string> paths, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var workers = options.Workers > 0 ? options.Workers : Environment.ProcessorCount;
        var total = paths.TryGetNonEnumeratedCount(out var count) ? count : 0;
        var clock = Stopwatch.StartNew();
        var (done, size) = (0, Math.Clamp(16 * workers, 16, 256));
        foreach (var block in FileBlocks.Of(paths, () => size, cancellation))
        {
            var began = clock.Elapsed;
            var files = ClassifyBlock(block, workers, cancellation);
            if (block.Length >= size && clock.Elapsed - began < QuickBlock) size = Math.Min(2 * size, Math.Max(size, 64 * workers));
            foreach (var file in files) yield return file;
            done += block.Length;
            progress?.Report(new("predict", done, total, "images",
                string.Create(CultureInfo.InvariantCulture, $"{done / clock.Elapsed.TotalSeconds:F1} images/s")));
        }
    }

    /// <summary>Frees the model and its backbones. No other call may be running.</summary>
    public void Dispose()
    {
        lock (scoring)
        {
            if (disposed) return;
            disposed = true;
            model.Dispose();
            backbones.Dispose();
        }
    }

    private static ModelRecord Used(ModelRecord record, ClassifierOptions options)
    {
        if (options.Precision is not { } precision) return record;
        return MethodCatalog.Find(record.Method).Fault(precision) is { } fault
            ? throw new ConfigurationException([fault])
            : record with { Precision = precision };
    }

    private ClassifiedImage Classify(DecodedImage image, string name)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var result = Score([name], [backbones.Read(image, name, kind)])[0];
        return result.Image ?? throw result.Error!;
    }

    private ClassifiedFile[] ClassifyBlock(string[] paths, int workers, CancellationToken cancellation)
    {
        var features = new float[]?[paths.Length];
        var errors = new UnseenException?[paths.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation };
        // One picture at a time for each worker: decoding of one overlaps the inference of another.
        var order = Partitioner.Create(Enumerable.Range(0, paths.Length), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(order, parallel, i =>
        {
            try
            {
                using var image = ImageDecoder.DecodeFile(paths[i], options.MaximumPixels);
                features[i] = backbones.Read(image, paths[i], kind);
            }
            catch (UnseenException e) { errors[i] = e; }
            catch (OutOfMemoryException) { errors[i] = new UnreadableImageException(paths[i], "there is not enough memory to decode it. Lower the number of threads or the limit on pixels."); }
        });
        var readable = Enumerable.Range(0, paths.Length).Where(i => features[i] is not null).ToArray();
        var scored = Score(Array.ConvertAll(readable, i => paths[i]), Array.ConvertAll(readable, i => features[i]!));
        var results = Array.ConvertAll(errors, error => new ClassifiedFile("", null, error));
        foreach (var (i, result) in readable.Zip(scored)) results[i] = result;
        return [.. results.Zip(paths, (result, path) => result with { Path = path })];
    }

    private ClassifiedFile[] Score(string[] names, float[][] features)
    {
        if (names.Length == 0) return [];
        lock (scoring)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var current = model.Classes;
            return [.. model.Score(features).Zip(names, (scores, name) => Result(name, current, scores))];
        }
    }

    private ClassifiedFile Result(string name, ScoredClasses scored, float[] scores)
    {
        try { return new(name, new ClassifiedImage(name, scored, scores, options.Candidates), null); }
        catch (UnseenException e) { return new(name, null, e); }
    }
}
