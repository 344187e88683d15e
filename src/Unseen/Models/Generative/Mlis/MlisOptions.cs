using System.ComponentModel.DataAnnotations;

namespace Unseen.Models.Generative.Mlis;

/// <summary>The metric loss of MLIS (its Table 4).</summary>
public enum MetricLoss
{
    /// <summary>Circle loss, Sun et al., CVPR 2020.</summary>
    Circle,

    /// <summary>Contrastive loss, Hadsell et al., CVPR 2006.</summary>
    Contrastive,

    /// <summary>Multi-similarity loss, Wang et al., CVPR 2019.</summary>
    MultiSimilarity,
}

/// <summary>Form of the circle loss.</summary>
public enum CircleForm
{
    /// <summary>Weighted pairs, as in the library that the paper's experiments were built on.</summary>
    Pml,

    /// <summary>Eq. 1 of the paper as printed: unweighted pairs.</summary>
    Paper,
}

/// <summary>How long the two halves of [E(x) ; a] are when their cosines are taken.</summary>
public enum Concatenation
{
    /// <summary>Both halves scaled: the semantics have a fixed share of the squared length, so that neither half drowns the other.</summary>
    Balanced,

    /// <summary>E(x) as it is, and class semantics of length <see cref="MlisOptions.SemanticScale"/>.</summary>
    Raw,

    /// <summary>
    /// Both as they are, what the paper writes: E(x), and the class semantics of the dataset, attributes on their scale of 0 to 1, others unscaled.
    /// </summary>
    AsGiven,
}

/// <summary>Options of MLIS, "Refining visual representation for generalized zero-shot recognition through implicit-semantics-guided metric
/// learning" (ICLR 2023 submission). There is no public code: what the paper leaves open is marked inferred.</summary>
public sealed record MlisOptions : GenerativeOptions
{
    /// <summary>Metric loss on real features. The default is Circle (paper, Eq. 1).</summary>
    public MetricLoss MetricLoss { get; init; }

    /// <summary>Form of the circle loss. The default is Pml (inferred: the experiments use that library, whose form weights the pairs).</summary>
    public CircleForm CircleForm { get; init; }

    /// <summary>m of the circle loss. The default is 0.25 (inferred: Fig. 4 favours values below 0.4; 0.25 is Sun et al.'s).</summary>
    [Range(-1, 1)] public double CircleMargin { get; init; } = 0.25;

    /// <summary>γ of the circle loss. The default is 80 (inferred: the library's; by Fig. 4 it hardly matters).</summary>
    [Range(1e-3, 10_000)] public double CircleScale { get; init; } = 80;

    /// <summary>True (default): the semantics of the label take part in the similarities, "IS" of Table 3. False: plain metric learning, "ML".</summary>
    public bool ImplicitSemantics { get; init; } = true;

    /// <summary>
    /// Lengths of the two halves. The default is Balanced (inferred: the paper does not scale, AsGiven, and the sentence
    /// embeddings of CUB, 17 to 22 long, would drown E(x)).
    /// </summary>
    public Concatenation Concatenation { get; init; }

    /// <summary>
    /// Share of the semantics in the squared length, form balanced. The default is 0.5 (inferred, because nothing speaks for one half over the
    /// other).
    /// </summary>
    [Range(0, 1)] public double SemanticShare { get; init; } = 0.5;

    /// <summary>Length of the class semantics, form raw. The default is 1 (inferred, because the class vectors of most benchmarks have it).</summary>
    [Range(0, 1e6)] public double SemanticScale { get; init; } = 1;

    /// <summary>
    /// Weight of the metric loss. The default is 0.02 (inferred: the paper adds the two losses, but the circle loss is about γ times a
    /// similarity and drowns the classification; on validation classes of CUB-127 0.02 beat 1 clearly). The other two losses are of order 1.
    /// </summary>
    [Range(0, 1000)] public double MetricWeight { get; init; } = 0.02;

    /// <summary>
    /// Weight of the classification of refined features, real and made, "SFR" of Table 3 (Eq. 3). The default is 1 (inferred, because the paper
    /// adds its losses without weights); 0 leaves it out.
    /// </summary>
    [Range(0, 1000)] public double RefinementWeight { get; init; } = 1;

    /// <summary>Features made for each unseen class in every step of the refinement. The default is 5 (Fig. 3; that it is per step is inferred).</summary>
    [Range(0, 10_000)] public int RefinementPerUnseenClass { get; init; } = 5;

    /// <summary>
    /// Whether made features of seen classes take part as well, one per image of the batch, in the steps of encoder and generator. The default is true
    /// (paper, section 3.3).
    /// </summary>
    public bool RefineSyntheticSeen { get; init; } = true;

    /// <summary>
    /// Weight of that classification in the generator's step. The default is 0.01 (inferred, as in f-CLSWGAN: the loss is there "to improve
    /// the quality of the synthesized features", so it must reach the generator); 0 keeps the generator apart.
    /// </summary>
    [Range(0, 1000)] public double GeneratorRefinementWeight { get; init; } = 0.01;

    /// <summary>Width of the refined features. The default is 2048 (inferred, as in CE-GZSL).</summary>
    [Range(1, 100_000)] public int EncoderWidth { get; init; } = 2048;

    /// <summary>Steps of the encoder to one of the generator. The default is 5 (inferred: as in CE-GZSL, whose encoder learns whenever the critic does).</summary>
    [Range(1, 1000)] public int EncoderSteps { get; init; } = 5;

    /// <summary>Features made for each unseen class for the final classifier. The default is 100 (CUB; inferred, as in CE-GZSL).</summary>
    public override int SyntheticPerUnseenClass { get; init; } = 100;

    /// <summary>
    /// Features made for each seen class for the final classifier, beside the real ones. The default is 20 (paper: some, section 3.4; the number
    /// is inferred).
    /// </summary>
    public override int SyntheticPerSeenClass { get; init; } = 20;
}
