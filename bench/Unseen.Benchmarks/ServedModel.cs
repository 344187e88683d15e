using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Synthetic;
using Unseen.Tests.Features;
using Unseen.Training;

namespace Unseen.Benchmarks;

/// <summary>
/// Pictures and a model for cases that use a trained model: with UNSEEN_DATA MobileNetV2 and real pictures, otherwise a tiny backbone and
/// drawn birds, which measure everything around the model more than the model.
/// </summary>
internal static class ServedModel
{
    /// <summary>Folder of the real data, or null.</summary>
    public static string? Data => Environment.GetEnvironmentVariable("UNSEEN_DATA") is { Length: > 0 } data ? data : null;

    /// <summary>Pictures of CUB-127, or drawn birds.</summary>
    public static IReadOnlyList<ImageSource> Pictures(string folder, int count)
    {
        var drawn = SketchBirds.Render(SketchBirdsOptions.Tiny, Path.Combine(folder, "birds"));
        return [.. ImageSource.Of(Data is { } data ? DatasetReader.Open(Path.Combine(data, "cub127")) : drawn).Take(count)];
    }

    /// <summary>A model with attention on the drawn birds: what it answers does not matter here, what it costs does.</summary>
    public static string Train(string folder)
    {
        var file = Path.Combine(folder, Data is null ? "backbone.onnx" : "mobilenetv2.onnx");
        if (Data is { } data) File.Copy(Path.Combine(data, "backbones", "mobilenetv2.onnx"), file);
        else
        {
            File.WriteAllBytes(file, TinyOnnx.Maps(8, 8));
            File.WriteAllText(Path.ChangeExtension(file, ".json"), """{"height": 8, "width": 8, "resize": "stretch", "scale": 0.004, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}""");
        }
        var (birds, store) = (Path.Combine(folder, "birds"), Path.Combine(folder, "birds.safetensors"));
        using (var backbone = OnnxBackbone.Load(file, new() { Threads = 1 }))
            FeatureExtractor.Run(backbone, new ExtractionOptions { Images = ImageSource.Of(DatasetReader.Open(birds)), Output = store, ElementType = SafetensorsType.F32 });
        using var dataset = ZslDataset.Open(birds, features: [store]);
        return Experiment.Run(MethodCatalog.Find("cvsc").Presets[0].Options, dataset, new RunOptions
        {
            Training = new TrainingOptions { Epochs = 1, BatchSize = 16, LearningRate = 0.001 },
            Output = Path.Combine(folder, "run"),
        }).ModelDirectory;
    }

    /// <summary>The only backbone of a model, on one thread.</summary>
    public static OnnxBackbone Backbone(string run)
    {
        var model = Path.Combine(run, "model") is var inner && Directory.Exists(inner) ? inner : run;
        if (ModelFolder.ReadRecord(model).Backbones is not [var stored])
            throw new UnseenException($"{run}: the model must have one backbone to be measured against it.");
        return OnnxBackbone.Load(Path.Combine(model, stored.File!), BackboneOptions.From(stored.Description) with { Threads = 1 });
    }
}
