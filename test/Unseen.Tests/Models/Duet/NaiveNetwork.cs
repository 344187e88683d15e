using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using static TorchSharp.torch;
using static Unseen.Tests.Models.Duet.NaiveDuetLosses;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// One picture beside one sentence: visual tokens and heads as loops over numbers, cross layers one after the other over all of their tokens. What
/// the text encoder and one cross layer compute is taken as it is.
/// </summary>
internal sealed class NaiveNetwork : IDisposable
{
    private readonly DuetOptions options;
    private readonly IReadOnlyDictionary<string, Tensor> state;
    private readonly BertEncoder encoder;
    private readonly WeightSet weights;
    private readonly CrossLayer[] layers;

    public NaiveNetwork(DuetOptions options, DuetNetwork network)
    {
        (this.options, state, encoder) = (options, network.State, network.Text!.Encoder);
        var layout = new WeightLayout("");
        string[] names = [.. Enumerable.Range(0, options.CrossLayers).Select(i => $"duet.cross.{i}.")];
        foreach (var name in names) CrossLayer.Declare(layout, name, encoder.Width);
        weights = WeightSet.FromState(layout, state);
        layers = Array.ConvertAll(names, name => new CrossLayer(weights, name, encoder.Heads, dropout: 0));
    }

    /// <summary>The vision side where it is read off, and all of the language side.</summary>
    /// <param name="image">[visual] or [regions, visual].</param>
    /// <param name="ids">The sentence.</param>
    /// <param name="mask">What the text encoder sees of it; null for all. The cross layers see all.</param>
    public (double[] Vision, double[][] Language) See(Tensor image, long[] ids, long[]? mask = null)
    {
        using var constants = no_grad();
        var hidden = encoder.Forward(tensor(ids).unsqueeze(0), mask is null ? null : tensor(mask).unsqueeze(0));
        var regions = Regions(image);
        double[][] tokens = options.VisualTokens == DuetVisualTokens.ClassAndRegions ? [Mean(regions), .. regions] : regions;
        var visual = Tensor(Array.ConvertAll(tokens, t => Linear(state, "duet.visual_projection", Standardised(t))));
        foreach (var layer in layers)
            (visual, hidden) = (layer.Vision(visual, layer.TextKeys(hidden), null, false), layer.Language(hidden, visual, null, null, false));
        var seen = Rows(visual[0]);
        return (options.VisualTokens == DuetVisualTokens.Regions ? Mean(seen) : seen[0], Rows(hidden[0]));
    }

    /// <summary>v of Eq. 3, with the linear path from the mean of the regions where there is one.</summary>
    public double[] Attributes(double[] vision, Tensor image)
    {
        var predicted = Linear(state, "duet.fc_image", vision);
        if (!options.VisualSkip) return predicted;
        var global = Standardised(Mean(Regions(image)));
        return [.. Rows(state["duet.fc_visual.weight"]).Select((row, k) => predicted[k] + Dot(row, global))];
    }

    /// <summary>Scores of the vocabulary.</summary>
    public double[] Words(double[] x)
    {
        if (options.TiedTokenHead) return Array.ConvertAll(Rows(state["text.bert.embeddings.word_embeddings.weight"]), word => Dot(word, x));
        var wide = Array.ConvertAll(Linear(state, "duet.token_head.transform", x), v => 0.5 * v * (1 + tensor(v / Math.Sqrt(2)).erf().item<double>()));
        var (mean, scale, shift) = (wide.Average(), Vector("duet.token_head.LayerNorm.weight"), Vector("duet.token_head.LayerNorm.bias"));
        var deviation = Math.Sqrt(wide.Average(v => (v - mean) * (v - mean)) + 1e-12);
        return Linear(state, "duet.token_head.decoder", [.. wide.Select((v, k) => (v - mean) / deviation * scale[k] + shift[k])]);
    }

    /// <summary>Two layers with a ReLU between.</summary>
    public static double[] Projected(IReadOnlyDictionary<string, Tensor> state, string head, double[] x) =>
        Linear(state, head + ".2", Array.ConvertAll(Linear(state, head + ".0", x), v => Math.Max(0, v)));

    public static double[] Mean(double[][] rows) => [.. rows[0].Select((_, k) => rows.Average(r => r[k]))];

    private static double[][] Regions(Tensor image) => Rows(image.reshape(-1, image.shape[^1]));

    private static double[] Standardised(double[] x)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return Array.ConvertAll(x, v => (v - mean) / deviation);
    }

    private static Tensor Tensor(double[][] rows) =>
        tensor(rows.SelectMany(r => r).Select(v => (float)v).ToArray()).reshape(1, rows.Length, rows[0].Length);

    private static double[] Linear(IReadOnlyDictionary<string, Tensor> state, string name, double[] x)
    {
        var bias = Rows(state[name + ".bias"].unsqueeze(0))[0];
        return [.. Rows(state[name + ".weight"]).Select((row, o) => Dot(row, x) + bias[o])];
    }

    private double[] Vector(string name) => Rows(state[name].unsqueeze(0))[0];

    public void Dispose() => weights.Dispose();
}
