namespace Unseen.Models.Duet;

/// <summary>The text side of DUET (ENC_lan).</summary>
public enum DuetTextEncoder
{
    /// <summary>
    /// A small transformer of our own, trained along from the start; its word embeddings begin as those that best add up to the attribute
    /// word vectors. Not BERT, and no language is known before training.
    /// </summary>
    Small,

    /// <summary>BERT with the weights and the vocabulary that the user gives.</summary>
    Bert,
}

/// <summary>What the cross layers see of a picture.</summary>
public enum DuetVisualTokens
{
    /// <summary>One token: the class token, or the mean of the regions of a network without one (the paper's choice).</summary>
    Class,

    /// <summary>The class token and all others; the class token is read off ("hidden" in table 3 of the paper).</summary>
    ClassAndRegions,

    /// <summary>All tokens but the class token; their mean is read off ("hidden + pooling" in table 3 of the paper).</summary>
    Regions,
}

/// <summary>What a sentence holds (rows 4 and 5 of table 3 of the paper).</summary>
public enum DuetSentence
{
    /// <summary>Prompts and the attributes of the class: "color: brown | has part: tail, flippers |" (Eq. 1).</summary>
    PromptsAndAttributes,

    /// <summary>Prompts only: no attribute is ever masked, so neither reconstruction nor attribute contrast takes place.</summary>
    Prompts,

    /// <summary>Attributes only.</summary>
    Attributes,
}

/// <summary>How the attribute to be masked is drawn.</summary>
public enum DuetMaskSampling
{
    /// <summary>In inverse proportion to the number of seen classes that have it (Eq. 2).</summary>
    LinearWeighted,

    /// <summary>
    /// The authors' code: the same weights, for prompts habit, diet, behaviour and role with 3 added to the count, stretched to 0..1 over the
    /// attributes of the class, so that its commonest attribute is never drawn.
    /// </summary>
    LinearWeightedStretched,

    /// <summary>All attributes of the class alike (row 6 of table 3 of the paper).</summary>
    Uniform,
}

/// <summary>How the attributes that a sentence leaves out are chosen.</summary>
public enum DuetPruning
{
    /// <summary>Exactly the ratio of them, rounded, drawn uniformly.</summary>
    Share,

    /// <summary>Each on its own with the ratio as its probability (authors' code).</summary>
    Independent,
}

/// <summary>Scale of the class scores of DUET and of the calibration that is taken from seen classes.</summary>
public enum DuetCalibrationScale
{
    /// <summary>The products v·z themselves (Eq. 22).</summary>
    Logit,

    /// <summary>Their softmax over all classes (authors' code).</summary>
    Probability,
}

/// <summary>Form of the losses of DUET.</summary>
public enum DuetLossForm
{
    /// <summary>The equations of the paper.</summary>
    Paper,

    /// <summary>The authors' code; each loss names its differences.</summary>
    Code,
}
