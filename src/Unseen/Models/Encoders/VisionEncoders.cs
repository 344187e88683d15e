using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>Vision encoders with the sizes that their weights tell, without the classification heads that these may have.</summary>
internal static class VisionEncoders
{
    /// <summary>MobileNetV2 with frozen batch norm.</summary>
    /// <param name="path">Safetensors file, or folder with one npy file per weight.</param>
    /// <exception cref="CheckpointMismatchException">The weights are not those of MobileNetV2.</exception>
    /// <exception cref="DatasetFormatException">The file or folder cannot be read.</exception>
    public static IVisionEncoder LoadMobileNetV2(string path) =>
        Directory.Exists(path) ? MobileNetV2.LoadFolder(path, frozenNorm: true).Model : MobileNetV2.Load(path, frozenNorm: true).Model;

    /// <summary>DeiT of any size, with or without distillation token, or ViT.</summary>
    /// <inheritdoc cref="LoadSwin"/>
    public static IVisionEncoder LoadVisionTransformer(string path) => VisionTransformer.Load(path,
        Sizes(WeightShapes.OfFile(path)) ?? throw Strange(path, "a DeiT or ViT, such as facebook/deit-base-distilled-patch16-224")).Model;

    /// <summary>Swin of any size.</summary>
    /// <param name="path">Safetensors file.</param>
    /// <exception cref="CheckpointMismatchException">The weights are those of something else.</exception>
    /// <exception cref="DatasetFormatException">The file cannot be read.</exception>
    public static IVisionEncoder LoadSwin(string path) => SwinTransformer.Load(path,
        SwinSizes(WeightShapes.OfFile(path)) ?? throw Strange(path, "a Swin, such as microsoft/swin-base-patch4-window7-224")).Model;

    /// <summary>MobileNetV2 with frozen batch norm and copies of weights held by name.</summary>
    /// <inheritdoc cref="SwinOf"/>
    public static IVisionEncoder MobileNetV2Of(IReadOnlyDictionary<string, Tensor> state) => new MobileNetV2(frozenNorm: true, state);

    /// <summary>DeiT or ViT with copies of weights held by name.</summary>
    /// <inheritdoc cref="SwinOf"/>
    public static IVisionEncoder VisionTransformerOf(IReadOnlyDictionary<string, Tensor> state) =>
        new VisionTransformer(Sizes(WeightShapes.Of(state)) ?? throw Strange("The stored model", "a DeiT or ViT"), state);

    /// <summary>Swin with copies of weights held by name.</summary>
    /// <param name="state">Weights by published name.</param>
    /// <exception cref="CheckpointMismatchException">A weight is missing or has another shape.</exception>
    public static IVisionEncoder SwinOf(IReadOnlyDictionary<string, Tensor> state) =>
        new SwinTransformer(SwinSizes(WeightShapes.Of(state)) ?? throw Strange("The stored model", "a Swin"), state);

    private static VisionTransformerOptions? Sizes(WeightShapes shapes) =>
        shapes.PrefixOf("deit.", "embeddings.distillation_token") is { } deit ? Architectures.VisionSizes(shapes, deit, distilled: true) with { Classes = 0 }
        : shapes.PrefixOf("vit.", "embeddings.cls_token") is { } vit ? Architectures.VisionSizes(shapes, vit, distilled: false) with { Classes = 0 }
        : null;

    private static SwinOptions? SwinSizes(WeightShapes shapes) =>
        shapes.PrefixOf("swin.", "encoder.layers.0.blocks.0.attention.self.relative_position_bias_table") is { } swin
            ? Architectures.SwinSizes(shapes, swin) with { Classes = 0 } : null;

    private static CheckpointMismatchException Strange(string path, string wanted) =>
        new($"{path} does not hold the weights of {wanted}. 'unseen weights check FILE' tells what a file holds.");
}
