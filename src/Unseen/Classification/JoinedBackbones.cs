using System.Buffers;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Explanation;
using Unseen.Features;
using Unseen.Models;
using Unseen.Synthetic;

namespace Unseen.Classification;

/// <summary>
/// The backbones of a model, joined as in its training: a decoded picture in, features out. A model that reads pictures itself has none: a
/// decoded picture in, pixels out. Thread-safe.
/// </summary>
internal sealed class JoinedBackbones : IDisposable
{
    private readonly List<IBackbone> backbones = [];
    private readonly List<ImagePreprocessor> preprocessors = [];
    private readonly FeatureJoin? join;      // null: pixels

    private JoinedBackbones(ModelRecord record)
    {
        if (record.Pictures is not null) return;
        var parts = record.Backbones.Select(b => new FeaturePart(b.Description.Path, b.Description.Grid, b.Description.Visual));
        join = new FeatureJoin([.. parts], record.Grid, record.FeatureWeights);
        Visual = record.Backbones.Sum(b => b.Description.Visual);
    }

    private int Visual { get; }

    /// <summary>Loads the backbones of a model.</summary>
    /// <exception cref="DatasetFormatException">A backbone file is missing or cannot be used.</exception>
    /// <exception cref="CheckpointMismatchException">A file is not the backbone that the model was trained with.</exception>
    public static JoinedBackbones Load(string modelDirectory, ModelRecord record, ClassifierOptions options)
    {
        var given = new GivenBackbones(options.Backbones);
        var joined = new JoinedBackbones(record);
        try
        {
            foreach (var backbone in record.Backbones)
            {
                var file = BackboneFile(modelDirectory, backbone, given);
                var settings = BackboneOptions.From(backbone.Description) with { Threads = options.ThreadsPerImage };
                joined.backbones.Add(LoadSame(file, settings, backbone.Description));
                joined.preprocessors.Add(new ImagePreprocessor(backbone.Description.Preprocessing, options.MaximumPixels));
            }
            if (record.Pictures is { } pictures) joined.preprocessors.Add(new ImagePreprocessor(pictures.Preprocessing, options.MaximumPixels));
            return joined;
        }
        catch
        {
            joined.Dispose();
            throw;
        }
    }

    /// <summary>Features of one picture, as the model takes them.</summary>
    /// <exception cref="UnreadableImageException">The picture cannot be resized within the limit of pixels.</exception>
    public float[] Read(DecodedImage image, string name, FeatureKind kind) => Read(image, name, kind, look: null);

    /// <summary>Features of one picture, and the picture as the first backbone, or the model itself, sees it.</summary>
    /// <exception cref="UnreadableImageException">The picture cannot be resized within the limit of pixels.</exception>
    public float[] Read(DecodedImage image, string name, FeatureKind kind, out PictureView view)
    {
        PictureView? seen = null;
        var features = Read(image, name, kind, input => seen = PictureView.Of(input, preprocessors[0].Options));
        view = seen!;
        return features;
    }

    private float[] Read(DecodedImage image, string name, FeatureKind kind, Action<ReadOnlySpan<float>>? look)
    {
        if (join is null)
        {
            var pixels = Pixels(image, name);
            look?.Invoke(pixels);
            return pixels;
        }
        var features = new float[(kind == FeatureKind.Regions ? join.Regions : 1) * Visual];
        for (var part = 0; part < backbones.Count; part++) Read(part, image, name, kind, features, part == 0 ? look : null);
        return features;
    }

    private float[] Pixels(DecodedImage image, string name)
    {
        var input = new float[preprocessors[0].Options.InputLength];
        preprocessors[0].Read(image, name, input);
        return input;
    }

    private void Read(int part, DecodedImage image, string name, FeatureKind kind, float[] features, Action<ReadOnlySpan<float>>? look)
    {
        var backbone = backbones[part];
        var (inputLength, outputLength) = (backbone.Description.Preprocessing.InputLength, backbone.Description.OutputLength);
        var input = ArrayPool<float>.Shared.Rent(inputLength);
        var output = ArrayPool<float>.Shared.Rent(outputLength);
        preprocessors[part].Read(image, name, input.AsSpan(0, inputLength));
        look?.Invoke(input.AsSpan(0, inputLength));
        backbone.Run(input.AsSpan(0, inputLength), 1, output.AsSpan(0, outputLength));
        if (kind == FeatureKind.Regions) join!.AddRegions(part, output.AsSpan(0, outputLength), features);
        else join!.AddGlobal(part, output.AsSpan(0, outputLength), features);
        ArrayPool<float>.Shared.Return(input);
        ArrayPool<float>.Shared.Return(output);
    }

    private static string BackboneFile(string modelDirectory, ModelBackbone backbone, GivenBackbones given)
    {
        var expected = backbone.Description;
        if (given.Find(expected.Sha256) is { } file) return file;
        if (backbone.File is null)
            throw new DatasetFormatException(modelDirectory, $"the backbone '{expected.Name}' is not in the model folder, because its file was "
                + $"gone at training. Give it with --backbone FILE (SHA-256 {expected.Sha256})."
                + given.Found);
        var stored = Path.Combine(modelDirectory, backbone.File);
        return File.Exists(stored)
            ? stored
            : throw new DatasetFormatException(stored, $"the backbone '{expected.Name}' of the model is missing. Put the file back, or give it "
                + $"with --backbone FILE (SHA-256 {expected.Sha256})." + given.Found);
    }

    /// <summary>The small network of the drawn birds is a safetensors file; every other backbone is ONNX.</summary>
    private static IBackbone Open(string file, BackboneOptions settings) =>
        Path.GetExtension(file).Equals(".safetensors", StringComparison.OrdinalIgnoreCase) ? SketchBackbone.Load(file) : OnnxBackbone.Load(file, settings);

    private static IBackbone LoadSame(string file, BackboneOptions settings, BackboneDescription expected)
    {
        IBackbone backbone;
        try { backbone = Open(file, settings); }
        catch (DatasetFormatException) when (OnnxBackbone.Sha256Of(file) is var found && found != expected.Sha256)
        {
            throw Other(file, found, expected);
        }
        if (Mismatch(file, backbone.Description, expected) is not { } mismatch) return backbone;
        backbone.Dispose();
        throw mismatch;
    }

    private static CheckpointMismatchException? Mismatch(string file, BackboneDescription found, BackboneDescription expected) =>
        found.Sha256 != expected.Sha256 ? Other(file, found.Sha256, expected)
        : found.Grid != expected.Grid || found.Visual != expected.Visual
            ? new CheckpointMismatchException($"{file}: layer '{expected.Layer}' gives a grid of {Shown(found)}, but the model was trained on "
                + $"{Shown(expected)}. Was model.json edited?")
            : null;

    private static CheckpointMismatchException Other(string file, string found, BackboneDescription expected) =>
        new($"{file}: this is not the backbone '{expected.Name}' of the model. Expected SHA-256 {expected.Sha256}, found {found}. Give the right "
            + "file with --backbone FILE.");

    private static string Shown(BackboneDescription backbone) => $"{backbone.Grid?.ToString() ?? "one region"} with {backbone.Visual} values";

    public void Dispose() => backbones.ForEach(backbone => backbone.Dispose());
}

/// <summary>Backbone files that the user gives, known by their SHA-256.</summary>
internal sealed class GivenBackbones
{
    private readonly Dictionary<string, string> files = [];

    /// <summary>Hashes the files.</summary>
    /// <exception cref="DatasetFormatException">A file does not exist.</exception>
    public GivenBackbones(IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
            files[File.Exists(path) ? OnnxBackbone.Sha256Of(path) : throw new DatasetFormatException(path, "the backbone file does not exist.")] = path;
    }

    /// <summary>What was given, for messages that miss a file.</summary>
    public string Found => files.Count == 0 ? "" : $" Given: {string.Join(", ", files.Select(f => $"{f.Value} (SHA-256 {f.Key})"))}.";

    /// <summary>The file with a hash, or null.</summary>
    public string? Find(string sha256) => files.GetValueOrDefault(sha256);
}
