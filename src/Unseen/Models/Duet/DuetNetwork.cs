using TorchSharp.Modules;
using Unseen.Models.Encoders;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>The tensors of DUET and what is computed with them: visual tokens, cross layers, heads. Knows neither classes nor losses.</summary>
internal sealed class DuetNetwork : IDisposable
{
    private const string Prefix = "duet.";

    private readonly DuetOptions options;
    private readonly WeightSet weights;
    private readonly CrossLayer[] layers;

    private DuetNetwork(DuetOptions options, DuetTextSide? text, WeightSet weights, long visual, Precision precision)
    {
        weights.Precision = precision;
        if (text is not null) text.Encoder.Precision = precision;
        (this.options, Text, this.weights, Visual) = (options, text, weights, visual);
        layers = [.. Enumerable.Range(0, text is null ? 0 : options.CrossLayers)
            .Select(i => new CrossLayer(weights, Layer(i), text!.Encoder.Heads, options.Dropout))];
    }

    /// <summary>The text side, or null without language.</summary>
    public DuetTextSide? Text { get; }

    /// <summary>Width of a visual feature.</summary>
    public long Visual { get; }

    /// <summary>An untrained network around a text side, which it owns from here on.</summary>
    public static DuetNetwork Create(DuetOptions options, DuetTextSide? text, long visual, long attributes, Precision precision) =>
        new(options, text, WeightSet.Untrained(Layout(options, text, visual, attributes)), visual, precision);

    /// <summary>Copies of weights held by name, around a text side, which the network owns from here on.</summary>
    /// <exception cref="CheckpointMismatchException">A tensor is missing or has another shape.</exception>
    public static DuetNetwork Load(
        DuetOptions options, DuetTextSide? text, long visual, long attributes, IReadOnlyDictionary<string, Tensor> state, Precision precision)
    {
        var own = state.Where(s => s.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(s => s.Key[Prefix.Length..], s => s.Value);
        return new(options, text, WeightSet.FromState(Layout(options, text, visual, attributes), own), visual, precision);
    }

    /// <summary>All tensors by name.</summary>
    public IReadOnlyDictionary<string, Tensor> State =>
        (Text?.State ?? []).Concat(weights.Parameters.Select(p => KeyValuePair.Create(Prefix + p.Key, (Tensor)p.Value))).ToDictionary();

    /// <summary>What is trained, by name.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters =>
        [.. options.TrainText ? Text?.Parameters ?? [] : [], .. weights.Parameters.Select(p => (Prefix + p.Key, p.Value))];

    /// <summary>Visual tokens [batch, tokens, hidden] of features [batch, visual] or [batch, regions, visual].</summary>
    public Tensor VisualTokens(Tensor features)
    {
        var tokens = Standardised(features);
        return weights.Linear(options.VisualTokens switch
        {
            DuetVisualTokens.Class => tokens.unsqueeze(1),
            DuetVisualTokens.ClassAndRegions when !HasClassToken => cat([Standardised(features.mean([1])).unsqueeze(1), tokens], 1),
            _ => tokens,
        }, "visual_projection");
    }

    /// <summary>v of Eq. 3 without language: FC of the visual feature [batch, attributes].</summary>
    public Tensor VisionOnly(Tensor features) => weights.Linear(Global(features), "fc_image");

    /// <summary>One standardised visual feature per image [batch, visual].</summary>
    private Tensor Global(Tensor features) => Standardised(options.VisualTokens switch
    {
        DuetVisualTokens.Class => features,
        DuetVisualTokens.ClassAndRegions when HasClassToken => features.select(1, 0),
        _ => features.mean([1]),
    });

    /// <summary>Hidden states of sentences [sentences, tokens, hidden] with what is added to attention where they are padded.</summary>
    public EncodedText Encode(Tensor tokens, Tensor? mask, bool training)
    {
        var hidden = Text!.Encoder.Forward(tokens, mask, training: training && options.TrainText);
        return new(hidden, mask is not null && options.MaskPadding ? BertEncoder.Bias(mask, [.. tokens.shape]) : null);
    }

    /// <summary>
    /// Through the cross layers. The last one computes each side only if it is wanted, and of the language side only some places.
    /// </summary>
    /// <param name="visual">Visual tokens [batch, tokens, hidden].</param>
    /// <param name="text">A sentence for each image, or one for all if no language is wanted and there is one layer.</param>
    /// <param name="places">Places of the language side to compute [batch, places], or null for none.</param>
    /// <param name="wantVision">Whether to compute the vision side.</param>
    /// <param name="training">Drops at random.</param>
    /// <returns>Vision [batch, hidden] at the place that is read off, language [batch, places, hidden]; null where not wanted.</returns>
    public (Tensor? Vision, Tensor? Language) Cross(Tensor visual, EncodedText text, Tensor? places, bool wantVision, bool training)
    {
        var hidden = text.Hidden;
        if ((layers.Length > 1 || places is not null) && hidden.shape[0] == 1) hidden = hidden.expand(visual.shape[0], -1, -1);
        for (var i = 0; i + 1 < layers.Length; i++)
            (visual, hidden) = (layers[i].Vision(visual, layers[i].TextKeys(hidden), text.Padding, training),
                layers[i].Language(hidden, visual, null, text.Padding, training));
        var last = layers[^1];
        return (wantVision ? ReadOff(last.Vision(visual, last.TextKeys(hidden), text.Padding, training)) : null,
            places is null ? null : last.Language(hidden, visual, places, text.Padding, training));
    }

    /// <summary>The vision side beside keys and values of one sentence that were computed before; one cross layer only.</summary>
    public Tensor Cross(Tensor visual, (Tensor Keys, Tensor Values) text) => ReadOff(layers[0].Vision(visual, text, null, training: false));

    /// <summary>Keys and values of a sentence for <see cref="Cross(Tensor, ValueTuple{Tensor, Tensor})"/>.</summary>
    public (Tensor Keys, Tensor Values) Keys(EncodedText text) => layers[0].TextKeys(text.Hidden);

    /// <summary>True when the vision side sees the text only through keys and values that do not depend on the picture.</summary>
    public bool HasFixedKeys => layers.Length == 1;

    /// <summary>v of Eq. 3: FC of the vision side, and of the features themselves if the options say so [batch, attributes].</summary>
    public Tensor Attributes(Tensor vision, Tensor features)
    {
        var predicted = weights.Linear(vision, "fc_image");
        return options.VisualSkip ? predicted + weights.Linear(Global(features), "fc_visual") : predicted;
    }

    /// <summary>Scores of the vocabulary [..., vocabulary] (Eq. 6, or a head of its own as in the authors' code).</summary>
    public Tensor Tokens(Tensor language)
    {
        if (options.TiedTokenHead) return weights.Product(language, Text!.WordTable, null);
        var transformed = Gelu.Exact.Apply(weights.Linear(language, "token_head.transform"));
        return weights.Linear(weights.LayerNorm(transformed, "token_head.LayerNorm", 1e-12), "token_head.decoder");
    }

    /// <summary>H of Eq. 10 for v or for attributes: two layers.</summary>
    public Tensor Project(Tensor x, string head) => weights.Linear(weights.Linear(x, head + ".0").relu(), head + ".2");

    public void Dispose()
    {
        Text?.Dispose();
        weights.Dispose();
    }

    /// <summary>
    /// Mean 0 and deviation 1 within each feature, as the last layer norm of a vision transformer leaves them; class scores stay as they are (authors'
    /// code).
    /// </summary>
    private Tensor Standardised(Tensor x) => options.UsesLogits ? x : nn.functional.layer_norm(x, [x.shape[^1]]);

    /// <summary>True when the class token stands before the regions already; stored features have none.</summary>
    private bool HasClassToken => options.Vision != DuetVisionEncoder.Features;

    private Tensor ReadOff(Tensor vision) => options.VisualTokens == DuetVisualTokens.Regions ? vision.mean([1]) : vision.select(1, 0);

    private static string Layer(int index) => $"cross.{index}.";

    private static WeightLayout Layout(DuetOptions options, DuetTextSide? text, long visual, long attributes)
    {
        var layout = new WeightLayout("");
        var hidden = text?.Encoder.Width ?? visual;
        layout.Linear("fc_image", hidden, attributes);
        if (options.ContrastWeight > 0 && options.LossForm == DuetLossForm.Paper) AddProjection(layout, DuetHeads.Classes, attributes, hidden);
        if (text is null) return layout;
        layout.Linear("visual_projection", visual, hidden);
        if (options.VisualSkip) layout.Linear("fc_visual", visual, attributes, bias: false);
        for (var i = 0; i < options.CrossLayers; i++) CrossLayer.Declare(layout, Layer(i), hidden);
        if (options.AttributeContrastWeight > 0) AddProjection(layout, DuetHeads.Attributes, hidden, hidden);
        if (options.TiedTokenHead) return layout;
        layout.Linear("token_head.transform", hidden, hidden);
        layout.LayerNorm("token_head.LayerNorm", hidden);
        layout.Linear("token_head.decoder", hidden, text.WordTable.shape[0]);
        return layout;
    }

    private static void AddProjection(WeightLayout layout, string head, long inputs, long hidden)
    {
        layout.Linear(head + ".0", inputs, hidden);
        layout.Linear(head + ".2", hidden, hidden);
    }
}

/// <summary>Names of the projection heads.</summary>
internal static class DuetHeads
{
    public const string Classes = "class_contrast";
    public const string Attributes = "attribute_contrast";
}

/// <summary>Hidden states of sentences [sentences, tokens, hidden] and what is added to attention scores at padding, or null.</summary>
internal sealed record EncodedText(Tensor Hidden, Tensor? Padding);
