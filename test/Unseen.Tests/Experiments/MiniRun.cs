using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Models;
using Unseen.Tests.Data;
using Unseen.Tests.Data.Formats;
using Unseen.Training;

namespace Unseen.Tests.Experiments;

/// <summary>A tiny dataset folder with a feature store from which classes can be learned, made once per test class, and runs on
/// it.</summary>
public sealed class MiniRun : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int runs;

    public MiniRun()
    {
        DatasetPath = MiniDataset.Create(folder.File("dataset"), seen: 9, unseen: 3, attributes: 6, imagesPerClass: 8);
        StorePath = MiniStore.Learnable(folder.File("tiny.safetensors"), DatasetPath, new FeatureGrid(2, 2));
    }

    public string DatasetPath { get; }

    public string StorePath { get; }

    public ZslDataset Open() => ZslDataset.Open(DatasetPath, features: [StorePath]);

    /// <summary>The dataset with a second store, of other features, joined to the first with weights.</summary>
    public ZslDataset OpenWithSecondStore(IReadOnlyList<double> weights)
    {
        var second = MiniStore.Learnable(folder.File($"second-{++runs}.safetensors"), DatasetPath, new FeatureGrid(2, 2), visual: 8, seed: 2);
        return ZslDataset.Open(DatasetPath, weights: weights, features: [StorePath, second]);
    }

    /// <summary>A copy of the dataset folder, changed.</summary>
    public ZslDataset OpenChanged(Action<string> change)
    {
        var copy = folder.File($"changed-{++runs}");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(DatasetPath)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        change(copy);
        return ZslDataset.Open(copy, features: [StorePath]);
    }

    /// <summary>Keeps the lines of a file that fulfil a condition, and its first line.</summary>
    public static void Keep(string folder, string file, Func<string, bool> condition)
    {
        var path = Path.Combine(folder, file);
        File.WriteAllLines(path, File.ReadAllLines(path).Where((line, i) => i == 0 || condition(line)));
    }

    public string NewFolder() => folder.File($"run-{++runs}");

    public RunOptions Options(EvaluationProtocol protocol = EvaluationProtocol.Clean, int epochs = 4) => new()
    {
        Protocol = protocol,
        Training = new TrainingOptions { Epochs = epochs, BatchSize = 9, LearningRate = 0.01 },
        Output = NewFolder(),
        Cancellation = CancellationToken.None,
    };

    public static MethodOptions Method(string id) => Unseen.Tests.Models.Generative.SmallGenerators.Narrow(MethodCatalog.Find(id).Presets[0].Options);

    /// <summary>A closed form with a small grid: the quickest run.</summary>
    public static MethodOptions Quick { get; } = new Unseen.Models.Linear.RidgeOptions
    {
        FeatureNormalisations = [Unseen.Models.Linear.FeatureNormalisation.L2],
        AttributeNormalisations = [Unseen.Models.Linear.AttributeNormalisation.L2],
        LambdaExponents = [-1, 1],
    };

    public void Dispose() => folder.Dispose();
}
