using Unseen.Data;
using Unseen.Models.Duet;
using static TorchSharp.torch;
using static Unseen.Tests.Models.Duet.NaiveDuetLosses;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// A grounding step image by image: each sentence alone goes through text encoder and cross layer, with the padding of its batch where the cross
/// layers see it and without any where they do not; heads and losses are loops over numbers.
/// </summary>
internal sealed class NaiveGrounding(DuetOptions options, DuetParts parts, ZslProblem problem, IReadOnlyList<GroundingDraw> draws)
{
    private readonly IReadOnlyDictionary<string, Tensor> state = parts.Network.State;
    private readonly int padding = new WordPrompts([]).Special("[PAD]");
    private readonly int longest = draws.Max(d => d.Masked.Tokens.Length);
    private readonly int longestContrast = draws.Max(d => d.Contrast?.Sentences.Max(s => s.Tokens.Length) ?? 0);

    private bool Code => options.LossForm == DuetLossForm.Code;

    /// <summary>v of each image [images][attributes].</summary>
    public double[][] Predicted(Tensor features) => [.. draws.Select((draw, i) =>
    {
        var own = features[i].unsqueeze(0);
        return Rows(parts.Network.Attributes(See(own, draw.Masked, longest).Vision, own))[0];
    })];

    /// <summary>Eq. 5, or the authors' code: all tokens of the padded sentence, three times the degree, summed over the batch.</summary>
    public double Reconstruction(Tensor features)
    {
        var losses = draws.Select((draw, i) =>
        {
            var language = Rows(See(features[i].unsqueeze(0), draw.Masked, longest).Language[0]);
            double Loss(int place, int id) => -Math.Log(Softmax(Scores(language[place]))[id]);
            var degree = parts.Sampler.Degree(draw);
            if (!Code) return degree * draw.Masked.Target.Index().Sum(t => Loss(draw.Masked.Place + t.Index, t.Item));
            int[] whole = [.. draw.Masked.Tokens, .. Enumerable.Repeat(padding, longest - draw.Masked.Tokens.Length)];
            draw.Masked.Target.CopyTo(whole, draw.Masked.Place);
            return 3 * degree * whole.Index().Average(t => Loss(t.Index, t.Item));
        }).ToArray();
        return Code ? losses.Sum() : losses.Average();
    }

    /// <summary>Eq. 15, or the authors' code: products instead of cosines over τ, summed over the batch.</summary>
    public double AttributeContrast(Tensor features)
    {
        var losses = draws.Index().Where(d => d.Item.Contrast is not null).Select(d =>
        {
            var contrast = d.Item.Contrast!;
            var own = Attribute(features[d.Index].unsqueeze(0), d.Item.Masked, longest);
            var products = contrast.Images.Zip(contrast.SentenceOf).Select(c =>
            {
                var other = Attribute(Image(c.First), contrast.Sentences[c.Second], longestContrast);
                return Code ? Dot(own, other) : Cosine(own, other) / options.Temperature;
            }).ToArray();
            return parts.Sampler.ContrastWeight(d.Item) * First(products);
        }).ToArray();
        return Code ? losses.Sum() : losses.Average();
    }

    /// <summary>Two layers with a ReLU between.</summary>
    public static double[] Projected(IReadOnlyDictionary<string, Tensor> state, string head, double[] x) =>
        Linear(state, head + ".2", Array.ConvertAll(Linear(state, head + ".0", x), v => Math.Max(0, v)));

    /// <summary>H of the mean over the tokens of the attribute.</summary>
    private double[] Attribute(Tensor image, Sentence sentence, int length)
    {
        var tokens = Rows(See(image, sentence, length).Language[0])[sentence.Place..(sentence.Place + sentence.Target.Length)];
        return Projected(state, "duet.attribute_contrast", [.. tokens[0].Select((_, k) => tokens.Average(t => t[k]))]);
    }

    private (Tensor Vision, Tensor Language) See(Tensor image, Sentence sentence, int length)
    {
        var pads = options.MaskPadding ? 0 : length - sentence.Tokens.Length;
        long[] ids = [.. sentence.Tokens, .. Enumerable.Repeat((long)padding, pads)];
        long[] mask = [.. sentence.Tokens.Select(_ => 1L), .. Enumerable.Repeat(0L, pads)];
        var hidden = parts.Network.Text!.Encoder.Forward(tensor(ids).unsqueeze(0), tensor(mask).unsqueeze(0));
        var all = arange(ids.Length, int64).unsqueeze(0);
        var (vision, language) = parts.Network.Cross(parts.Network.VisualTokens(image), new(hidden, null), all, wantVision: true, training: false);
        return (vision!, language!);
    }

    private double[] Scores(double[] x)
    {
        if (options.TiedTokenHead) return Array.ConvertAll(Rows(parts.Network.Text!.WordTable), word => Dot(word, x));
        var wide = Array.ConvertAll(Linear(state, "duet.token_head.transform", x), v => 0.5 * v * (1 + tensor(v / Math.Sqrt(2)).erf().item<double>()));
        var (mean, scale, shift) = (wide.Average(), Vector("duet.token_head.LayerNorm.weight"), Vector("duet.token_head.LayerNorm.bias"));
        var deviation = Math.Sqrt(wide.Average(v => (v - mean) * (v - mean)) + 1e-12);
        return Linear(state, "duet.token_head.decoder", [.. wide.Select((v, k) => (v - mean) / deviation * scale[k] + shift[k])]);
    }

    private double[] Vector(string name) => Rows(state[name].unsqueeze(0))[0];

    private static double[] Linear(IReadOnlyDictionary<string, Tensor> state, string name, double[] x)
    {
        var bias = Rows(state[name + ".bias"].unsqueeze(0))[0];
        return [.. Rows(state[name + ".weight"]).Select((row, o) => Dot(row, x) + bias[o])];
    }

    private Tensor Image(int image)
    {
        var values = new float[problem.Features.Visual()];
        problem.Features.ReadGlobal(image, values);
        return tensor(values).unsqueeze(0);
    }
}
