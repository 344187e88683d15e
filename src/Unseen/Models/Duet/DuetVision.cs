using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Models.Encoders;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>The vision encoder ENC_vis when it is trained along: pixels in, visual features out. Its lower blocks may stay frozen.</summary>
internal sealed class DuetVision : IDisposable
{
    private const string Prefix = "vision.";

    /// <summary>Pictures that go through together without gradients: what the blocks compute on the way is soon free again.</summary>
    private const int Chunk = 16;

    private readonly DuetOptions options;
    private readonly IVisionEncoder encoder;
    private readonly int? frozenBlocks;      // null: not even what comes before the blocks is frozen
    private readonly FrozenBlocks? frozen;   // while training, where blocks are frozen

    private DuetVision(DuetOptions options, IVisionEncoder encoder, Precision precision, bool isTrained)
    {
        (this.options, this.encoder) = (options, encoder);
        encoder.Precision = precision;
        if (options.TrainedVisionBlocks > encoder.Blocks)
            throw new ConfigurationException([$"options.trainedVisionBlocks is {options.TrainedVisionBlocks}, but the vision encoder has {encoder.Blocks} "
                + "blocks. Give fewer, or leave it out to train all of the encoder."]);
        frozenBlocks = encoder.Blocks - options.TrainedVisionBlocks;
        foreach (var (name, parameter) in encoder.Parameters)
            if (IsFrozen || (frozenBlocks is { } blocks && encoder.BelongsToBegin(name, blocks))) parameter.requires_grad = false;
        if (isTrained && frozenBlocks is { } count) frozen = new(picture => encoder.Begin(picture, count));
    }

    /// <summary>Width of a visual feature.</summary>
    public long Width => options.UsesLogits ? encoder.Classes : encoder.Width;

    /// <summary>Length of a row of pixels.</summary>
    public long PixelsLength => 3L * options.PictureSize * options.PictureSize;

    /// <summary>All tensors by name, what is frozen and counted among them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => encoder.Parameters.Select(p => KeyValuePair.Create(Prefix + p.Key, (Tensor)p.Value));

    /// <summary>What is trained, by name.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> TrainedParameters =>
        encoder.Parameters.Where(p => p.Value.requires_grad).Select(p => (Prefix + p.Key, p.Value));

    private bool IsFrozen => options.TrainedVisionBlocks == 0;

    /// <summary>The vision encoder that the options ask for, or null when they ask for none.</summary>
    /// <param name="options">Encoder, weights, what is frozen.</param>
    /// <param name="problem">Its source must be pictures of the size of the options.</param>
    /// <param name="precision">Format of the products of linear layers.</param>
    /// <param name="state">Tensors of a stored model, or null: the weights are read from their file.</param>
    /// <exception cref="ConfigurationException">The weights are not given, or the source has features instead of pictures.</exception>
    /// <exception cref="CheckpointMismatchException">The weights are those of something else.</exception>
    public static DuetVision? Create(DuetOptions options, ZslProblem problem, Precision precision, IReadOnlyDictionary<string, Tensor>? state)
    {
        if (options.Vision == DuetVisionEncoder.Features) return null;
        if (problem.Features.Pictures is not { } pictures)
            throw new ConfigurationException(["DUET with options.vision reads pictures, but the dataset was opened with features. Open it with its "
                + "pictures (without --features), or set options.vision=features."]);
        if ((pictures.Height, pictures.Width) != (options.PictureSize, options.PictureSize))
            throw new ConfigurationException([$"options.pictureSize is {options.PictureSize}, but the pictures are prepared as {pictures.Height}x{pictures.Width}."]);
        var encoder = state is null ? Weights(options).Load() : Stored(options, state);
        try { return new(options, encoder, precision, isTrained: state is null); }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>What loading the weights of the options finds; null when the options ask for no vision encoder.</summary>
    /// <inheritdoc cref="Create"/>
    public static WeightReport? Check(DuetOptions options) => options.Vision == DuetVisionEncoder.Features ? null : Weights(options).Report;

    /// <summary>Visual features of pictures; in training gradients flow to what is not frozen.</summary>
    /// <param name="rows">Normalised pixels [batch, 3·side·side].</param>
    /// <param name="training">Changes the pictures and drops at random where the options say so.</param>
    /// <returns>[batch, width], or with regions [batch, tokens, width], the class token first if it is wanted too.</returns>
    public Tensor Features(Tensor rows, bool training)
    {
        using var scope = NewDisposeScope();
        var pixels = rows.view(-1, 3, options.PictureSize, options.PictureSize);
        var isChanged = training && options.Augmentation == DuetAugmentation.FlipAndCrop;
        var tokens = Tokens(isChanged ? PictureAugmentation.FlipAndCrop(pixels) : pixels, training, isChanged);
        var regions = tokens.narrow(1, encoder.SpecialTokens, tokens.shape[1] - encoder.SpecialTokens);
        return (options.VisualTokens switch
        {
            DuetVisualTokens.Class => options.UsesLogits ? encoder.Logits(tokens) : encoder.Global(tokens),
            DuetVisualTokens.ClassAndRegions => cat([encoder.Global(tokens).unsqueeze(1), regions], 1),
            _ => regions,
        }).MoveToOuterDisposeScope();
    }

    private Tensor Tokens(Tensor pixels, bool training, bool isChanged)
    {
        var learns = training && !IsFrozen;
        if (frozenBlocks is not { } blocks) return learns ? encoder.Tokens(pixels, training: true) : Constant(pixels, chunk => encoder.Tokens(chunk));
        var begun = frozen is null || isChanged ? Constant(pixels, chunk => encoder.Begin(chunk, blocks)) : frozen.Of(pixels);
        return learns ? encoder.Finish(begun, blocks, training: true) : Constant(begun, chunk => encoder.Finish(chunk, blocks));
    }

    /// <summary>Computes without gradients, some pictures at a time.</summary>
    private static Tensor Constant(Tensor pixels, Func<Tensor, Tensor> compute)
    {
        using var constants = no_grad();
        using var scope = NewDisposeScope();
        return cat([.. pixels.split(Chunk).Select(compute)], 0).MoveToOuterDisposeScope();
    }

    private static VisionWeights Weights(DuetOptions options)
    {
        var path = options.VisionWeights ?? throw new ConfigurationException(["options.vision is given without weights to begin with: give them with "
            + "options.visionWeights (a safetensors file; for MobileNetV2 also a folder of npy files)."]);
        return options.Vision switch
        {
            DuetVisionEncoder.MobileNetV2 => VisionEncoders.OpenMobileNetV2(path),
            DuetVisionEncoder.Deit => VisionEncoders.OpenDeit(path, options.UsesLogits),
            DuetVisionEncoder.Vit => VisionEncoders.OpenVit(path, options.UsesLogits),
            _ => VisionEncoders.OpenSwin(path, options.UsesLogits),
        };
    }

    private static IVisionEncoder Stored(DuetOptions options, IReadOnlyDictionary<string, Tensor> state)
    {
        var own = state.Where(s => s.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(s => s.Key[Prefix.Length..], s => s.Value);
        return options.Vision switch
        {
            DuetVisionEncoder.MobileNetV2 => VisionEncoders.MobileNetV2Of(own),
            DuetVisionEncoder.Deit or DuetVisionEncoder.Vit => VisionEncoders.VisionTransformerOf(own),
            _ => VisionEncoders.SwinOf(own),
        };
    }

    public void Dispose()
    {
        frozen?.Dispose();
        encoder.Dispose();
    }
}
