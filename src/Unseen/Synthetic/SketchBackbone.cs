using Unseen.Data;
using Unseen.Features;
using static TorchSharp.torch;

namespace Unseen.Synthetic;

/// <summary>
/// The small convolution net that turns SketchBirds pictures into region features, learned on the trainval pictures of the seen classes
/// only.
/// </summary>
/// <remarks>Its file is a safetensors file; the widths of the network follow from the shapes of the weights, the size of the pictures is
/// in the metadata.</remarks>
public sealed class SketchBackbone : IBackbone
{
    private readonly SketchBackboneNetwork network;

    private SketchBackbone(SketchBackboneNetwork network, BackboneDescription description) =>
        (this.network, Description) = (network, description);

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <summary>Learns a backbone, writes it and opens it.</summary>
    /// <param name="folder">Dataset whose trainval pictures are used; no other picture is opened.</param>
    /// <param name="options">Size of the network and recipe.</param>
    /// <param name="path">File to write.</param>
    /// <param name="progress">Receives one update per epoch (phase "backbone") with the loss.</param>
    /// <param name="cancellation">Stops between steps; nothing is written then.</param>
    /// <exception cref="ConfigurationException">Options are out of range.</exception>
    /// <exception cref="DatasetFormatException">There are fewer than two trainval pictures.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite.</exception>
    public static SketchBackbone Train(
        DatasetFolder folder, SketchBackboneOptions options, string path,
        IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options.Validate();
        using (var pictures = SketchPictures.Read(folder, options.ImageSize, cancellation))
        using (var network = new SketchBackboneNetwork(options.Widths, options.Visual, options.Seed))
        {
            new SketchBackboneTrainer(network, pictures, options).Train(progress, cancellation);
            SketchBackboneFile.Write(path, network, options);
        }
        return Load(path);
    }

    /// <summary>Opens a file that <see cref="Train"/> wrote.</summary>
    /// <exception cref="DatasetFormatException">The file is missing or is not a sketch backbone.</exception>
    public static SketchBackbone Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var (network, size, visual) = SketchBackboneFile.Read(path);
        var side = size / SketchBackboneNetwork.Stride;
        return new(network, new BackboneDescription
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Path = Path.GetFullPath(path),
            Sha256 = OnnxBackbone.Sha256Of(path),
            Layer = "block5",
            PreTraining = "seen classes of the dataset",
            Preprocessing = Preprocessing(size),
            Grid = new(side, side),
            Visual = visual,
        });
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> batch, int images, Span<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        var size = Description.Preprocessing.Height;
        var inputLength = checked(images * Description.Preprocessing.InputLength);
        var outputLength = checked(images * Description.OutputLength);
        if (batch.Length < inputLength)
            throw new ShapeException($"batch must hold [{images}, 3, {size}, {size}] = {inputLength} floats, found {batch.Length}.");
        if (output.Length < outputLength)
            throw new ShapeException($"output must hold [{images}, regions, visual] = {outputLength} floats, found {output.Length}.");
        using var pause = CollectionPause.Begin();
        using var scope = NewDisposeScope();
        using var mode = inference_mode();
        var input = tensor(batch[..inputLength].ToArray(), [images, 3, size, size]);
        network.call(input).data<float>().CopyTo(output[..outputLength]); // [images, regions, visual]
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    /// <summary>How pictures are made into inputs: stretched, pixels brought to about -2..2.</summary>
    internal static PreprocessingOptions Preprocessing(int size) => new()
    {
        Height = size,
        Width = size,
        Mean = [0.5, 0.5, 0.5],
        StandardDeviation = [0.25, 0.25, 0.25],
    };

    /// <summary>Bytes brought to the range of <see cref="Preprocessing"/>.</summary>
    internal static Tensor Normalised(Tensor pixels) => pixels.to_type(ScalarType.Float32) * (1 / (255 * 0.25)) - 2;
}
