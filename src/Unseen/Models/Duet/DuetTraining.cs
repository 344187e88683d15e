using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>
/// The losses of DUET. A step either classifies with the template as its sentence (T_CLS, Eq. 13) or grounds attributes with sentences of which
/// one attribute is masked (T_CSG, Eq. 14 and 21).
/// </summary>
internal sealed class DuetTraining : IDisposable
{
    private readonly DuetOptions options;
    private readonly ZslProblem problem;
    private readonly FeatureKind kind;
    private readonly DuetNetwork network;
    private readonly DuetVision? encoder;    // of pictures; the model's
    private readonly PromptText? text;
    private readonly GroundingSampler? sampler;
    private readonly Dictionary<int, int[]> imagesOf;
    private readonly Tensor classSemantics;  // [classes, attributes], rows L2-normalised; the model's
    private readonly Tensor seenClasses, seenPlace, unseenClasses, margin;

    public DuetTraining(
        DuetOptions options, ZslProblem problem, FeatureKind kind, DuetNetwork network, Tensor classSemantics, ClassFacts facts, PromptText? text,
        DuetVision? encoder = null)
    {
        this.encoder = encoder;
        (this.options, this.problem, this.kind, this.network, this.classSemantics, this.text) = (options, problem, kind, network, classSemantics, text);
        imagesOf = problem.Train.Images.Zip(problem.Train.Labels).GroupBy(i => i.Second).ToDictionary(g => g.Key, g => g.Select(i => i.First).ToArray());
        if (text is not null)
            sampler = new(options, new ClassTexts(options, facts, text.PromptOf, [.. problem.SeenClasses.Where(imagesOf.ContainsKey)]), text, imagesOf);
        seenClasses = tensor(problem.SeenClasses, int64);
        unseenClasses = tensor(problem.UnseenClasses, int64);
        seenPlace = tensor(Array.ConvertAll(Places(problem.SeenClass), p => (long)p));       // class id to place among the seen classes
        margin = ones(problem.Classes).index_fill_(0, seenClasses, -1);                      // of Eq. 11
        foreach (var constant in new[] { seenClasses, unseenClasses, seenPlace, margin }) constant.DetachFromDisposeScope();
    }

    /// <summary>The loss terms of a batch.</summary>
    /// <param name="features">[batch, visual], [batch, regions, visual] or pixels [batch, 3·side·side].</param>
    /// <param name="labels">Class ids [batch], int64.</param>
    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels)
    {
        var random = new Random((int)randint(int.MaxValue, [1]).item<long>());
        var grounds = sampler is not null && random.NextDouble() < options.GroundingShare;
        var classes = labels.cpu().data<long>().ToArray().Select(c => (int)c).ToArray();
        var draws = grounds && options.Sentence != DuetSentence.Prompts ? sampler!.Draw(classes, random) : null;
        return draws is null ? Classify(features, labels, grounds ? null : Companions(classes, random)) : Ground(features, labels, draws);
    }

    /// <summary>T_CLS: the ZSL losses and the contrast of classes, with the template as the sentence.</summary>
    /// <param name="features">Features of the batch.</param>
    /// <param name="labels">Classes of the batch.</param>
    /// <param name="companions">Another image of each class, or null to leave the contrast out.</param>
    internal IReadOnlyList<LossTerm> Classify(Tensor features, Tensor labels, int[]? companions)
    {
        var contrasts = companions is not null && options.ContrastWeight > 0 && labels.shape[0] >= options.ContrastBatch;
        var all = contrasts ? cat([features, Features(companions!)]) : features;
        var (vision, predicted) = See(encoder?.Features(all, training: true) ?? all);
        var terms = ZslTerms(predicted.narrow(0, 0, labels.shape[0]), labels);
        if (contrasts) terms.Add(new("con", options.ContrastWeight, ClassContrast(vision, predicted, labels)));
        return terms;
    }

    /// <summary>T_CSG: the ZSL losses, the reconstruction of the masked attributes and the contrast of attributes.</summary>
    /// <param name="features">Features of the batch.</param>
    /// <param name="labels">Classes of the batch.</param>
    /// <param name="draws">What was drawn for each image.</param>
    internal IReadOnlyList<LossTerm> Ground(Tensor features, Tensor labels, IReadOnlyList<GroundingDraw> draws)
    {
        var batch = SentenceBatch.Of([.. draws.Select(d => d.Masked)], text!.Padding);
        var everywhere = options.LossForm == DuetLossForm.Code;
        var (own, others) = Seen(features, [.. draws.SelectMany(d => d.Contrast?.Images ?? [])]);
        var places = everywhere ? arange(batch.Tokens.shape[1], int64).unsqueeze(0).expand(batch.Tokens.shape[0], -1) : batch.Places;
        var encoded = network.Encode(batch.Tokens, batch.Mask, training: true);
        var (vision, language) = network.Cross(network.VisualTokens(own), encoded, places, wantVision: true, training: true);
        var terms = ZslTerms(network.Attributes(vision!, own), labels);
        if (options.ReconstructionWeight > 0) terms.Add(new("cmr", options.ReconstructionWeight, Reconstruction(language!, batch, draws)));
        if (options.AttributeContrastWeight > 0 && AttributeContrast(everywhere ? At(language!, batch.Places) : language!, batch, draws, others) is { } acl)
            terms.Add(new("acl", options.AttributeContrastWeight, acl));
        return terms;
    }

    /// <summary>L_zsl = L_cc + λ_ar L_ar + λ_sc L_sc (Eq. 7, 8, 11).</summary>
    private List<LossTerm> ZslTerms(Tensor predicted, Tensor labels)
    {
        var code = options.LossForm == DuetLossForm.Code;
        var scores = predicted.mm(classSemantics.t());                                        // [batch, classes]
        var seen = scores.index_select(1, seenClasses);
        var terms = new List<LossTerm>
        {
            // The authors' code takes the softmax twice.
            new("cc", 1, nn.functional.cross_entropy(code ? seen.softmax(1) : seen, seenPlace.index_select(0, labels))),
        };
        if (options.RegressionWeight > 0)
            terms.Add(new("ar", options.RegressionWeight / (code ? predicted.shape[1] : 1),   // the authors' code takes the mean over attributes
                AttributeRegressionLoss.Compute(predicted, classSemantics.index_select(0, labels))));
        if (options.SelfCalibrationWeight > 0 && unseenClasses.shape[0] > 0)
            terms.Add(new("sc", options.SelfCalibrationWeight, code
                ? SelfCalibrationLoss.Compute(scores + margin, unseenClasses, overBatch: true)
                : SelfCalibrationLoss.OfEveryClass(scores + margin, unseenClasses)));
        return terms;
    }

    private (Tensor Vision, Tensor Predicted) See(Tensor features)
    {
        if (network.Text is not { } side)
            return (features, network.VisionOnly(features));
        var encoded = network.Encode(side.Template, null, training: true);
        var vision = network.Cross(network.VisualTokens(features), encoded, null, wantVision: true, training: true).Vision!;
        return (vision, network.Attributes(vision, features));
    }

    /// <summary>Eq. 9-10 on H(v); the authors' code takes the vision side as it is.</summary>
    private Tensor ClassContrast(Tensor vision, Tensor predicted, Tensor labels)
    {
        var (images, companions) = Halves(options.LossForm == DuetLossForm.Code ? vision : network.Project(predicted, DuetHeads.Classes));
        return options.LossForm == DuetLossForm.Code
            ? ClassContrastLoss.Code(images, companions, labels, options.Temperature)
            : ClassContrastLoss.Paper(images, companions, labels, options.Temperature);
    }

    /// <summary>Eq. 5 over the images that have a masked attribute.</summary>
    private Tensor Reconstruction(Tensor language, SentenceBatch batch, IReadOnlyList<GroundingDraw> draws)
    {
        var rows = Rows(draws, d => d.HasTarget);
        var degrees = tensor(draws.Where(d => d.HasTarget).Select(sampler!.Degree).ToArray());
        var scores = network.Tokens(language.index_select(0, rows));
        if (options.LossForm == DuetLossForm.Paper)
            return AttributeReconstructionLoss.Paper(scores, batch.Target.index_select(0, rows), batch.Weights.index_select(0, rows), degrees);
        var whole = batch.Tokens.scatter(1, batch.Places, batch.Target);                      // the sentences without a mask
        return AttributeReconstructionLoss.Code(scores, whole.index_select(0, rows), degrees);
    }

    /// <summary>
    /// Eq. 15 over the images that have classes to contrast with (inferred: the paper does not say what the others count; the authors' code leaves
    /// them out of its sum); null when none has.
    /// </summary>
    /// <param name="language">Language side at the places of the target [batch, places, hidden].</param>
    /// <param name="batch">The masked sentences.</param>
    /// <param name="draws">What was drawn for each image.</param>
    /// <param name="contrasted">Visual features of the images of all contrasts, one after the other.</param>
    private Tensor? AttributeContrast(Tensor language, SentenceBatch batch, IReadOnlyList<GroundingDraw> draws, Tensor? contrasted)
    {
        GroundingDraw[] drawn = [.. draws.Where(d => d.Contrast is not null)];
        if (drawn.Length == 0) return null;
        var rows = Rows(draws, d => d.Contrast is not null);
        var own = Projected(MeanOf(language.index_select(0, rows), batch.Weights.index_select(0, rows)));
        var states = Projected(Contrasted([.. drawn.Select(d => d.Contrast!)], contrasted!)).view(drawn.Length, -1, own.shape[1]);
        var weights = tensor(drawn.Select(sampler!.ContrastWeight).ToArray());
        var (positives, negatives) = (states.select(1, 0), states.narrow(1, 1, states.shape[1] - 1));
        return options.LossForm == DuetLossForm.Paper
            ? AttributeContrastLoss.Paper(own, positives, negatives, weights, options.Temperature)
            : AttributeContrastLoss.Code(own, positives, negatives, weights);
    }

    /// <summary>
    /// Mean states of the contrasted attributes [images, hidden]: all images of all contrasts in one pass, and each sentence once although
    /// several images share it.
    /// </summary>
    private Tensor Contrasted(ContrastImages[] contrasts, Tensor features)
    {
        var sentences = SentenceBatch.Of([.. contrasts.SelectMany(o => o.Sentences)], text!.Padding);
        var encoded = network.Encode(sentences.Tokens, sentences.Mask, training: true);
        var sentenceOf = tensor(contrasts.SelectMany((o, i) => o.SentenceOf.Select(s => (long)(s + i * o.Sentences.Count))).ToArray());
        var shared = new EncodedText(encoded.Hidden.index_select(0, sentenceOf), encoded.Padding?.index_select(0, sentenceOf));
        var visual = network.VisualTokens(features);
        var language = network.Cross(visual, shared, sentences.Places.index_select(0, sentenceOf), wantVision: false, training: true).Language!;
        return MeanOf(language, sentences.Weights.index_select(0, sentenceOf));
    }

    private Tensor Projected(Tensor attributes) => network.Project(attributes, DuetHeads.Attributes);

    /// <summary>An image of each class, drawn uniformly from its training images; the image itself may come again (inferred; so in the authors' code).</summary>
    internal int[] Companions(int[] classes, Random random) => Array.ConvertAll(classes, c => imagesOf[c][random.Next(imagesOf[c].Length)]);

    /// <summary>
    /// Visual features of the batch and of more images. Pictures go through the vision encoder together, and one that comes several times
    /// goes once.
    /// </summary>
    private (Tensor Batch, Tensor? More) Seen(Tensor features, int[] more)
    {
        if (encoder is null) return (features, more.Length > 0 ? Features(more) : null);
        if (more.Length == 0) return (encoder.Features(features, training: true), null);
        int[] distinct = [.. more.Distinct()];
        var batch = features.shape[0];
        var placeOf = distinct.Index().ToDictionary(d => d.Item, d => batch + d.Index);
        var seen = encoder.Features(cat([features, Features(distinct)]), training: true);
        return (seen.narrow(0, 0, batch), seen.index_select(0, tensor(Array.ConvertAll(more, image => placeOf[image]))));
    }

    private Tensor Features(int[] images) => FeatureTensor.Read(problem.Features, kind, images);

    /// <summary>Places of the images that something holds for.</summary>
    private static Tensor Rows(IReadOnlyList<GroundingDraw> draws, Func<GroundingDraw, bool> holds) =>
        tensor(draws.Index().Where(d => holds(d.Item)).Select(d => (long)d.Index).ToArray());

    private static Tensor At(Tensor language, Tensor places) => language.gather(1, places.unsqueeze(2).expand(-1, -1, language.shape[2]));

    /// <summary>Mean over the tokens of the attribute [rows, hidden].</summary>
    private static Tensor MeanOf(Tensor states, Tensor weights) => (states * weights.unsqueeze(2)).sum(1) / weights.sum(1, keepdim: true);

    private static (Tensor, Tensor) Halves(Tensor x)
    {
        var halves = x.chunk(2);
        return (halves[0], halves[1]);
    }

    /// <summary>Place of each class among the seen ones; unseen classes have any.</summary>
    private static int[] Places(bool[] seen)
    {
        var next = 0;
        return Array.ConvertAll(seen, s => s ? next++ : 0);
    }

    public void Dispose()
    {
        foreach (var constant in new[] { seenClasses, unseenClasses, seenPlace, margin }) constant.Dispose();
    }
}
