using TorchSharp.Modules;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>
/// MobileNetV2 (Sandler et al., CVPR 2018) of width 1 up to its last ReLU6, to be trained on: tokens are the regions of the last feature
/// map. Weight names are those of the published Gluon model, whose files hold convolution and batch norm apart. Batch norm always uses the stored
/// mean and variance, and its scale and shift are not trained: batches are small.
/// </summary>
internal sealed class MobileNetV2 : IVisionEncoder
{
    /// <summary>Side of a region, in pixels: pictures must be multiples of it.</summary>
    public const long Stride = 32;

    private const double Epsilon = 1e-5;
    private const string Start = "mobilenetv20_features_";

    // Output channels and stride of the 17 bottlenecks; the first does not expand, the others do so sixfold.
    private static readonly (long Channels, long Stride)[] Bottlenecks =
    [
        (16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (32, 1), (64, 2), (64, 1), (64, 1), (64, 1), (96, 1), (96, 1), (96, 1), (160, 2), (160, 1),
        (160, 1), (320, 1),
    ];

    private readonly WeightSet weights;

    private MobileNetV2(WeightSet weights)
    {
        this.weights = weights;
        foreach (var (name, parameter) in weights.Parameters)
            if (name.Contains("batchnorm", StringComparison.Ordinal)) parameter.requires_grad = false;
    }

    /// <summary>An untrained model; random numbers come from torch's global generator.</summary>
    public MobileNetV2() : this(WeightSet.Untrained(Layout())) { }

    /// <summary>Copies of weights held by name.</summary>
    public MobileNetV2(IReadOnlyDictionary<string, Tensor> state) : this(WeightSet.FromState(Layout(), state)) { }

    /// <inheritdoc/>
    public long Width => 1280;

    /// <inheritdoc/>
    public long Classes => 0;

    /// <inheritdoc/>
    public Precision Precision { set => weights.Precision = value; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Parameter> Parameters => weights.Parameters;

    /// <summary>Loads a safetensors file.</summary>
    /// <exception cref="CheckpointMismatchException">The file does not fit; the message tells how.</exception>
    public static (MobileNetV2 Model, WeightReport Report) Load(string path)
    {
        var (weights, report) = WeightSet.FromFile(Layout(), path, "MobileNetV2");
        return (new(weights), report);
    }

    /// <summary>Loads a folder with one npy file per weight, named like it.</summary>
    /// <exception cref="CheckpointMismatchException">The files do not fit; the message tells how.</exception>
    /// <exception cref="DatasetFormatException">The folder or a file cannot be read.</exception>
    public static (MobileNetV2 Model, WeightReport Report) LoadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new DatasetFormatException(folder, "the folder of weights does not exist.");
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*.npy"))
        {
            var array = Npy.Read(file);
            state[Path.GetFileNameWithoutExtension(file)] = tensor(array.ToSingles()).reshape([.. array.Shape.Select(axis => (long)axis)]);
        }
        var layout = Layout();
        var (report, _) = WeightMatch.Compare(
            folder, state.Select(s => new SafetensorsDeclaration(s.Key, SafetensorsType.F32, s.Value.shape)), layout);
        WeightSet.Require(report, "MobileNetV2");
        return (new(WeightSet.FromState(layout, state)), report);
    }

    /// <summary>Bottlenecks.</summary>
    public int Blocks => Bottlenecks.Length;

    /// <inheritdoc/>
    public int SpecialTokens => 0;

    /// <summary>The feature map as tokens; gradients flow.</summary>
    /// <param name="pixels">Normalised pictures [batch, 3, height, width], multiples of 32 pixels.</param>
    /// <param name="training">Makes no difference here.</param>
    /// <returns>[batch, regions, 1280], regions row by row, not negative, at most 6.</returns>
    public Tensor Tokens(Tensor pixels, bool training = false)
    {
        using var scope = NewDisposeScope();
        return Finish(Begin(pixels, 0), 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Begin(Tensor pixels, int blocks, bool training = false)
    {
        Shape.Require(pixels, nameof(pixels), -1, 3, -1, -1);
        if (pixels.shape[2] < Stride || pixels.shape[3] < Stride || pixels.shape[2] % Stride != 0 || pixels.shape[3] % Stride != 0)
            throw new ShapeException(
                $"Pictures must be multiples of {Stride} pixels high and wide, found {pixels.shape[2]} x {pixels.shape[3]}.");
        using var scope = NewDisposeScope();
        var x = Convolve(pixels, Start, 0, stride: 2).relu6_();                                    // [batch, 32, height / 2, width / 2]
        for (var i = 0; i < blocks; i++) x = Bottleneck(i, x);
        return x.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public Tensor Finish(Tensor state, int blocks, bool training = false)
    {
        using var scope = NewDisposeScope();
        var x = state;
        for (var i = blocks; i < Bottlenecks.Length; i++) x = Bottleneck(i, x);
        x = Convolve(x, Start, 1).relu6_();                                                        // [batch, 1280, rows, columns]
        return x.flatten(2).transpose(1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public bool BelongsToBegin(string parameter, int blocks) =>
        parameter.StartsWith(Start + "conv0_", StringComparison.Ordinal) || parameter.StartsWith(Start + "batchnorm0_", StringComparison.Ordinal)
        || Enumerable.Range(0, blocks).Any(i => parameter.StartsWith(Block(i), StringComparison.Ordinal));

    /// <inheritdoc/>
    public Tensor Global(Tensor tokens)
    {
        Shape.Require(tokens, nameof(tokens), -1, -1, Width);
        return tokens.mean([1]);
    }

    /// <inheritdoc/>
    public Tensor Logits(Tensor tokens) => throw new InvalidOperationException("MobileNetV2 is read without its classification head.");

    /// <inheritdoc/>
    public void Dispose() => weights.Dispose();

    /// <summary>Names and shapes of the weights.</summary>
    public static WeightLayout Layout()
    {
        var layout = new WeightLayout("") { UnusedPrefixes = ["mobilenetv20_output_"] };
        AddConvolution(layout, Start, 0, 32, 3, 3);
        var inputs = 32L;
        for (var i = 0; i < Bottlenecks.Length; i++)
        {
            var (name, wide) = (Block(i), i == 0 ? inputs : 6 * inputs);
            AddConvolution(layout, name, 0, wide, inputs, 1);
            AddConvolution(layout, name, 1, wide, 1, 3);
            AddConvolution(layout, name, 2, Bottlenecks[i].Channels, wide, 1);
            inputs = Bottlenecks[i].Channels;
        }
        AddConvolution(layout, Start, 1, 1280, inputs, 1);
        return layout;
    }

    private static void AddConvolution(WeightLayout layout, string block, int index, long outputs, long inputs, long side)
    {
        layout.Add($"{block}conv{index}_weight", InitialValue.Normal, outputs, inputs, side, side);
        layout.Add($"{block}batchnorm{index}_gamma", InitialValue.One, outputs);
        layout.Add($"{block}batchnorm{index}_beta", InitialValue.Zero, outputs);
        layout.Add(new WeightDeclaration($"{block}batchnorm{index}_running_mean", [outputs], InitialValue.Zero, Trained: false));
        layout.Add(new WeightDeclaration($"{block}batchnorm{index}_running_var", [outputs], InitialValue.One, Trained: false));
    }

    private static string Block(int index) => $"{Start}linearbottleneck{index}_";

    private Tensor Bottleneck(int index, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (block, stride) = (Block(index), Bottlenecks[index].Stride);
        var y = Convolve(x, block, 0).relu6_();
        y = Convolve(y, block, 1, stride, groups: y.shape[1]).relu6_();
        y = Convolve(y, block, 2);
        return (stride == 1 && x.shape[1] == y.shape[1] ? y.add_(x) : y).MoveToOuterDisposeScope();
    }

    /// <summary>Batch norm is constant, so part of the convolution: two thirds of the memory that the gradients need are saved.</summary>
    private Tensor Convolve(Tensor x, string block, int index, long stride = 1, long groups = 1)
    {
        var (kernel, norm) = ((Tensor)weights[$"{block}conv{index}_weight"], $"{block}batchnorm{index}_");
        var padding = kernel.shape[^1] / 2;
        var scale = weights[norm + "gamma"] * (weights[norm + "running_var"] + Epsilon).rsqrt();        // [outputs]
        var shift = weights[norm + "beta"] - weights[norm + "running_mean"] * scale;
        return nn.functional.conv2d(x, kernel * scale.view(-1, 1, 1, 1), shift, strides: [stride, stride], padding: [padding, padding], groups: groups);
    }
}
