using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Synthetic;

/// <summary>Learns the backbone to tell the seen classes apart by the mean of the region features; the class layer is thrown away
/// afterwards.</summary>
internal sealed class SketchBackboneTrainer(SketchBackboneNetwork network, SketchPictures pictures, SketchBackboneOptions options)
{
    private const double LabelSmoothing = 0.1;
    private readonly int steps = options.Epochs * Math.Max(1, pictures.Count / options.BatchSize);

    /// <summary>Trains and returns the mean loss of every epoch.</summary>
    public IReadOnlyList<double> Train(IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        using var classLayer = nn.Linear(options.Visual, pictures.Classes);
        SketchWeights.Fill(classLayer.weight, 0.05, SketchRandom.For(options.Seed, "class layer"));
        SketchWeights.Fill(classLayer.bias!, 0, SketchRandom.For(options.Seed, "class layer"));
        using var optimizer = optim.AdamW(
            network.parameters().Concat(classLayer.parameters()), options.LearningRate, weight_decay: options.WeightDecay);
        var losses = new List<double>();
        network.train();
        for (var (epoch, step) = (0, 0); epoch < options.Epochs; epoch++)
        {
            losses.Add(TrainEpoch(epoch, ref step, classLayer, optimizer, cancellation));
            progress?.Report(new("backbone", epoch + 1, options.Epochs, "epochs", FormattableString.Invariant($"loss {losses[^1]:0.000}")));
        }
        network.eval();
        return losses;
    }

    private double TrainEpoch(int epoch, ref int step, Linear classLayer, AdamW optimizer, CancellationToken cancellation)
    {
        var random = SketchRandom.For(options.Seed, "backbone epoch", epoch);
        var order = random.Shuffle([.. Enumerable.Range(0, pictures.Count).Select(i => (long)i)]);
        var size = Math.Min(options.BatchSize, order.Length);
        var (sum, batches) = (0.0, 0);
        // A last, smaller batch is left out: its statistics would be noisy, and the next epoch has another order.
        for (var first = 0; first + size <= order.Length; first += size, batches++)
        {
            cancellation.ThrowIfCancellationRequested();
            optimizer.ParamGroups.First().LearningRate = LearningRate(step++);
            sum += TrainStep(order[first..(first + size)], classLayer, optimizer, random, step);
        }
        return sum / batches;
    }

    private double TrainStep(long[] images, Linear classLayer, AdamW optimizer, SketchRandom random, int step)
    {
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        var chosen = tensor(images);
        var input = SketchAugmentation.Apply(pictures.Pixels.index_select(0, chosen), random);
        var scores = classLayer.call(network.call(input).mean([1]));     // [batch, seen]
        var loss = nn.functional.cross_entropy(scores, pictures.Labels.index_select(0, chosen), label_smoothing: LabelSmoothing);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        var value = loss.ToDouble();
        return double.IsFinite(value) ? value : throw new TrainingDivergedException(step, "backbone cross-entropy");
    }

    /// <summary>Linear warm-up over a tenth of the steps, then a half cosine to 0.</summary>
    private double LearningRate(int step)
    {
        var warmup = Math.Max(1, steps / 10);
        return options.LearningRate * (step < warmup
            ? (step + 1.0) / warmup
            : 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / Math.Max(1, steps - warmup))));
    }
}
