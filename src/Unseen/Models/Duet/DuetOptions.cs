using System.ComponentModel.DataAnnotations;
using Unseen.Evaluation;

namespace Unseen.Models.Duet;

/// <summary>
/// Options of DUET, "DUET: Cross-modal Semantic Grounding for Contrastive Zero-shot Learning" (Chen et al., AAAI 2023). Defaults are the
/// paper's form with its coefficients for CUB (table 4); presets give the other datasets and the authors' code.
/// </summary>
public sealed partial record DuetOptions : MethodOptions, IValidatedOptions
{
    /// <summary>λ_ar, weight of the attribute regression (Eq. 7). The default is 0.01.</summary>
    [Range(0, 1000)] public double RegressionWeight { get; init; } = 0.01;

    /// <summary>λ_sc, weight of the self-calibration (Eq. 11). The default is 0.001.</summary>
    [Range(0, 1000)] public double SelfCalibrationWeight { get; init; } = 0.001;

    /// <summary>λ_con, weight of the contrast of classes (Eq. 9-10). The default is 0.05.</summary>
    [Range(0, 1000)] public double ContrastWeight { get; init; } = 0.05;

    /// <summary>
    /// Fewest pictures that go through together for which the contrast of classes is taken. The default is 1, any number; the authors' code takes
    /// it of full batches only, which are parts of 7 (CUB), 8 (SUN) and 10 (AWA2) there.
    /// </summary>
    [Range(1, 100_000)] public int ContrastBatch { get; init; } = 1;

    /// <summary>λ_cmr, weight of the reconstruction of the masked attribute (Eq. 5). The default is 5 (CUB).</summary>
    [Range(0, 1000)] public double ReconstructionWeight { get; init; } = 5;

    /// <summary>λ_acl, weight of the contrast of attributes (Eq. 15). The default is 0.001 (CUB).</summary>
    [Range(0, 1000)] public double AttributeContrastWeight { get; init; } = 0.001;

    /// <summary>τ, temperature of both contrasts (Eq. 10). The default is 0.05.</summary>
    [Range(1e-4, 100)] public double Temperature { get; init; } = 0.05;

    /// <summary>ρ, probability that a step grounds attributes (T_CSG) instead of classifying alone (T_CLS). The default is 0.4.</summary>
    [Range(0, 1)] public double GroundingShare { get; init; } = 0.4;

    /// <summary>r_rap, share of the other attributes of a class that a sentence leaves out. The default is 0.5.</summary>
    [Range(0, 1)] public double PruningRatio { get; init; } = 0.5;

    /// <summary>How the attributes that a sentence leaves out are chosen. The default is Share.</summary>
    public DuetPruning Pruning { get; init; } = DuetPruning.Share;

    /// <summary>How the masked attribute is drawn. The default is LinearWeighted (Eq. 2).</summary>
    public DuetMaskSampling MaskSampling { get; init; } = DuetMaskSampling.LinearWeighted;

    /// <summary>
    /// Most attributes of a sentence beside the masked one, drawn with the weights of <see cref="MaskSampling"/> from those that pruning left; 0 has
    /// no limit. The default is 0; the authors' code has 30.
    /// </summary>
    [Range(0, 10_000)] public int AttributeLimit { get; init; }

    /// <summary>
    /// A class has an attribute when its value (0..1) reaches this. The default is 0.5 (inferred for CUB: the authors' binary attributes are not public); the presets of
    /// AWA2 and SUN have 0.2078 and 0.08, which reproduce the dataset's binary matrix and the paper's counts.
    /// The strongest attribute of each prompt counts too, so that no prompt of a class is empty.
    /// </summary>
    [Range(0, 1)] public double PresenceThreshold { get; init; } = 0.5;

    /// <summary>What a sentence holds. The default is PromptsAndAttributes.</summary>
    public DuetSentence Sentence { get; init; } = DuetSentence.PromptsAndAttributes;

    /// <summary>Classes c- drawn for each image in the contrast of attributes. The default is 2 (section A.5).</summary>
    [Range(1, 100)] public int NegativeClasses { get; init; } = 2;

    /// <summary>Images of each class c-. The default is 2 (section A.5).</summary>
    [Range(1, 100)] public int NegativeImages { get; init; } = 2;

    /// <summary>
    /// Share of the candidates, best first, from which c+ and c- are drawn: so many, rounded down, and one more. The default is 1, all of them
    /// (Eq. 19-20); the authors' code has 0.5.
    /// </summary>
    [Range(0.01, 1)] public double CandidateShare { get; init; } = 1;

    /// <summary>
    /// γ of Eq. 22, taken from the scores of seen classes in prediction, not in training. The default is 0; the presets have the values of table 4 or
    /// of the authors' scripts. What the clean protocol chooses on validation classes is added to it.
    /// </summary>
    [Range(-100, 100)] public double Calibration { get; init; }

    /// <summary>Scale of the scores and of <see cref="Calibration"/>. The default is Logit (Eq. 22).</summary>
    public DuetCalibrationScale CalibrationScale { get; init; } = DuetCalibrationScale.Logit;

    /// <summary>Form of the losses. The default is Paper.</summary>
    public DuetLossForm LossForm { get; init; } = DuetLossForm.Paper;

    /// <summary>
    /// True: scores of masked tokens are products with the word embeddings (Eq. 6). False: a head of its own, as in the authors' code. The
    /// default is true.
    /// </summary>
    public bool TiedTokenHead { get; init; } = true;

    /// <summary>True: the cross layers do not attend to padding. The default is true; the authors' code does attend to it.</summary>
    public bool MaskPadding { get; init; } = true;

    /// <summary>False: only the vision side, v = FC of the visual token ("only ENC_vis" in table 3). The default is true.</summary>
    public bool UseLanguage { get; init; } = true;

    /// <summary>False freezes the text encoder (row 3 of table 3). The default is true.</summary>
    public bool TrainText { get; init; } = true;

    /// <summary>What the cross layers see of a picture. The default is Class.</summary>
    public DuetVisualTokens VisualTokens { get; init; } = DuetVisualTokens.Class;

    /// <summary>
    /// Adds a linear prediction of the attributes from the visual feature itself to v (inferred, for features that are not trained along: the cross
    /// layer alone has to carry a frozen feature through layers that start from nothing). The default is false (Eq. 3).
    /// </summary>
    public bool VisualSkip { get; init; }

    /// <summary>K_cross, number of cross layers. The default is 1.</summary>
    [Range(1, 12)] public int CrossLayers { get; init; } = 1;

    /// <summary>The text encoder. The default is null: Bert when its files are given, else Small.</summary>
    public DuetTextEncoder? TextEncoder { get; init; }

    /// <summary>Safetensors file with the weights of BERT; needed to train with <see cref="TextEncoder"/> Bert.</summary>
    public string? TextWeights { get; init; }

    /// <summary>vocab.txt that belongs to these weights.</summary>
    public string? TextVocabulary { get; init; }

    /// <summary>Width of a token of the small text encoder, a multiple of its heads. The default is 128 (inferred).</summary>
    [Range(8, 4096)] public int TextWidth { get; init; } = 128;

    /// <summary>Blocks of the small text encoder. The default is 1 (inferred).</summary>
    [Range(1, 24)] public int TextLayers { get; init; } = 1;

    /// <summary>Attention heads of the small text encoder and of the cross layers beside it; beside BERT there are as many as BERT has. The default is 4 (inferred).</summary>
    [Range(1, 64)] public int TextHeads { get; init; } = 4;

    /// <summary>Most tokens of a sentence, [CLS] and [SEP] among them; what is over is cut off. The default is 250 (authors' code for CUB).</summary>
    [Range(16, 512)] public int SentenceLimit { get; init; } = 250;

    /// <summary>Share of activations and attention dropped in training. The default is 0.1 (BERT and LXMERT).</summary>
    [Range(0, 0.9)] public double Dropout { get; init; } = 0.1;

    /// <summary>The text encoder that is used.</summary>
    internal DuetTextEncoder Text() =>
        TextEncoder ?? (TextWeights is null && TextVocabulary is null ? DuetTextEncoder.Small : DuetTextEncoder.Bert);

    /// <inheritdoc/>
    public override GammaScale? ScoreScale() => CalibrationScale == DuetCalibrationScale.Probability ? GammaScale.Probability : null;

    /// <inheritdoc/>
    public IEnumerable<string> Validate()
    {
        if (TextWidth % TextHeads != 0) yield return $"options.textWidth must be a multiple of options.textHeads, found {TextWidth} and {TextHeads}.";
        if (TextEncoder == DuetTextEncoder.Small && TextWeights is not null)
            yield return "options.textWeights is given, but options.textEncoder is small, which has no weights to load. Leave options.textEncoder out, or set it to bert.";
        if (Text() == DuetTextEncoder.Bert && TextWeights is null != TextVocabulary is null)
            yield return "options.textWeights and options.textVocabulary belong together: give both.";
        foreach (var problem in VisionProblems()) yield return problem;
    }
}
