using System.Text.Json;
using System.Text.Json.Serialization;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Experiments.Configuration;
using Unseen.Features;
using Unseen.Models;
using Unseen.Reports;
using Unseen.Semantics;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Writes and reads the self-contained folder of a trained model: model.safetensors, model.json, backbones.</summary>
public static class ModelFolder
{
    private const long MaximumJson = 256L << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes the folder of a fitted model.</summary>
    /// <returns>A warning for each backbone that is not in the folder.</returns>
    internal static IReadOnlyList<string> Save(string path, Outcome outcome, ZslReport report)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var warnings = new List<string>();
        var backbones = outcome.Dataset.Stores.Select((store, i) => CopyBackbone(path, i, store.Metadata.Backbone, warnings)).ToList();
        List<SafetensorsTensor> tensors = [.. TensorFiles.ToFile(outcome.Fit.Model.State)];
        Safetensors.Write(Path.Combine(path, "model.safetensors"), tensors);
        WriteRecord(path, Describe(outcome, report, backbones) with { TensorsSha256 = TensorChecksum.Of(tensors) });
        return warnings;
    }

    /// <summary>The model folder that a path means: itself, the folder `model` of a run, or the folder of a model.json.</summary>
    /// <exception cref="DatasetFormatException">There is no model.</exception>
    public static string Find(string path)
    {
        if (Path.GetFileName(path) == "model.json" && File.Exists(path)) return Path.GetDirectoryName(Path.GetFullPath(path))!;
        var folders = new[] { path, Path.Combine(path, "model") };
        if (folders.FirstOrDefault(folder => FileErrors.Exists(Path.Combine(folder, "model.json"))) is { } found) return found;
        var wrong = Directory.Exists(path) ? "there is no model.json, neither here nor in the folder 'model'"
            : File.Exists(path) ? "this is a file" : "there is no such folder";
        throw new DatasetFormatException(path, $"{wrong}. Expected a finished run or its model folder.");
    }

    internal static void WriteRecord(string path, ModelRecord record) =>
        AtomicFile.WriteText(Path.Combine(path, "model.json"), JsonSerializer.Serialize(record, Json));

    /// <summary>Reads model.json.</summary>
    /// <exception cref="DatasetFormatException">The file is missing, too large or no model description.</exception>
    public static ModelRecord ReadRecord(string path)
    {
        var file = Path.Combine(path, "model.json");
        if (!File.Exists(file)) throw new DatasetFormatException(path, "there is no model.json. Expected the model folder of a finished run.");
        if (new FileInfo(file).Length > MaximumJson) throw new DatasetFormatException(file, $"larger than {MaximumJson} bytes.");
        try
        {
            var record = StrictJson.Read<ModelRecord>(File.ReadAllText(file), Json);
            ModelRecordCheck.Require(file, record);
            return record;
        }
        catch (JsonException error) { throw new DatasetFormatException(file, $"not a model description: {error.Message}", error); }
    }

    /// <summary>Rebuilds a model; the caller disposes it.</summary>
    public static IZslModel Load(string path, ModelRecord record)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var file = SafetensorsFile.Open(Path.Combine(path, "model.safetensors"));
        if (record.TensorsSha256 is { } expected && TensorChecksum.Of(file) is var found && found != expected)
            throw new CheckpointMismatchException($"{file.Path}: the tensors are not those of model.json (SHA-256 {found[..8]}, expected {string.Concat(expected.Take(8))}): the file is damaged "
                + "or of another model. Copy the model folder again, or train again.");
        return Create(record, TensorFiles.FromFile(file));
    }

    /// <summary>Rebuilds a model from its tensors, of which it makes copies; the caller disposes it.</summary>
    internal static IZslModel Create(ModelRecord record, IReadOnlyDictionary<string, TorchSharp.torch.Tensor> state)
    {
        var method = MethodCatalog.Find(record.Method);
        var options = ReadOptions(method, record.Options);
        using var pause = CollectionPause.Begin();
        return method.Create(options).Load(Problem(record), state, record.Selection, record.Precision);
    }

    /// <summary>The classes of a model as a problem without images.</summary>
    internal static ZslProblem Problem(ModelRecord record)
    {
        return new ZslProblem
        {
            Semantics = Semantics(record, record.Classes),
            SeenAtTraining = record.SeenAtTraining is { } trained ? Semantics(record, trained) : null,
            SeenClass = [.. record.Classes.Select(c => c.Seen)],
            Attributes = [.. record.Attributes.Select(a => new AttributeEntry(a.Name, a.Group, a.Phrase, a.Parts))],
            Features = new NoImages(record),
            Train = new LabelledImages([], []),
            Evaluation = new LabelledImages([], []),
        };
    }

    private static ClassSemantics Semantics(ModelRecord record, IReadOnlyList<ModelClass> classes)
    {
        var values = new float[classes.Count, record.Attributes.Count];
        foreach (var (c, entry) in classes.Index())
            foreach (var (a, value) in entry.Values.Index()) values[c, a] = value;
        return new ClassSemantics([.. classes.Select(c => c.Name)], [.. record.Attributes.Select(a => a.Name)], values, record.Scale);
    }

    private static MethodOptions ReadOptions(MethodDescriptor method, string yaml) =>
        OptionsBinder.Bind(ConfigDocument.Parse(yaml, "model.json"), method.Presets[0].Options);

    private static ModelRecord Describe(Outcome outcome, ZslReport report, IReadOnlyList<ModelBackbone> backbones)
    {
        var semantics = outcome.Problem.Semantics;
        return new ModelRecord
        {
            Method = outcome.Method.Id,
            Options = ConfigWriter.Write(outcome.Config.Options, comments: false),
            Precision = outcome.Config.Precision,
            Selection = outcome.Fit.Chosen with { History = [] },
            GammaScale = outcome.Config.Options.ScoreScale() ?? outcome.Method.ScoreScale,
            Provenance = new Dictionary<string, string>(report.Environment)
            {
                ["dataset"] = outcome.Dataset.Folder.Name,
                ["semantics"] = outcome.Dataset.SemanticsName,
                ["preset"] = outcome.Config.Preset ?? "",
                ["configuration"] = outcome.Config.Fingerprint(),
                ["protocol"] = outcome.Config.Protocol.ToString(),
                ["seed"] = $"{outcome.Seed}",
            },
            Metrics = report.Metrics,
            Classes = [.. semantics.ClassNames.Select((name, c) => new ModelClass(name, outcome.Problem.SeenClass[c], Row(semantics.Values, c)))],
            Attributes = [.. semantics.AttributeNames.Select((name, a) => Attribute(outcome.Problem, name, a))],
            Scale = semantics.Scale,
            Grid = outcome.Problem.Features.Grid,
            FeatureWeights = outcome.Dataset.Weights,
            Backbones = backbones,
            Pictures = outcome.Config.Options.Pictures() is { } pictures ? ModelPictures.Of(pictures) : null,
        };
    }

    private static AttributeDescription Attribute(ZslProblem problem, string name, int index) =>
        problem.Attributes.Count == problem.Semantics.Attributes && problem.Attributes[index] is var a && a.Name == name
            ? new AttributeDescription(a.Name, a.Group, a.Phrase, a.Parts)
            : new AttributeDescription(name, "", name, []);

    private static float[] Row(float[,] values, int row) => [.. Enumerable.Range(0, values.GetLength(1)).Select(c => values[row, c])];

    /// <summary>Only the very file that the features were made with is of use to the model.</summary>
    private static ModelBackbone CopyBackbone(string path, int index, BackboneDescription backbone, List<string> warnings)
    {
        var file = $"backbones/{index}-{Path.GetFileName(backbone.Path)}";
        var wrong = CopySame(backbone, Path.Combine(path, file));
        if (wrong is null) return new(backbone, file);
        warnings.Add($"The backbone '{backbone.Name}' is not in the model folder: {wrong}. To classify pictures with this model, give the file with --backbone "
            + $"FILE (SHA-256 {backbone.Sha256}).");
        return new(backbone, null);
    }

    /// <summary>Copies a backbone; says what is wrong, and leaves no copy, when it cannot be read or is another file than that of the features.</summary>
    private static string? CopySame(BackboneDescription backbone, string copy)
    {
        if (backbone.Path.Length == 0) return "the features do not say which file made them";
        FileStream source;
        try { source = File.OpenRead(backbone.Path); }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException) { return $"its file {backbone.Path} is gone"; }
        catch (UnauthorizedAccessException e) { return $"its file cannot be read: {e.Message}"; }
        using (source) AtomicFile.Write(copy, source.CopyTo);
        if (OnnxBackbone.Sha256Of(copy) is var found && found == backbone.Sha256) return null;
        File.Delete(copy);
        return $"its file {backbone.Path} is not the one that the features were made with (SHA-256 {found})";
    }

    /// <summary>The shape of the features a model was trained on, without any image.</summary>
    private sealed class NoImages(ModelRecord record) : IFeatureSource
    {
        public int Regions => record.Grid?.Regions ?? (record.Pictures is null ? record.Backbones[0].Description.Regions : 1);

        public FeatureGrid? Grid => record.Grid;

        public PreprocessingOptions? Pictures => record.Pictures?.Preprocessing;

        public IReadOnlyList<int> VisualWidths => [.. record.Backbones.Select(b => b.Description.Visual)];

        public void ReadRegions(int image, Span<float> destination) => throw new InvalidOperationException("A stored model has no images.");

        public void ReadGlobal(int image, Span<float> destination) => throw new InvalidOperationException("A stored model has no images.");
    }
}
