using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

public sealed class FrozenTextTests
{
    private static readonly DuetOptions Small = new() { TextWidth = 16, TextHeads = 2, Dropout = 0 };

    /// <summary>
    /// A frozen model does not go back to its text encoder: other words change its scores no more, also where two cross layers let the text see
    /// the picture.
    /// </summary>
    [Theory]
    [InlineData(DuetVisualTokens.Class, 1)]
    [InlineData(DuetVisualTokens.Regions, 1)]
    [InlineData(DuetVisualTokens.Class, 2)]
    public void AFrozenModelReadsTheTemplateNoMore(DuetVisualTokens tokens, int layers)
    {
        using var scope = NewDisposeScope();
        var problem = TinyProblem.Create();
        using var model = new DuetModel(Small with { VisualTokens = tokens, CrossLayers = layers }, problem);
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, problem.Train.Images.AsSpan(0, 5));
        float[] Scores() => model.Forward(features).ClassScores.data<float>().ToArray();
        void ChangeText()
        {
            using var constants = no_grad();
            foreach (var (name, weight) in model.State)
                if (name.StartsWith("text.", StringComparison.Ordinal)) weight.add_(randn_like(weight));
        }
        var first = Scores();
        ChangeText();
        var frozen = Scores();
        Assert.NotEqual(first, frozen);
        model.Freeze();
        ChangeText();
        Assert.Equal(frozen, Scores());
    }
}
