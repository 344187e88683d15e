using System.Runtime.InteropServices;
using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>Reads global features in blocks and normalises them, so that memory does not grow with the number of images.</summary>
internal sealed class GlobalFeatures : IDisposable
{
    private const int BlockSize = 1024;
    private const double SmallestShare = 1e-6;      // of the mean: less is rounding
    private const string MeanKey = "feature_mean", DeviationKey = "feature_deviation";
    private readonly FeatureNormalisation normalisation;
    private readonly long[] widths;
    private readonly Tensor mean;           // [visual], of the training images after the logarithm, if any; 0 where nothing is centred
    private readonly Tensor? deviation;     // [visual], of the training images; null where lengths are normalised

    private GlobalFeatures(FeatureNormalisation normalisation, IReadOnlyList<int> widths, Tensor mean, Tensor? deviation)
    {
        this.normalisation = normalisation;
        this.widths = [.. widths.Select(w => (long)w)];
        this.mean = mean.DetachFromDisposeScope();
        this.deviation = deviation?.DetachFromDisposeScope();
    }

    /// <summary>What was learned from the training images, as a model stores it.</summary>
    public IReadOnlyDictionary<string, Tensor> State => deviation is null
        ? new Dictionary<string, Tensor> { [MeanKey] = mean }
        : new Dictionary<string, Tensor> { [MeanKey] = mean, [DeviationKey] = deviation };

    /// <summary>A copy of what a model stored.</summary>
    public static GlobalFeatures Load(FeatureNormalisation normalisation, ZslProblem problem, IReadOnlyDictionary<string, Tensor> state)
    {
        var visual = problem.Features.Visual();
        return new(normalisation, problem.Features.VisualWidths, StoredState.Require(state, MeanKey, visual).clone(),
            normalisation == FeatureNormalisation.Standardised ? StoredState.Require(state, DeviationKey, visual).clone() : null);
    }

    /// <summary>Computes the training mean and, where it divides, the standard deviation.</summary>
    public static GlobalFeatures Create(FeatureNormalisation normalisation, ZslProblem problem, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var mean = zeros(problem.Features.Visual());
        Tensor? deviation = null;
        if (normalisation is not (FeatureNormalisation.L2 or FeatureNormalisation.None))
            mean = TrainingMean(problem, raw => Spread(normalisation, raw), cancellation);
        if (normalisation == FeatureNormalisation.Standardised)
            deviation = TrainingMean(problem, raw => (raw - mean).square(), cancellation).sqrt();
        return new GlobalFeatures(normalisation, problem.Features.VisualWidths, mean, deviation);
    }

    private static Tensor TrainingMean(ZslProblem problem, Func<Tensor, Tensor> of, CancellationToken cancellation)
    {
        var sum = zeros(problem.Features.Visual());
        foreach (var (raw, _) in Blocks(problem.Features, problem.Train, cancellation))
        {
            using var block = NewDisposeScope();
            sum.add_(of(raw).sum([0L]));
        }
        return sum / Math.Max(1, problem.Train.Count);
    }

    /// <summary>Normalises raw features [batch, visual].</summary>
    public Tensor Normalise(Tensor raw)
    {
        using var scope = NewDisposeScope();
        var centred = Spread(normalisation, raw) - mean;
        var normalised = normalisation switch
        {
            FeatureNormalisation.None => centred,
            FeatureNormalisation.Standardised => centred / where(deviation! > SmallestShare * mean.abs(), deviation!, 1f),      // a constant dimension is centred only
            _ => cat([.. centred.split(widths, 1).Select(block => nn.functional.normalize(block, dim: 1))], 1),
        };
        return normalised.MoveToOuterDisposeScope();
    }

    /// <summary>Normalised features of all images [images, visual], 32-bit.</summary>
    public Tensor ReadAll(IFeatureSource source, LabelledImages images, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var blocks = Blocks(source, images, cancellation).Select(block => Normalise(block.Raw)).ToArray();
        return (blocks.Length == 0 ? zeros(0, widths.Sum()) : cat(blocks)).MoveToOuterDisposeScope();
    }

    /// <summary>Raw features in blocks, with the index of the first image of each.</summary>
    public static IEnumerable<(Tensor Raw, int Start)> Blocks(IFeatureSource source, LabelledImages images, CancellationToken cancellation)
    {
        var visual = source.Visual();
        for (var start = 0; start < images.Count; start += BlockSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var count = Math.Min(BlockSize, images.Count - start);
            using var raw = empty([count, visual], device: CPU);
            Fill(source, images, start, MemoryMarshal.Cast<byte, float>(raw.bytes), visual);
            using var moved = raw.to(ComputeDevice.Current);
            yield return (moved, start);
        }
    }

    private static void Fill(IFeatureSource source, LabelledImages images, int start, Span<float> values, int visual)
    {
        for (var i = 0; i < values.Length / visual; i++)
            source.ReadGlobal(images.Images[start + i], values.Slice(i * visual, visual));
    }

    private static Tensor Spread(FeatureNormalisation normalisation, Tensor raw) =>
        normalisation == FeatureNormalisation.LogCentredL2 ? raw.sign() * raw.abs().log1p() : raw;

    public void Dispose()
    {
        mean.Dispose();
        deviation?.Dispose();
    }
}
