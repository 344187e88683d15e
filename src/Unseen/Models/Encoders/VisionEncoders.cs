using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>Weights of a vision encoder that were recognised by names and shapes; their numbers have not been read.</summary>
/// <param name="Report">What loading finds; nothing is missing.</param>
/// <param name="Load">Reads the numbers.</param>
internal sealed record VisionWeights(WeightReport Report, Func<IVisionEncoder> Load);

/// <summary>Vision encoders with the sizes that their weights tell, without the classification heads that these may have unless one is wanted.</summary>
internal static class VisionEncoders
{
    /// <summary>MobileNetV2.</summary>
    /// <param name="path">Safetensors file, or folder with one npy file per weight.</param>
    /// <exception cref="CheckpointMismatchException">The weights are not those of MobileNetV2.</exception>
    /// <exception cref="DatasetFormatException">The file or folder cannot be read.</exception>
    public static VisionWeights OpenMobileNetV2(string path) => new(WeightSet.Check(MobileNetV2.Layout(), path, "MobileNetV2"),
        () => Directory.Exists(path) ? MobileNetV2.LoadFolder(path).Model : MobileNetV2.Load(path).Model);

    /// <summary>DeiT with its distillation token, of any size.</summary>
    /// <inheritdoc cref="OpenSwin"/>
    public static VisionWeights OpenDeit(string path, bool head = false)
    {
        var shapes = WeightShapes.OfFile(path);
        var sizes = DeitSizes(shapes) ?? throw (VitSizes(shapes) is null ? Strange(path, "a DeiT, such as facebook/deit-base-distilled-patch16-224")
            : new CheckpointMismatchException($"{path} has no distillation token: it is a ViT, whose pixels are normalised in another way than DeiT's. "
                + "Set options.vision=vit."));
        return Open(path, sizes, "this DeiT", head);
    }

    /// <summary>ViT of any size.</summary>
    /// <inheritdoc cref="OpenSwin"/>
    public static VisionWeights OpenVit(string path, bool head = false)
    {
        var shapes = WeightShapes.OfFile(path);
        if (DeitSizes(shapes) is not null)
            throw new CheckpointMismatchException($"{path} has a distillation token: it is a DeiT, whose pixels are normalised in another way than ViT's. "
                + "Set options.vision=deit.");
        return Open(path, VitSizes(shapes) ?? throw Strange(path, "a ViT, such as google/vit-base-patch16-224"), "this ViT", head);
    }

    /// <summary>Swin of any size.</summary>
    /// <param name="path">Safetensors file.</param>
    /// <param name="head">With the classification head.</param>
    /// <exception cref="CheckpointMismatchException">The weights are those of something else, or have no head although one is wanted.</exception>
    /// <exception cref="DatasetFormatException">The file cannot be read.</exception>
    public static VisionWeights OpenSwin(string path, bool head = false)
    {
        var sizes = SwinSizes(WeightShapes.OfFile(path)) ?? throw Strange(path, "a Swin, such as microsoft/swin-base-patch4-window7-224");
        sizes = sizes with { Classes = Head(path, sizes.Classes, head) };
        return new(WeightSet.Check(sizes.Layout(), path, "this Swin"), () => SwinTransformer.Load(path, sizes).Model);
    }

    /// <summary>MobileNetV2 with copies of weights held by name.</summary>
    /// <inheritdoc cref="SwinOf"/>
    public static IVisionEncoder MobileNetV2Of(IReadOnlyDictionary<string, Tensor> state) => new MobileNetV2(state);

    /// <summary>DeiT or ViT with copies of weights held by name.</summary>
    /// <inheritdoc cref="SwinOf"/>
    public static IVisionEncoder VisionTransformerOf(IReadOnlyDictionary<string, Tensor> state)
    {
        var shapes = WeightShapes.Of(state);
        return new VisionTransformer(DeitSizes(shapes) ?? VitSizes(shapes) ?? throw Strange("The stored model", "a DeiT or ViT"), state);
    }

    /// <summary>Swin with copies of weights held by name, and a classification head if they have one.</summary>
    /// <param name="state">Weights by published name.</param>
    /// <exception cref="CheckpointMismatchException">A weight is missing or has another shape.</exception>
    public static IVisionEncoder SwinOf(IReadOnlyDictionary<string, Tensor> state) =>
        new SwinTransformer(SwinSizes(WeightShapes.Of(state)) ?? throw Strange("The stored model", "a Swin"), state);

    private static VisionWeights Open(string path, VisionTransformerOptions sizes, string model, bool head)
    {
        sizes = sizes with { Classes = Head(path, sizes.Classes, head) };
        if (PublishedHeads.Problem(path, sizes.Hidden) is { } heads) throw new CheckpointMismatchException($"{path}: {heads}");
        return new(WeightSet.Check(sizes.Layout(), path, model), () => VisionTransformer.Load(path, sizes).Model);
    }

    private static VisionTransformerOptions? DeitSizes(WeightShapes shapes) =>
        shapes.PrefixOf("deit.", "embeddings.distillation_token") is { } deit ? Architectures.VisionSizes(shapes, deit, distilled: true) : null;

    private static VisionTransformerOptions? VitSizes(WeightShapes shapes) =>
        shapes.PrefixOf("vit.", "embeddings.cls_token") is { } vit ? Architectures.VisionSizes(shapes, vit, distilled: false) : null;

    private static SwinOptions? SwinSizes(WeightShapes shapes) =>
        shapes.PrefixOf("swin.", "encoder.layers.0.blocks.0.attention.self.relative_position_bias_table") is { } swin
            ? Architectures.SwinSizes(shapes, swin) : null;

    private static long Head(string path, long classes, bool wanted) => !wanted ? 0 : classes > 0 ? classes
        : throw new CheckpointMismatchException($"{path} has no classification head, but options.visualFeature is logits. Give a file with one, such as "
            + "facebook/deit-base-distilled-patch16-224, or set options.visualFeature=token.");

    private static CheckpointMismatchException Strange(string path, string wanted) =>
        new($"{path} does not hold the weights of {wanted}. 'unseen weights check FILE' tells what a file holds.");
}
