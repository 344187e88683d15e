using static TorchSharp.torch;

namespace Unseen.Models.Linear;

/// <summary>Ridge regression of the class attributes on the features: W = (XXᵀ + λI)⁻¹ X A, with A the attributes of each image's class.</summary>
internal sealed class RidgeSolver(RidgeOptions options) : ILinearSolver
{
    public IReadOnlyList<string> Names => ["lambdaExponent"];

    public IEnumerable<double[]> Grid => options.LambdaExponents.Select(e => new[] { e });

    public LinearScore Score(IReadOnlyList<double> point) => LinearScore.Product;

    public ILinearSystem Prepare(TrainingMoments moments, Tensor seenVectors) => new System(moments, moments.ClassSums.t().mm(seenVectors));

    private sealed class System(TrainingMoments moments, Tensor target) : ILinearSystem
    {
        public Tensor Solve(IReadOnlyList<double> point) => target / (moments.Eigenvalues + Math.Pow(10, point[0])).unsqueeze(1);
    }
}

/// <summary>ESZSL: W = (XXᵀ + 10^α I)⁻¹ X Y S (SᵀS + 10^γ I)⁻¹, with S the vectors of the seen classes (ICML 2015, Eq. 4).</summary>
internal sealed class EszslSolver(EszslOptions options) : ILinearSolver
{
    public IReadOnlyList<string> Names => ["alphaExponent", "gammaExponent"];

    public IEnumerable<double[]> Grid => from a in options.AlphaExponents from g in options.GammaExponents select new[] { a, g };

    public LinearScore Score(IReadOnlyList<double> point) => LinearScore.Product;

    public ILinearSystem Prepare(TrainingMoments moments, Tensor seenVectors)
    {
        var (eigenvalues, basis) = linalg.eigh(seenVectors.t().mm(seenVectors));              // SᵀS = P M Pᵀ
        var targets = options.SignedTargets ? 2 * moments.ClassSums - moments.ClassSums.sum(0, keepdim: true) : moments.ClassSums;
        return new System(moments, targets.t().mm(seenVectors).mm(basis), eigenvalues.clamp_min(0), basis);
    }

    private sealed class System(TrainingMoments moments, Tensor target, Tensor eigenvalues, Tensor basis) : ILinearSystem
    {
        public Tensor Solve(IReadOnlyList<double> point)
        {
            var visual = (moments.Eigenvalues + Math.Pow(10, point[0])).unsqueeze(1);
            var semantic = (eigenvalues + Math.Pow(10, point[1])).unsqueeze(0);
            return (target / visual / semantic).mm(basis.t());
        }
    }
}

/// <summary>
/// SAE: the encoder W solves A W + W B = C with A = SSᵀ, B = λXXᵀ, C = (1+λ)SXᵀ, S the attributes of each image (CVPR 2017, Eq. 6). In the
/// eigenbases of A and XXᵀ the Sylvester equation is elementwise: Ŵ_ij = Ĉ_ij / (μ_i + λ Λ_j).
/// </summary>
internal sealed class SaeSolver(SaeOptions options) : ILinearSolver
{
    public IReadOnlyList<string> Names => ["lambdaExponent", "direction"];

    public IEnumerable<double[]> Grid => from d in options.Directions from e in options.LambdaExponents select new[] { e, (double)d };

    public LinearScore Score(IReadOnlyList<double> point) =>
        (SaeDirection)point[1] == SaeDirection.FeatureToSemantic ? LinearScore.SemanticCosine : LinearScore.VisualCosine;

    public ILinearSystem Prepare(TrainingMoments moments, Tensor seenVectors)
    {
        var weighted = seenVectors * moments.Counts.unsqueeze(1);
        var (eigenvalues, basis) = linalg.eigh(weighted.t().mm(seenVectors));                 // SSᵀ over images
        return new System(moments, moments.ClassSums.t().mm(seenVectors).mm(basis), eigenvalues.clamp_min(0), basis);
    }

    private sealed class System(TrainingMoments moments, Tensor cross, Tensor eigenvalues, Tensor basis) : ILinearSystem
    {
        private const double Epsilon = 1e-9;

        public Tensor Solve(IReadOnlyList<double> point)
        {
            var lambda = Math.Pow(10, point[0]);
            var sum = eigenvalues.unsqueeze(0) + lambda * moments.Eigenvalues.unsqueeze(1) + Epsilon;
            return ((1 + lambda) * cross / sum).mm(basis.t());
        }
    }
}
