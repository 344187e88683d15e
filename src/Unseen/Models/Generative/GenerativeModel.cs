using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>
/// What remains of a generative method after training: scaling, the encoder if there is one, and a linear classifier. Scores come from the
/// visual features alone; generator, critic and class semantics have done their work.
/// </summary>
internal sealed class GenerativeModel : IZslModel
{
    private const string EncoderWeight = "encoder/weight";
    private const string EncoderBias = "encoder/bias";
    private const string ClassifierWeight = "classifier/weight";
    private const string ClassifierBias = "classifier/bias";

    private readonly FeatureScaler scaler;
    private readonly Dictionary<string, Tensor> weights;
    private readonly Dictionary<string, Tensor> state;
    private readonly long visual;

    private GenerativeModel(FeatureScaler scaler, IEnumerable<KeyValuePair<string, Tensor>> weights, long visual)
    {
        using var scope = NewDisposeScope();
        (this.scaler, this.visual) = (scaler, visual);
        this.weights = weights.ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
        state = new Dictionary<string, Tensor>(scaler.State.Concat(this.weights));
    }

    /// <summary>A model with copies of trained weights.</summary>
    /// <param name="scaler">Scaling of the raw features.</param>
    /// <param name="trained">Parameters of the encoder, if any, and of the classifier.</param>
    /// <param name="visual">Width of the raw features.</param>
    public static GenerativeModel Of(FeatureScaler scaler, IEnumerable<(string Name, TorchSharp.Modules.Parameter Parameter)> trained, long visual) =>
        new(scaler.Copy(), trained.Select(p => KeyValuePair.Create(p.Name, (Tensor)p.Parameter)), visual);

    /// <summary>Rebuilds a model from its stored tensors.</summary>
    public static GenerativeModel Load(IReadOnlyDictionary<string, Tensor> state, long visual, long classes, bool hasEncoder)
    {
        var inputs = hasEncoder ? StoredState.Require(state, EncoderWeight, visual, -1).shape[1] : visual;
        var names = new Dictionary<string, long[]> { [ClassifierWeight] = [inputs, classes], [ClassifierBias] = [classes] };
        if (hasEncoder) (names[EncoderWeight], names[EncoderBias]) = ([visual, inputs], [inputs]);
        var weights = names.OrderBy(n => n.Key == ClassifierWeight || n.Key == ClassifierBias)
            .Select(n => KeyValuePair.Create(n.Key, StoredState.Require(state, n.Key, n.Value))).ToList();
        return new GenerativeModel(FeatureScaler.Load(state, visual), weights, visual);
    }

    public FeatureKind FeatureKind => FeatureKind.Global;

    public IReadOnlyDictionary<string, Tensor> State => state;

    public ModelOutput Forward(Tensor features)
    {
        Shape.Require(features, nameof(features), -1, visual);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var x = scaler.Scale(features);
        if (weights.TryGetValue(EncoderWeight, out var encoder)) x = (x.mm(encoder) + weights[EncoderBias]).relu();   // [batch, hidden]
        var scores = x.mm(weights[ClassifierWeight]) + weights[ClassifierBias];                                       // [batch, classes]
        return new ModelOutput(scores.MoveToOuterDisposeScope(), null, null) { RefinedFeatures = weights.ContainsKey(EncoderWeight) ? x.MoveToOuterDisposeScope() : null };
    }

    public void Dispose()
    {
        scaler.Dispose();
        foreach (var weight in weights.Values) weight.Dispose();
    }
}
