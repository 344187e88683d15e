using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Generative.FClswgan;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>f-CLSWGAN as its Eq. 4 says: beside the critic, a softmax over the seen classes that was trained before judges what is made.</summary>
internal sealed class StraightforwardFClswgan(FClswganTraining training, FClswganOptions options, ZslProblem problem)
    : StraightforwardGan(training.TrainedParameters.Concat(training.Preparation(CancellationToken.None)[0].Trainable.TrainedParameters), options, problem)
{
    private readonly FClswganOptions options = options;

    public override IReadOnlyList<LossTerm> GeneratorLosses(Tensor features, Tensor labels)
    {
        var made = Make(labels);
        return [Opinion(made, labels), new("ce", options.ClassificationWeight, Judge(made, labels))];
    }

    /// <summary>What the judge itself learns from features of images.</summary>
    public Tensor JudgeLoss(Tensor features, Tensor labels) => Judge(Scale(features), labels);

    private Tensor Judge(Tensor x, Tensor labels) => SeenCrossEntropy(Layer("pretraining", x), labels);
}
