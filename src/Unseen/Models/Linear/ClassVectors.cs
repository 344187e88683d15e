using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>Class semantics as linear and generative methods use them.</summary>
internal static class ClassVectors
{
    /// <summary>Class semantics [classes, attributes], 64-bit.</summary>
    public static Tensor Create(ZslProblem problem, AttributeNormalisation normalisation)
    {
        using var scope = NewDisposeScope();
        var values = tensor(problem.Semantics.Values).to(float64) / problem.Semantics.Divisor;
        if (normalisation == AttributeNormalisation.None) return values.MoveToOuterDisposeScope();
        if (normalisation == AttributeNormalisation.CentredL2)
            values = values - Seen(problem, values).mean([0], keepdim: true);
        return nn.functional.normalize(values, dim: 1).MoveToOuterDisposeScope();
    }

    private static Tensor Seen(ZslProblem problem, Tensor values) => problem.SeenAtTraining is { } trained
        ? tensor(trained.Values).to(float64) / trained.Divisor
        : values[tensor(problem.SeenClasses, int64)];
}
