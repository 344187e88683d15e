using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Duet;
using static TorchSharp.torch;
using static Unseen.Tests.Models.Duet.NaiveDuetLosses;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// A grounding step image by image: each sentence alone goes through text encoder and cross layers, with the padding of its batch where the cross
/// layers see it and without any where they do not; tokens, heads and losses are loops over numbers.
/// </summary>
internal sealed class NaiveGrounding(DuetOptions options, DuetParts parts, ZslProblem problem, IReadOnlyList<GroundingDraw> draws) : IDisposable
{
    private readonly NaiveNetwork network = new(options, parts.Network);
    private readonly int padding = new WordPrompts([]).Special("[PAD]");
    private readonly int longest = draws.Max(d => d.Masked.Tokens.Length);
    private readonly int longestContrast = draws.Max(d => d.Contrast?.Sentences.Max(s => s.Tokens.Length) ?? 0);

    private bool Code => options.LossForm == DuetLossForm.Code;

    /// <summary>v of each image [images][attributes].</summary>
    public double[][] Predicted(Tensor features) =>
        [.. draws.Select((draw, i) => network.Attributes(See(features[i], draw.Masked, longest).Vision, features[i]))];

    /// <summary>
    /// Eq. 5, or the authors' code: all tokens of the padded sentence, three times the degree, summed over the batch. Images without a target do not
    /// count.
    /// </summary>
    public double Reconstruction(Tensor features)
    {
        var losses = draws.Index().Where(d => d.Item.Target >= 0).Select(d =>
        {
            var (i, draw) = d;
            var language = See(features[i], draw.Masked, longest).Language;
            double Loss(int place, int id) => -Math.Log(Softmax(network.Words(language[place]))[id]);
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
            var own = Attribute(features[d.Index], d.Item.Masked, longest);
            var products = contrast.Images.Zip(contrast.SentenceOf).Select(c =>
            {
                var other = Attribute(FeatureTensor.Read(problem.Features, parts.Kind, [c.First])[0], contrast.Sentences[c.Second], longestContrast);
                return Code ? Dot(own, other) : Cosine(own, other) / options.Temperature;
            }).ToArray();
            return parts.Sampler.ContrastWeight(d.Item) * First(products);
        }).ToArray();
        return Code ? losses.Sum() : losses.Average();
    }

    /// <summary>H of the mean over the tokens of the attribute.</summary>
    private double[] Attribute(Tensor image, Sentence sentence, int length)
    {
        var tokens = See(image, sentence, length).Language[sentence.Place..(sentence.Place + sentence.Target.Length)];
        return NaiveNetwork.Projected(parts.Network.State, "duet.attribute_contrast", NaiveNetwork.Mean(tokens));
    }

    private (double[] Vision, double[][] Language) See(Tensor image, Sentence sentence, int length)
    {
        var pads = options.MaskPadding ? 0 : length - sentence.Tokens.Length;
        return network.See(image, [.. sentence.Tokens, .. Enumerable.Repeat((long)padding, pads)],
            [.. sentence.Tokens.Select(_ => 1L), .. Enumerable.Repeat(0L, pads)]);
    }

    public void Dispose() => network.Dispose();
}
