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
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    internal static void Save(string path, Outcome outcome, ZslReport report)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var backbones = CopyBackbones(path, outcome.Dataset.Stores);
        List<SafetensorsTensor> tensors = [.. TensorFiles.ToFile(outcome.Fit.Model.State)];
        Safetensors.Write(Path.Combine(path, "model.safetensors"), tensors);
        WriteRecord(path, Describe(outcome, report, backbones) with { TensorsSha256 = TensorChecksum.Of(tensors) });
    }

    /// <summary>The model folder that a path means: itself, the folder `model` of a run, or the folder of a model.json.</summary>
    /// <exception cref="DatasetFormatException">There is no model.</exception>
    public static string Find(string path) => Path.GetFileName(path) == "model.json" && File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : new[] { path, Path.Combine(path, "model") }.FirstOrDefault(p => File.Exists(Path.Combine(p, "model.json")))
        ?? throw new DatasetFormatException(path, Directory.Exists(path)
            ? "there is no model.json, neither here nor in the folder 'model'. Expected a finished run or its model folder."
            : $"{(File.Exists(path) ? "this is a file" : "there is no such folder")}. Expected a finished run or its model folder.");

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
            using var stream = File.OpenRead(file);
            var record = JsonSerializer.Deserialize<ModelRecord>(stream, Json) ?? throw new JsonException("The file holds null.");
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
            throw new CheckpointMismatchException($"{file.Path}: the tensors are not those of model.json (SHA-256 {found[..8]}, expected {expected[..8]}): the file is damaged "
                + "or of another model. Copy the model folder again, or train again.");
        return Create(record, TensorFiles.FromFile(file));
    }

    /// <summary>Rebuilds a model from its tensors, of which it makes copies; the caller disposes it.</summary>
    internal static IZslModel Create(ModelRecord record, IReadOnlyDictionary<string, TorchSharp.torch.Tensor> state)
    {
        var method = MethodCatalog.Find(record.Method);
        var options = ReadOptions(method, record.Options);
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

    private static List<ModelBackbone> CopyBackbones(string path, IReadOnlyList<FeatureStore> stores)
    {
        var backbones = new List<ModelBackbone>();
        foreach (var store in stores)
        {
            var description = store.Metadata.Backbone;
            string? file = null;
            if (File.Exists(description.Path))
            {
                file = $"backbones/{backbones.Count}-{Path.GetFileName(description.Path)}";
                AtomicFile.Write(Path.Combine(path, file), target =>
                {
                    using var source = File.OpenRead(description.Path);
                    source.CopyTo(target);
                });
            }
            backbones.Add(new ModelBackbone(description, file));
        }
        return backbones;
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
