using TorchSharp.Modules;
using Unseen.Data;
using Unseen.Losses;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>
/// DUET: a cross layer lets a picture look at a sentence about attributes; its vision side predicts the attributes v (Eq. 3), whose products
/// with the class semantics are the class scores (Eq. 22). At test the sentence is the template of prompts, the same for every picture.
/// </summary>
public sealed class DuetModel : ITrainableModel, IPromptedModel
{
    private readonly DuetNetwork network;
    private readonly DuetVision? vision;        // null: features come from outside
    private readonly DuetTraining? training;
    private readonly Tensor classSemantics;      // [classes, attributes], rows L2-normalised
    private readonly Tensor calibration;         // γ for seen classes, 0 for unseen ones [classes] (Eq. 22)
    private readonly bool scoresAreProbabilities;

    // Of the fixed sentence, once the weights are frozen: hidden states, and with one cross layer the keys and values of them.
    private EncodedText? template;
    private (Tensor Keys, Tensor Values)? templateKeys;

    /// <summary>Creates a model from its stored tensors, or an untrained one; random numbers come from torch's global generator.</summary>
    /// <param name="options">Options of the method.</param>
    /// <param name="problem">Classes, attributes, facts and features.</param>
    /// <param name="precision">Format of the products of linear layers.</param>
    /// <param name="state">Tensors named as in <see cref="State"/>, or null. A model with a state is not trained further.</param>
    /// <exception cref="ConfigurationException">BERT or a vision encoder is asked for without its files, or what classes have is not told from 0 to 1.</exception>
    public DuetModel(
        DuetOptions options, ZslProblem problem, Precision precision = Precision.F32, IReadOnlyDictionary<string, Tensor>? state = null)
    {
        using var scope = NewDisposeScope();
        PresenceThreshold = options.PresenceThreshold;
        vision = DuetVision.Create(options, problem, precision, state);
        FeatureKind = vision is not null ? FeatureKind.Pixels : options.VisualTokens == DuetVisualTokens.Class ? FeatureKind.Global : FeatureKind.Regions;
        classSemantics = nn.functional.normalize(tensor(problem.Semantics.Values) / problem.Semantics.Divisor, dim: 1);
        classSemantics.DetachFromDisposeScope();
        calibration = zeros(problem.Classes).index_fill_(0, tensor(problem.SeenClasses, int64), options.Calibration).DetachFromDisposeScope();
        scoresAreProbabilities = options.CalibrationScale == DuetCalibrationScale.Probability;
        var (visual, attributes) = (vision?.Width ?? problem.Features.Visual(), problem.Semantics.Attributes);
        if (state is not null)
        {
            network = DuetNetwork.Load(options, options.UseLanguage ? DuetTextSide.Load(options, state) : null, visual, attributes, state, precision);
            return;
        }
        var facts = problem.Facts ?? ClassFacts.OfAttributes(problem.Attributes, problem.Semantics.UnitValues());
        if (options.UseLanguage && facts.Degrees.Cast<float>().DefaultIfEmpty().Max() is > 1 and var largest)
            throw new ConfigurationException([string.Create(System.Globalization.CultureInfo.InvariantCulture, $"A sentence of DUET says what a class has, from 0 to 1, but "
                + $"class_attributes.csv holds {largest} (scale raw). Give values of 0..1 or percent and set attributes.scale in dataset.yaml, or set options.useLanguage=false.")]);
        var (side, text) = options.UseLanguage ? DuetTextSide.Create(options, problem, facts) : (null, null);
        network = DuetNetwork.Create(options, side, visual, attributes, precision);
        training = new DuetTraining(options, problem, FeatureKind, network, classSemantics, facts, text, vision);
    }

    /// <inheritdoc/>
    public FeatureKind FeatureKind { get; }

    /// <inheritdoc/>
    public double PresenceThreshold { get; }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Parameter Parameter)> TrainedParameters => vision is null
        ? network.TrainedParameters : [.. network.TrainedParameters, .. vision.TrainedParameters];

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => vision is null ? network.State : network.State.Concat(vision.State).ToDictionary();

    /// <inheritdoc/>
    public ModelOutput Forward(Tensor features)
    {
        RequireFeatures(features);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var predicted = Predict(Seen(features));                                              // [batch, attributes]
        var products = predicted.mm(classSemantics.t());                                      // [batch, classes]
        var scores = (scoresAreProbabilities ? products.softmax(1) : products) - calibration;
        return new ModelOutput(scores.MoveToOuterDisposeScope(), predicted.MoveToOuterDisposeScope(), null)
        {
            Product = scoresAreProbabilities ? null : new(predicted, classSemantics),
        };
    }

    /// <inheritdoc/>
    public void Freeze()
    {
        if (template is not null || network.Text is not { } text) return;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        template = network.Encode(text.Template, null, training: false);
        template.Hidden.DetachFromDisposeScope();
        if (!network.HasFixedKeys) return;
        var (keys, values) = network.Keys(template);
        templateKeys = (keys.DetachFromDisposeScope(), values.DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public IReadOnlyList<LossTerm> Losses(Tensor features, Tensor labels)
    {
        RequireFeatures(features);
        Shape.Require(labels, nameof(labels), features.shape[0]);
        return (training ?? throw new InvalidOperationException("This model was loaded to be used; train a new one.")).Losses(features, labels);
    }

    /// <summary>
    /// Section 4.5: the sentence "prompt: [MASK] | ..." is read beside the picture; an attribute has the summed probabilities of its tokens at
    /// the mask of its prompt.
    /// </summary>
    /// <inheritdoc/>
    public Tensor? PromptedAttributes(Tensor features)
    {
        RequireFeatures(features);
        if (network.Text is not { } text || text.FactTokens.shape[0] != classSemantics.shape[1]) return null;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var places = text.QuestionPlaces.expand(features.shape[0], -1);
        var encoded = network.Encode(text.Question, null, training: false);
        var language = network.Cross(network.VisualTokens(Seen(features)), encoded, places, wantVision: false, training: false).Language!;
        var probabilities = network.Tokens(language).softmax(-1).index_select(1, text.FactPrompts.to(int64));   // [batch, attributes, vocabulary]
        var tokens = text.FactTokens.to(int64).clamp_min(0).unsqueeze(0).expand(features.shape[0], -1, -1);      // [batch, attributes, tokens]
        return (probabilities.gather(2, tokens) * text.FactTokens.ge(0)).sum(2).MoveToOuterDisposeScope();
    }

    /// <summary>Visual features: those that came, or those of the pictures that came.</summary>
    private Tensor Seen(Tensor features) => vision?.Features(features, training: false) ?? features;

    private Tensor Predict(Tensor features)
    {
        if (network.Text is not { } text) return network.VisionOnly(features);
        var visual = network.VisualTokens(features);
        var vision = templateKeys is { } ready
            ? network.Cross(visual, ready)
            : network.Cross(visual, template ?? network.Encode(text.Template, null, training: false), null, wantVision: true, training: false).Vision!;
        return network.Attributes(vision, features);
    }

    private void RequireFeatures(Tensor features)
    {
        if (vision is not null) Shape.Require(features, nameof(features), -1, vision.PixelsLength);
        else if (FeatureKind == FeatureKind.Global) Shape.Require(features, nameof(features), -1, network.Visual);
        else Shape.Require(features, nameof(features), -1, -1, network.Visual);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        vision?.Dispose();
        training?.Dispose();
        classSemantics.Dispose();
        calibration.Dispose();
        template?.Hidden.Dispose();
        templateKeys?.Keys.Dispose();
        templateKeys?.Values.Dispose();
    }
}
