namespace Unseen.Features;

/// <summary>How a picture of any size becomes the size a backbone wants.</summary>
public enum ResizeRule
{
    /// <summary>The whole picture is stretched to the target size; its aspect ratio is lost.</summary>
    Stretch,

    /// <summary>The shortest side becomes <see cref="PreprocessingOptions.ResizeTo"/>; the aspect ratio stays.</summary>
    ShortestSide,
}

/// <summary>What happens after resizing.</summary>
public enum CropRule
{
    /// <summary>Nothing: the resized picture is the input.</summary>
    None,

    /// <summary>The middle of the resized picture is cut out.</summary>
    Center,
}

/// <summary>The antialiased resampling filter, as Pillow defines it.</summary>
public enum Interpolation
{
    /// <summary>Triangle filter, support 1.</summary>
    Bilinear,

    /// <summary>Keys' cubic filter with a = -0.5, support 2.</summary>
    Bicubic,
}

/// <summary>The order of the colour planes in the input of a backbone.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}

/// <summary>How a picture becomes the input of a backbone: resize, crop, then (pixel * scale - mean) / std.</summary>
public sealed record PreprocessingOptions
{
    /// <summary>Largest side of an input or of a resized picture, in pixels.</summary>
    public const int MaximumSide = 8192;

    /// <summary>Height of the input in pixels. The default value is 224.</summary>
    public int Height { get; init; } = 224;

    /// <summary>Width of the input in pixels. The default value is 224.</summary>
    public int Width { get; init; } = 224;

    /// <summary>Resize rule. The default value is <see cref="ResizeRule.Stretch"/>.</summary>
    public ResizeRule Resize { get; init; } = ResizeRule.Stretch;

    /// <summary>
    /// Size in pixels before the crop: both sides for stretch, the shortest for shortest-side; 0 means the input size. The default
    /// value is 0.
    /// </summary>
    public int ResizeTo { get; init; }

    /// <summary>Crop rule. The default value is <see cref="CropRule.None"/>.</summary>
    public CropRule Crop { get; init; } = CropRule.None;

    /// <summary>Resampling filter. The default value is <see cref="Interpolation.Bilinear"/>.</summary>
    public Interpolation Interpolation { get; init; } = Interpolation.Bilinear;

    /// <summary>Order of the planes. The default value is <see cref="ChannelOrder.Rgb"/>.</summary>
    public ChannelOrder ChannelOrder { get; init; } = ChannelOrder.Rgb;

    /// <summary>Factor on the 8-bit pixel values. The default value is 1/255.</summary>
    public double Scale { get; init; } = 1 / 255.0;

    /// <summary>Subtracted after scaling, per plane in the order of <see cref="ChannelOrder"/>. The default value is ImageNet's.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>
    /// Divides after the subtraction, per plane in the order of <see cref="ChannelOrder"/>. The default value is ImageNet's.
    /// </summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>Floats of one input: 3 * height * width.</summary>
    public int InputLength => 3 * Height * Width;

    /// <summary>Throws a <see cref="ConfigurationException"/> with every problem found.</summary>
    public void Validate()
    {
        var errors = Errors().ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }

    /// <summary>The size in pixels to which a picture is resized before the crop.</summary>
    public (int Height, int Width) ResizedSize(int height, int width)
    {
        if (Resize == ResizeRule.Stretch) return ResizeTo == 0 ? (Height, Width) : (ResizeTo, ResizeTo);
        var side = ResizeTo == 0 ? Math.Min(Height, Width) : ResizeTo;
        return height <= width ? (side, Longer(side, width, height)) : (Longer(side, height, width), side);
    }

    /// <inheritdoc/>
    public bool Equals(PreprocessingOptions? other) =>
        other is not null && Numbers().SequenceEqual(other.Numbers());

    /// <inheritdoc/>
    public override int GetHashCode() => Numbers().Aggregate(17, HashCode.Combine);

    // Truncated, as torchvision does; a picture too long for an int saturates and is refused by the pixel limit.
    private static int Longer(int side, int longSide, int shortSide) => (int)Math.Min((long)side * longSide / shortSide, int.MaxValue);

    private IEnumerable<double> Numbers() =>
        new[] { Height, Width, (int)Resize, ResizeTo, (int)Crop, (int)Interpolation, (int)ChannelOrder, Scale }
            .Concat(Mean).Concat(StandardDeviation);

    private IEnumerable<string> Errors()
    {
        if (Height is < 1 or > MaximumSide || Width is < 1 or > MaximumSide)
            yield return $"preprocessing: 'height' and 'width' must be 1 to {MaximumSide} pixels, found {Height}x{Width}.";
        if (ResizeTo is < 0 or > MaximumSide)
            yield return $"preprocessing: 'resizeTo' must be 0 (the input size) to {MaximumSide} pixels, found {ResizeTo}.";
        if (Crop == CropRule.None && Resize == ResizeRule.ShortestSide)
            yield return "preprocessing: resize 'shortest-side' keeps the aspect ratio, so it needs crop 'center'.";
        if (Crop == CropRule.None && ResizeTo != 0 && (ResizeTo != Height || ResizeTo != Width))
            yield return $"preprocessing: 'resizeTo' {ResizeTo} differs from the input size {Height}x{Width}, so it needs crop 'center'.";
        if (Crop == CropRule.Center && ResizeTo != 0 && ResizeTo < Math.Max(Height, Width))
            yield return $"preprocessing: 'resizeTo' must be at least the crop size {Height}x{Width}, found {ResizeTo}.";
        if (Crop == CropRule.Center && Resize == ResizeRule.ShortestSide && ResizeTo == 0 && Height != Width)
            yield return "preprocessing: resize 'shortest-side' to an input that is not square needs 'resizeTo'.";
        if (!double.IsFinite(Scale) || Scale <= 0)
            yield return FormattableString.Invariant($"preprocessing: 'scale' must be a number above 0, found {Scale}.");
        if (Mean.Count != 3 || Mean.Any(m => !double.IsFinite(m)))
            yield return "preprocessing: 'mean' must be three finite numbers, one per plane.";
        if (StandardDeviation.Count != 3 || StandardDeviation.Any(s => !double.IsFinite(s) || s <= 0))
            yield return "preprocessing: 'std' must be three numbers above 0, one per plane.";
    }
}
