using System.Runtime.InteropServices;
using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>Reads global features in blocks and normalises them, so that memory does not grow with the number of images.</summary>
internal sealed class GlobalFeatures : IDisposable
{
    private const int BlockSize = 1024;
    private readonly FeatureNormalisation normalisation;
    private readonly long[] widths;

    /// <summary>Training mean [visual] of the features after the logarithm, if any; 0 where nothing is centred.</summary>
    public Tensor Mean { get; }

    public GlobalFeatures(FeatureNormalisation normalisation, IReadOnlyList<int> widths, Tensor mean)
    {
        this.normalisation = normalisation;
        this.widths = [.. widths.Select(w => (long)w)];
        Mean = mean.DetachFromDisposeScope();
    }

    /// <summary>Computes the training mean.</summary>
    public static GlobalFeatures Create(FeatureNormalisation normalisation, ZslProblem problem, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var sum = zeros(problem.Features.Visual());
        if (normalisation != FeatureNormalisation.L2)
            foreach (var (raw, _) in Blocks(problem.Features, problem.Train, cancellation))
            {
                using var block = NewDisposeScope();
                sum.add_(Spread(normalisation, raw).sum([0L]));
            }
        return new GlobalFeatures(normalisation, problem.Features.VisualWidths, (sum / Math.Max(1, problem.Train.Count)).MoveToOuterDisposeScope());
    }

    /// <summary>Normalises raw features [batch, visual].</summary>
    public Tensor Normalise(Tensor raw)
    {
        using var scope = NewDisposeScope();
        var centred = Spread(normalisation, raw) - Mean;
        var perStore = centred.split(widths, 1).Select(block => nn.functional.normalize(block, dim: 1)).ToArray();
        return cat(perStore, 1).MoveToOuterDisposeScope();
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

    public void Dispose() => Mean.Dispose();
}
