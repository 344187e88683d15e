using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>How a linear model compares an image with a class.</summary>
internal enum LinearScore
{
    /// <summary>xᵀWz.</summary>
    Product,

    /// <summary>Cosine of Wᵀx and z.</summary>
    SemanticCosine,

    /// <summary>Cosine of x and Wz.</summary>
    VisualCosine,
}

/// <summary>A linear map between global features and class attributes: the model of ridge, ESZSL and SAE.</summary>
internal sealed class LinearModel : IZslModel
{
    private const double SmallestLength = 1e-12;             // as nn.functional.normalize has it
    private readonly GlobalFeatures features;
    private readonly Tensor weight;        // [visual, attributes]
    private readonly Tensor classVectors;  // [classes, attributes]
    private readonly LinearScore score;

    public LinearModel(ZslProblem problem, LinearSetting setting, LinearScore score, Tensor weight, IReadOnlyDictionary<string, Tensor> features)
    {
        using var scope = NewDisposeScope();
        this.score = score;
        this.features = GlobalFeatures.Load(setting.Features, problem, features);
        this.weight = weight.to(float32).clone().DetachFromDisposeScope();
        var vectors = ClassVectors.Create(problem, setting.Attributes);
        classVectors = vectors.to(float32).DetachFromDisposeScope();
    }

    public FeatureKind FeatureKind => FeatureKind.Global;

    public IReadOnlyDictionary<string, Tensor> State => new Dictionary<string, Tensor>(features.State) { ["weight"] = weight };

    public ModelOutput Forward(Tensor raw)
    {
        Shape.Require(raw, "features", -1, weight.shape[0]);
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var x = features.Normalise(raw);
        var predicted = x.mm(weight);                                                          // [batch, attributes]
        return new ModelOutput(Scores(score, x, predicted, weight, classVectors).MoveToOuterDisposeScope(), predicted.MoveToOuterDisposeScope(), null)
        {
            Product = Product(x, predicted),
        };
    }

    /// <summary>Scores [batch, classes]; x and the rows of the weight may be in any common orthonormal basis.</summary>
    public static Tensor Scores(LinearScore score, Tensor x, Tensor predicted, Tensor weight, Tensor classVectors) => score switch
    {
        LinearScore.Product => predicted.mm(classVectors.t()),
        LinearScore.SemanticCosine => Unit(predicted).mm(Unit(classVectors).t()),
        _ => Unit(x).mm(Unit(classVectors.mm(weight.t())).t()),
    };

    /// <summary>The scores as a product: a cosine divides by the length of the image's side and, in visual space, of the class's.</summary>
    private AttributeProduct Product(Tensor x, Tensor predicted) => score switch
    {
        LinearScore.Product => new(predicted, classVectors),
        LinearScore.SemanticCosine => new(Unit(predicted).MoveToOuterDisposeScope(), Unit(classVectors).MoveToOuterDisposeScope()),
        _ => new((predicted / Length(x)).MoveToOuterDisposeScope(), (classVectors / Length(classVectors.mm(weight.t()))).MoveToOuterDisposeScope()),
    };

    private static Tensor Length(Tensor rows) => linalg.vector_norm(rows, 2, [1], keepdim: true).clamp_min(SmallestLength);

    private static Tensor Unit(Tensor rows) => nn.functional.normalize(rows, dim: 1);

    public void Dispose()
    {
        features.Dispose();
        weight.Dispose();
        classVectors.Dispose();
    }
}

/// <summary>The normalisations of one setting of a grid.</summary>
internal sealed record LinearSetting(FeatureNormalisation Features, AttributeNormalisation Attributes);
