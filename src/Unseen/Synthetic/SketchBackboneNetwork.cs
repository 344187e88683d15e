using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Unseen.Synthetic;

/// <summary>
/// Five convolutions with batch normalisation; four of them halve the picture. A region sees 47 x 47 pixels, so it knows its part of the
/// bird and
/// little else. Field names are the names in the file.
/// </summary>
internal sealed class SketchBackboneNetwork : Module<Tensor, Tensor>
{
    /// <summary>Pixels per region and direction.</summary>
    public const int Stride = 16;

    private readonly ConvolutionBlock block1, block2, block3, block4, block5;

    /// <summary>Builds the network with weights drawn from the seed alone, whatever the state of torch's global generator.</summary>
    public SketchBackboneNetwork(IReadOnlyList<int> widths, int visual, int seed) : base(nameof(SketchBackboneNetwork))
    {
        block1 = new(3, widths[0], stride: 2, seed, 1);
        block2 = new(widths[0], widths[1], stride: 2, seed, 2);
        block3 = new(widths[1], widths[2], stride: 2, seed, 3);
        block4 = new(widths[2], widths[2], stride: 1, seed, 4);
        block5 = new(widths[2], visual, stride: 2, seed, 5, centered: true);
        RegisterComponents();
    }

    /// <summary>Region features of pictures.</summary>
    /// <param name="input">[batch, 3, height, width], sides multiples of 16.</param>
    /// <returns>[batch, regions, visual], not negative.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var map = block1.call(input);                             // [batch, widths[0], height / 2, width / 2]
        map = block3.call(block2.call(map));                      // [batch, widths[2], height / 8, width / 8]
        map = block5.call(block4.call(map));                      // [batch, visual, height / 16, width / 16]
        var regions = map.flatten(2).transpose(1, 2).contiguous(); // [batch, regions, visual]
        return regions.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var block in new[] { block1, block2, block3, block4, block5 })
                block.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Convolution 3 x 3, batch normalisation, ReLU.</summary>
internal sealed class ConvolutionBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d convolution;
    private readonly BatchNorm2d normalisation;
    private readonly bool centered;

    /// <summary>
    /// With padding on all sides, each halving looks around the first of the two pixels it stands for, and regions would see half a cell
    /// too far up and left. A last halving that is padded at the end only looks around the second, which undoes it.
    /// </summary>
    public ConvolutionBlock(int from, int to, int stride, int seed, int number, bool centered = false) : base(nameof(ConvolutionBlock))
    {
        this.centered = centered;
        convolution = Conv2d(from, to, 3, stride: stride, padding: centered ? 0 : 1, bias: false);
        normalisation = BatchNorm2d(to);
        SketchWeights.Fill(convolution.weight, Math.Sqrt(2.0 / (9 * from)), SketchRandom.For(seed, "backbone", number));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var padded = centered ? functional.pad(input, [0, 1, 0, 1]) : input;
        var map = normalisation.call(convolution.call(padded)); // [batch, to, height / stride, width / stride]
        return functional.relu(map).MoveToOuterDisposeScope();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            convolution.Dispose();
            normalisation.Dispose();
        }
        base.Dispose(disposing);
    }
}

/// <summary>Initial weights that depend on a seed only.</summary>
internal static class SketchWeights
{
    /// <summary>Overwrites a parameter with normal numbers.</summary>
    public static void Fill(Tensor parameter, double deviation, SketchRandom random)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var values = new float[parameter.numel()];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(deviation * random.Normal());
        parameter.copy_(tensor(values, parameter.shape));
    }
}
