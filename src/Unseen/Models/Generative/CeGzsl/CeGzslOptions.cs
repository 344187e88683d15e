using System.ComponentModel.DataAnnotations;
using Unseen.Models.Linear;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>Options of CE-GZSL, Han et al., "Contrastive embedding for generalized zero-shot learning" (CVPR 2021).</summary>
public sealed record CeGzslOptions : GenerativeOptions
{
    /// <summary>Normalisation of the class vectors that the networks see. The default is None (authors' code, which takes them as the dataset has them).</summary>
    public override AttributeNormalisation AttributeNormalisation { get; init; } = AttributeNormalisation.None;

    /// <summary>Width of the refined features h. The default is 2048 (paper).</summary>
    [Range(1, 100_000)] public int EncoderWidth { get; init; } = 2048;

    /// <summary>Width of the projection z of the instance-level loss. The default is 512 (paper).</summary>
    [Range(1, 100_000)] public int ProjectionWidth { get; init; } = 512;

    /// <summary>Hidden width of the comparator of the class-level loss. The default is 2048; 1024 on FLO and SUN (authors' code).</summary>
    [Range(1, 100_000)] public int ComparatorWidth { get; init; } = 2048;

    /// <summary>Weight of the instance-level loss in the generator's step. The default is 0.001; 0.01 on FLO and SUN (authors' code).</summary>
    [Range(0, 1000)] public double InstanceWeight { get; init; } = 0.001;

    /// <summary>Weight of the class-level loss in the generator's step. The default is 0.001; 0.01 on FLO and SUN (authors' code).</summary>
    [Range(0, 1000)] public double ClassWeight { get; init; } = 0.001;

    /// <summary>Weight of the instance-level loss in the step of critic and encoder. The default is 1 (authors' code).</summary>
    [Range(0, 1000)] public double EncoderInstanceWeight { get; init; } = 1;

    /// <summary>Weight of the class-level loss in the step of critic and encoder. The default is 1 (authors' code).</summary>
    [Range(0, 1000)] public double EncoderClassWeight { get; init; } = 1;

    /// <summary>τ of the instance-level loss. The default is 0.1 (authors' code).</summary>
    [Range(1e-6, 1000)] public double InstanceTemperature { get; init; } = 0.1;

    /// <summary>τ of the class-level loss. The default is 0.1 (authors' code).</summary>
    [Range(1e-6, 1000)] public double ClassTemperature { get; init; } = 0.1;

    /// <summary>Features made for each unseen class for the final classifier. The default is 100 (CUB, authors' code).</summary>
    public override int SyntheticPerUnseenClass { get; init; } = 100;

    /// <summary>Features made for each seen class for the final classifier, beside the real ones. The default is 0 (authors' code).</summary>
    public override int SyntheticPerSeenClass { get; init; }
}
