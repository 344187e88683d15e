using Unseen.Data;
using Unseen.Models.Duet;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// A grounding step as it stands in the paper: image by image, every sentence and every image of a contrast on its own, all tokens through all
/// of the language side. Oracle of the batched step and its opponent in speed.
/// </summary>
/// <param name="options">Options of the network.</param>
/// <param name="network">The network.</param>
/// <param name="features">Features of contrast images.</param>
/// <param name="training">With the dropout of training.</param>
internal sealed class StraightforwardDuet(DuetOptions options, DuetNetwork network, IFeatureSource features, bool training = false)
{
    /// <summary>v, minus log-probabilities of the masked tokens, and -log f of Eq. 15 for each image.</summary>
    public (Tensor Predicted, Tensor Reconstruction, Tensor Contrast) Ground(Tensor images, IReadOnlyList<GroundingDraw> draws)
    {
        var (predicted, reconstructions, contrasts) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        foreach (var (i, draw) in draws.Index())
        {
            var (vision, language) = See(images[i].unsqueeze(0), draw.Masked);
            predicted.Add(network.Attributes(vision, images[i].unsqueeze(0)));
            reconstructions.Add(Reconstruction(language, draw.Masked));
            contrasts.Add(draw.Contrast is { } contrast ? Contrast(language, draw.Masked, contrast) : zeros(1));
        }
        return (cat(predicted), cat(reconstructions), cat(contrasts));
    }

    private (Tensor Vision, Tensor Language) See(Tensor image, Sentence sentence)
    {
        var tokens = tensor(Array.ConvertAll(sentence.Tokens, t => (long)t)).unsqueeze(0);
        var encoded = network.Encode(tokens, null, training);
        var all = arange(sentence.Tokens.Length, int64).unsqueeze(0);
        var (vision, language) = network.Cross(network.VisualTokens(image), encoded, all, wantVision: true, training);
        return (vision!, language!);
    }

    /// <summary>The head on every token, of which the masked ones count.</summary>
    private Tensor Reconstruction(Tensor language, Sentence sentence)
    {
        var scores = network.Tokens(language).log_softmax(-1);
        var sum = zeros(1);
        foreach (var (t, id) in sentence.Target.Index()) sum -= scores[0, sentence.Place + t, id];
        return sum;
    }

    private Tensor Contrast(Tensor language, Sentence sentence, ContrastImages contrast)
    {
        var own = Unit(language, sentence);
        var products = contrast.Images.Zip(contrast.SentenceOf).Select(c =>
        {
            var image = empty(features.Visual());
            var values = new float[features.Visual()];
            features.ReadGlobal(c.First, values);
            image.copy_(tensor(values));
            var other = contrast.Sentences[c.Second];
            return (Unit(See(image.unsqueeze(0), other).Language, other) * own).sum(1) / options.Temperature;
        }).ToArray();
        return cat(products).logsumexp(0, keepdim: true) - products[0];
    }

    private Tensor Unit(Tensor language, Sentence sentence)
    {
        var mean = language.narrow(1, sentence.Place, sentence.Target.Length).mean([1]);
        return nn.functional.normalize(network.Project(mean, DuetHeads.Attributes), dim: 1);
    }
}
