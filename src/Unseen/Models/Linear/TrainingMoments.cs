using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>
/// All that ridge, ESZSL and SAE need of the training images: the Gram matrix of the features in its eigenbasis, the sum of the features
/// per class and the number of images per class. 64-bit.
/// </summary>
/// <param name="Basis">U of XXᵀ = U Λ Uᵀ [visual, visual].</param>
/// <param name="Eigenvalues">Λ [visual], at least 0.</param>
/// <param name="ClassSums">Sum of the features per seen class, in the basis U [seen, visual].</param>
/// <param name="Counts">Images per seen class [seen].</param>
internal sealed record TrainingMoments(Tensor Basis, Tensor Eigenvalues, Tensor ClassSums, Tensor Counts)
{
    public static TrainingMoments Compute(GlobalFeatures features, ZslProblem problem, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var visual = problem.Features.Visual();
        var gram = zeros(visual, visual, float64);
        var sums = zeros(problem.Classes, visual, float64);
        var counts = zeros(problem.Classes, float64);
        foreach (var (raw, start) in GlobalFeatures.Blocks(problem.Features, problem.Train, cancellation))
        {
            using var block = NewDisposeScope();
            var x = features.Normalise(raw).to(float64);                                      // [images, visual]
            var labels = tensor(Array.ConvertAll(problem.Train.Labels[start..(start + (int)x.shape[0])], l => (long)l));
            gram.addmm_(x.t(), x);
            sums.index_add_(0, labels, x, 1);
            counts.index_add_(0, labels, ones(x.shape[0], float64), 1);
        }
        var (eigenvalues, basis) = linalg.eigh(gram);
        var seen = tensor(problem.SeenClasses, int64);
        return new TrainingMoments(
            basis.MoveToOuterDisposeScope(), eigenvalues.clamp_min(0).MoveToOuterDisposeScope(),
            sums[seen].mm(basis).MoveToOuterDisposeScope(), counts[seen].MoveToOuterDisposeScope());
    }
}
