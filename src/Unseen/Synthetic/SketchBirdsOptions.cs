namespace Unseen.Synthetic;

/// <summary>What <see cref="SketchBirds"/> draws: how many species and pictures, how hard, and how misleading.</summary>
/// <remarks>Everything follows from <see cref="Seed"/>: the same options give the same files, byte for byte, on the same build.</remarks>
public sealed record SketchBirdsOptions
{
    /// <summary>Species with training pictures. The default value is 30; at least 5, so that every colour occurs.</summary>
    public int SeenSpecies { get; init; } = 30;

    /// <summary>Species without training pictures: new combinations of attributes of the seen ones. The default value is 10; at least
    /// 1.</summary>
    public int UnseenSpecies { get; init; } = 10;

    /// <summary>Pictures per species. The default value is 40; at least 2.</summary>
    public int ImagesPerClass { get; init; } = 40;

    /// <summary>Share of a seen species' pictures kept for test_seen, 0..1. The default value is 0.2; at least one picture
    /// stays on each side.</summary>
    public double TestSeenShare { get; init; } = 0.2;

    /// <summary>Width and height in pixels. The default value is 112; 32..1024.</summary>
    public int ImageSize { get; init; } = 112;

    /// <summary>Source of all randomness. The default value is 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Share of the seen species, 0..1, in which attributes are tied that have nothing to do with each other: belly colour follows wing
    /// colour,
    /// leg colour bill colour, breast pattern wing pattern, and habitat head colour. Unseen species are never tied; they stay the same
    /// unless a
    /// tie removes the last seen species with one of their values. The default value is 0.
    /// </summary>
    public double SpuriousCoOccurrence { get; init; }

    /// <summary>
    /// Probability, 0..1, per picture and group (colours, patterns, crest, habitat) that an individual does not follow its species:
    /// the value is drawn evenly from the group. The default value is 0.1.
    /// </summary>
    public double AbsentAttributeRate { get; init; } = 0.1;

    /// <summary>Probability, 0..1, that a species has two forms of a colour or pattern (as male and female). The default value is
    /// 0.2.</summary>
    public double TwoFormRate { get; init; } = 0.2;

    /// <summary>Mean number of leaves in front of the bird, each over some part of it. The default value is 0.7; 0..5.</summary>
    public double Occlusion { get; init; } = 0.7;

    /// <summary>Mean number of flowers, berries and butterflies in the birds' own colours around it. The default value is 14;
    /// 0..40.</summary>
    public double Clutter { get; init; } = 14;

    /// <summary>Strength of pose, scale, tilt and shift, 0 (all alike) to 1. The default value is 1. At 0 birds still face both
    /// ways.</summary>
    public double PoseVariation { get; init; } = 1;

    /// <summary>Strength of light, tint, shade of colour and noise, 0 (pure colours) to 1. The default value is 1.</summary>
    public double LightVariation { get; init; } = 1;

    /// <summary>Length of the word vectors. The default value is 64; 8..300.</summary>
    public int WordVectorLength { get; init; } = 64;

    /// <summary>A world small enough for tests: 8 species, 6 pictures each, 48 pixels.</summary>
    public static SketchBirdsOptions Tiny { get; } = new()
    {
        SeenSpecies = 6,
        UnseenSpecies = 2,
        ImagesPerClass = 6,
        ImageSize = 48,
        WordVectorLength = 32,
    };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ConfigurationException">Carries every problem.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        Whole(errors, nameof(SeenSpecies), SeenSpecies, 5, SketchSpeciesNames.Most);
        Whole(errors, nameof(UnseenSpecies), UnseenSpecies, 1, SketchSpeciesNames.Most);
        Whole(errors, "SeenSpecies + UnseenSpecies", SeenSpecies + UnseenSpecies, 6, SketchSpeciesNames.Most);
        Whole(errors, nameof(ImagesPerClass), ImagesPerClass, 2, 100_000);
        Whole(errors, nameof(ImageSize), ImageSize, 32, 1024);
        Whole(errors, nameof(WordVectorLength), WordVectorLength, 8, 300);
        Number(errors, nameof(TestSeenShare), TestSeenShare, 0, 1);
        Number(errors, nameof(SpuriousCoOccurrence), SpuriousCoOccurrence, 0, 1);
        Number(errors, nameof(AbsentAttributeRate), AbsentAttributeRate, 0, 1);
        Number(errors, nameof(TwoFormRate), TwoFormRate, 0, 1);
        Number(errors, nameof(Occlusion), Occlusion, 0, 5);
        Number(errors, nameof(Clutter), Clutter, 0, 40);
        Number(errors, nameof(PoseVariation), PoseVariation, 0, 1);
        Number(errors, nameof(LightVariation), LightVariation, 0, 1);
        if (errors.Count > 0)
            throw new ConfigurationException(errors);
    }

    private static void Whole(List<string> errors, string name, long value, long least, long most)
    {
        if (value < least || value > most)
            errors.Add($"SketchBirds: {name} must be {least}..{most}, found {value}.");
    }

    private static void Number(List<string> errors, string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            errors.Add(FormattableString.Invariant($"SketchBirds: {name} must be {least}..{most}, found {value}."));
    }
}
