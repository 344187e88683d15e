using static TorchSharp.torch;

namespace Unseen.Explanation;

/// <summary>
/// Principal components (Pearson, 1901): where rows lie along the directions in which they differ most. These are the eigenvectors of the
/// covariance [columns, columns]; the products of the centred rows with each other have the same eigenvalues, are small when rows are few
/// and wide, and their eigenvectors are the places already, up to a factor.
/// </summary>
/// <param name="Places">Places [components][rows], largest variance first. The sign of a direction means nothing, so it is chosen: the
/// place farthest from 0 is positive.</param>
/// <param name="Shares">Share of each component in the variance of the rows, 0..1; all 0 when the rows are equal.</param>
internal sealed record PrincipalComponents(double[][] Places, double[] Shares)
{
    /// <summary>The components of the largest variance; computed in 64-bit.</summary>
    /// <param name="rows">[rows, columns], at least as many rows as components.</param>
    /// <param name="components">Number of components.</param>
    public static PrincipalComponents Compute(Tensor rows, int components)
    {
        Shape.Require(rows, nameof(rows), -1, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(components, rows.shape[0]);
        using var pause = CollectionPause.Begin();
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var values = rows.to(float64);
        var centred = values - values.mean([0L], keepdim: true);
        var (eigenvalues, eigenvectors) = linalg.eigh(centred.mm(centred.t()));                        // ascending; columns of [rows, rows]
        var variances = Array.ConvertAll(eigenvalues.data<double>().ToArray(), v => Math.Max(0, v));   // rounding may give -1e-17
        var total = variances.Sum();
        var largest = Enumerable.Range(1, components).Select(i => variances.Length - i).ToArray();
        return new PrincipalComponents(
            Array.ConvertAll(largest, i => Place(eigenvectors.select(1, i).contiguous().data<double>().ToArray(), variances[i])),
            Array.ConvertAll(largest, i => total > 0 ? variances[i] / total : 0));
    }

    /// <summary>An eigenvector of length 1 as places, whose squares sum to the variance.</summary>
    private static double[] Place(double[] eigenvector, double variance)
    {
        var scale = Math.Sqrt(variance) * (eigenvector.MaxBy(Math.Abs) < 0 ? -1 : 1);
        return Array.ConvertAll(eigenvector, x => x * scale);
    }
}
