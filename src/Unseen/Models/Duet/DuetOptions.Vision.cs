using System.ComponentModel.DataAnnotations;
using Unseen.Features;
using Unseen.Models.Encoders;

namespace Unseen.Models.Duet;

/// <summary>The vision side of DUET (ENC_vis).</summary>
public enum DuetVisionEncoder
{
    /// <summary>None: the features that a frozen backbone has made before (--features).</summary>
    Features,

    /// <summary>MobileNetV2, trained along from pictures; its batch norm stays as it was.</summary>
    MobileNetV2,

    /// <summary>DeiT with its distillation token, trained along from pictures (the paper's choice for CUB and AWA2).</summary>
    Deit,

    /// <summary>Swin, trained along from pictures (the paper's choice for SUN).</summary>
    Swin,

    /// <summary>ViT, trained along from pictures. Its pixels have mean and deviation 0.5, as it was published; those of the others ImageNet's.</summary>
    Vit,
}

/// <summary>What a vision encoder that is trained along gives as the feature of a picture.</summary>
public enum DuetVisualFeature
{
    /// <summary>The class token, or the mean of the regions of a network without one (the paper).</summary>
    Token,

    /// <summary>
    /// The scores of the classes that the encoder was published with, 1000 of them for ImageNet-1k (the authors' code): for DeiT, ViT and Swin, whose
    /// file must have its classification head.
    /// </summary>
    Logits,
}

/// <summary>How pictures are changed at random in training.</summary>
public enum DuetAugmentation
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Mirrored half of the time, and cut out of the picture with a margin of an eighth on each side.</summary>
    FlipAndCrop,
}

public sealed partial record DuetOptions
{
    private const int SizeStep = 32;

    /// <summary>
    /// The vision encoder to train along. The default is Features: none, and the run needs --features; with any other, the run reads the
    /// pictures themselves.
    /// </summary>
    public DuetVisionEncoder Vision { get; init; } = DuetVisionEncoder.Features;

    /// <summary>
    /// Weights with which the vision encoder begins, needed to train it: a safetensors file with the published names, or for MobileNetV2 a
    /// folder with one npy file per weight. The sizes of the network are read off them.
    /// </summary>
    public string? VisionWeights { get; init; }

    /// <summary>Data these weights were trained on, for the report, for example "ImageNet-1k"; null says "not stated".</summary>
    public string? VisionPreTraining { get; init; }

    /// <summary>
    /// Blocks of the vision encoder that are trained, counted from the last, and what follows them; what lies below stays as it was and keeps
    /// nothing for gradients. 0 trains none. The default is null: all of the encoder (the paper).
    /// </summary>
    [Range(0, 1000)] public int? TrainedVisionBlocks { get; init; }

    /// <summary>Height and width of a picture for the vision encoder, a multiple of 32 pixels. The default is 224 (the paper).</summary>
    [Range(SizeStep, 1024)] public int PictureSize { get; init; } = 224;

    /// <summary>
    /// What the vision encoder gives as the feature of a picture. The default is Token (the paper); the authors' code has Logits. Without a vision
    /// encoder features are what they are.
    /// </summary>
    public DuetVisualFeature VisualFeature { get; init; } = DuetVisualFeature.Token;

    /// <summary>How pictures are changed at random in training. The default is None (authors' code).</summary>
    public DuetAugmentation Augmentation { get; init; } = DuetAugmentation.None;

    /// <inheritdoc/>
    public override PictureInput? Pictures() =>
        Vision == DuetVisionEncoder.Features ? null : new(Preprocessing(), Encoder(), VisionWeights, VisionPreTraining);

    /// <inheritdoc/>
    public override bool NeedsRegions() => Vision == DuetVisionEncoder.Features && UseLanguage && VisualTokens != DuetVisualTokens.Class;

    /// <inheritdoc/>
    public override IReadOnlyList<WeightReport> PretrainedWeights() =>
        [.. new[] { DuetVision.Check(this), UseLanguage && Text() == DuetTextEncoder.Bert ? PublishedBert.Of(this).Check() : null }.OfType<WeightReport>()];

    /// <summary>True when features of pictures are class scores of the encoder.</summary>
    internal bool UsesLogits => Vision != DuetVisionEncoder.Features && VisualFeature == DuetVisualFeature.Logits;

    /// <summary>
    /// As published with the weights. MobileNetV2 and ViT: a bilinear stretch of the whole picture, ViT with its own mean and deviation. DeiT: the
    /// shortest side to 256 of 224 parts, bicubic, and the middle of it; Swin the same (inferred: what its published accuracy was measured with; the scripts of DUET stretch it).
    /// </summary>
    private PreprocessingOptions Preprocessing()
    {
        var stretched = new PreprocessingOptions { Height = PictureSize, Width = PictureSize };
        return Vision switch
        {
            DuetVisionEncoder.MobileNetV2 => stretched,
            DuetVisionEncoder.Vit => stretched with { Mean = [0.5, 0.5, 0.5], StandardDeviation = [0.5, 0.5, 0.5] },
            _ => stretched with { Resize = ResizeRule.ShortestSide, ResizeTo = PictureSize * 8 / 7, Crop = CropRule.Center, Interpolation = Interpolation.Bicubic },
        };
    }

    private string Encoder()
    {
        var name = Vision switch { DuetVisionEncoder.Deit => "DeiT", DuetVisionEncoder.Swin => "Swin", DuetVisionEncoder.Vit => "ViT", _ => "MobileNetV2" };
        return TrainedVisionBlocks switch
        {
            null => $"{name}, trained along",
            0 => $"{name}, frozen",
            1 => $"{name}, last block trained along",
            var blocks => $"{name}, last {blocks} blocks trained along",
        };
    }

    private IEnumerable<string> VisionProblems()
    {
        if (PictureSize % SizeStep != 0) yield return $"options.pictureSize must be a multiple of {SizeStep}, found {PictureSize}.";
        if (VisualFeature == DuetVisualFeature.Logits && Vision == DuetVisionEncoder.MobileNetV2)
            yield return "options.visualFeature is logits, but MobileNetV2 is read without its classification head. Set options.visualFeature=token.";
        if (UsesLogits && VisualTokens != DuetVisualTokens.Class)
            yield return "options.visualFeature is logits, which are of the whole picture, but options.visualTokens wants regions. Set options.visualFeature=token, "
                + "or options.visualTokens=class.";
        if (Vision != DuetVisionEncoder.Features) yield break;
        foreach (var (name, isSet) in new[]
        {
            ("visionWeights", VisionWeights is not null), ("visionPreTraining", VisionPreTraining is not null),
            ("trainedVisionBlocks", TrainedVisionBlocks is not null), ("augmentation", Augmentation != DuetAugmentation.None),
        })
            if (isSet) yield return $"options.{name} is given, but options.vision is features: no vision encoder is trained. Set options.vision, "
                + "for example to mobilenet-v2.";
    }
}
