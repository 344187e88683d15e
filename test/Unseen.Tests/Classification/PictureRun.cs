using System.Collections.Concurrent;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Models.Duet;
using Unseen.Synthetic;
using Unseen.Tests.Data;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Experiments;
using Unseen.Tests.Features;
using Unseen.Tests.Models.Encoders;
using Unseen.Training;

namespace Unseen.Tests.Classification;

/// <summary>Pictures with two tiny ONNX backbones, their stores, and models of any method trained on them; made once per test class.</summary>
public sealed class PictureRun : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentDictionary<string, string> models = new();
    private int copies;

    public PictureRun()
    {
        DatasetPath = MiniDataset.Create(folder.File("dataset"), seen: 9, unseen: 3, attributes: 6, imagesPerClass: 6);
        First = Store("first", TinyOnnx.Maps(8, 8), 8);
        Second = Store("second", TinyOnnx.Maps(4, 4), 4);
    }

    public string DatasetPath { get; }

    /// <summary>Store of the backbone that gives an 8x8 grid.</summary>
    public string First { get; }

    /// <summary>Store of the backbone that gives a 4x4 grid.</summary>
    public string Second { get; }

    /// <summary>Picture files of a split, as the dataset counts them.</summary>
    public static string[] Files(ZslDataset dataset, int[] images) =>
        Array.ConvertAll(images, i => dataset.Folder.ImagePath(dataset.Folder.Images[i]));

    public ZslDataset Open(bool both = false) =>
        both ? ZslDataset.Open(DatasetPath, weights: [2, 1], features: [First, Second]) : ZslDataset.Open(DatasetPath, features: [First]);

    /// <summary>The model folder of a method, trained once.</summary>
    public string Model(string method, bool both = false) => models.GetOrAdd($"{method} {both}", _ =>
    {
        using var dataset = Open(both);
        return Experiment.Run(MiniRun.Method(method), dataset, new RunOptions
        {
            Training = new TrainingOptions { Epochs = 3, BatchSize = 9, LearningRate = 0.01 },
            Output = folder.File($"run-{method}-{both}"),
            Cancellation = CancellationToken.None,
        }).ModelDirectory;
    });

    /// <summary>A model that reads pictures itself.</summary>
    public string PixelModel() => models.GetOrAdd("pixels", _ =>
    {
        var options = new DuetOptions
        {
            TextWidth = 16,
            TextHeads = 2,
            Vision = DuetVisionEncoder.Deit,
            VisionWeights = TinyWeights.Write(folder.File("deit.safetensors"), TinyWeights.Deit.Layout()),
            TrainedVisionBlocks = 1,
            PictureSize = 32,
        };
        using var dataset = ZslDataset.OpenPictures(DatasetPath, options.Pictures()!.Preprocessing);
        return Experiment.Run(options, dataset, new RunOptions
        {
            Training = new TrainingOptions { Epochs = 1, BatchSize = 9 },
            Output = folder.File("run-pixels"),
            Cancellation = CancellationToken.None,
        }).ModelDirectory;
    });

    /// <summary>A model on the small network of the drawn birds, which is no ONNX file, and its store: what `unseen demo` leaves.</summary>
    public (string Model, string Store) SketchModel()
    {
        using var backbone = SketchBackbone.Train(DatasetReader.Open(DatasetPath), SketchBackboneOptions.Tiny with { Epochs = 1 }, folder.File("birds.safetensors"));
        var store = Store("birds-features", backbone);
        using var dataset = ZslDataset.Open(DatasetPath, features: [store]);
        return (Experiment.Run(MiniRun.Method("eszsl"), dataset, new RunOptions { Output = folder.File("run-birds"), Cancellation = CancellationToken.None }).ModelDirectory, store);
    }

    /// <summary>A copy of a model folder, to be changed.</summary>
    public string Copy(string model)
    {
        var copy = folder.File($"copy-{Interlocked.Increment(ref copies)}");
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return copy;
    }

    public string FileOf(string name) => folder.File(name);

    public void Dispose() => folder.Dispose();

    private string Store(string name, byte[] model, int side)
    {
        var preprocessing = new PreprocessingOptions
        {
            Height = side,
            Width = side,
            Resize = ResizeRule.Stretch,
            Mean = [0.5, 0.5, 0.5],
            StandardDeviation = [0.3, 0.5, 0.7],
        };
        using var backbone = OnnxBackbone.Load(folder.File($"{name}.onnx", model), new() { Preprocessing = preprocessing, Threads = 1 });
        return Store(name, backbone);
    }

    private string Store(string name, IBackbone backbone)
    {
        var path = folder.File($"{name}.safetensors");
        FeatureExtractor.Run(backbone, new ExtractionOptions
        {
            Images = ImageSource.Of(DatasetReader.Open(DatasetPath)),
            Output = path,
            ElementType = SafetensorsType.F32,
        }, cancellation: CancellationToken.None);
        return path;
    }
}
