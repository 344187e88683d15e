using System.Numerics;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>
/// S[b, c] = w · φ(x_b + y_c) with φ a leaky ReLU, for all pairs of rows, and its gradients. Row by row in the processor's cache: nothing of
/// size [batch, classes, hidden] exists. With φ(u) = u φ'(u) all gradients follow from P_b = Σ_c G[b, c] φ'(x_b + y_c) and
/// Q_c = Σ_b G[b, c] φ'(x_b + y_c): dx = w ⊙ P, dy = w ⊙ Q, dw = Σ_b x_b ⊙ P_b + Σ_c y_c ⊙ Q_c.
/// </summary>
internal sealed class LeakyPairs
{
    private readonly float[] x;
    private readonly float[] y;
    private readonly float[] w;
    private readonly float slope;
    private readonly ParallelOptions threads;

    /// <summary>Copies the operands.</summary>
    /// <param name="x">[batch, hidden].</param>
    /// <param name="y">[classes, hidden].</param>
    /// <param name="w">[hidden].</param>
    /// <param name="slope">Slope of φ below 0, from 0 to 1.</param>
    public LeakyPairs(Tensor x, Tensor y, Tensor w, double slope)
    {
        Shape.Require(x, nameof(x), -1, w.shape[0]);
        Shape.Require(y, nameof(y), -1, w.shape[0]);
        (this.x, this.y, this.w, this.slope) = (Values(x), Values(y), Values(w), (float)slope);
        threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
    }

    private int Width => w.Length;

    private int Batch => x.Length / Width;

    private int Classes => y.Length / Width;

    /// <summary>S [batch, classes].</summary>
    public Tensor Scores()
    {
        var scores = new float[Batch * Classes];
        Parallel.For(0, Batch, threads, b =>
        {
            for (var c = 0; c < Classes; c++) scores[b * Classes + c] = Score(Row(x, b), Row(y, c), w, slope);
        });
        return Matrix(scores, Batch);
    }

    /// <summary>Gradients at x, y and w of Σ G ⊙ S.</summary>
    /// <param name="upstream">G [batch, classes].</param>
    public (Tensor X, Tensor Y, Tensor W) Gradients(Tensor upstream)
    {
        Shape.Require(upstream, nameof(upstream), Batch, Classes);
        var (p, q) = (Slopes(x, y, Values(upstream)), Slopes(y, x, Values(upstream.t())));
        var weight = tensor(w);
        var atWeight = (p * Matrix(x, Batch)).sum([0L]) + (q * Matrix(y, Classes)).sum([0L]);
        return (p * weight, q * weight, atWeight);
    }

    /// <summary>Σ_j G[i, j] φ'(a_i + b_j) for every row i of a.</summary>
    private Tensor Slopes(float[] a, float[] b, float[] upstream)
    {
        var (rows, columns) = (a.Length / Width, b.Length / Width);
        var sums = new float[a.Length];
        Parallel.For(0, rows, threads, i =>
        {
            for (var j = 0; j < columns; j++) AddSlopes(Row(a, i), Row(b, j), upstream[i * columns + j], slope, sums.AsSpan(i * Width, Width));
        });
        return Matrix(sums, rows);
    }

    private static float Score(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> w, float slope)
    {
        var (factor, sum, i) = (new Vector<float>(slope), Vector<float>.Zero, 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var u = new Vector<float>(a[i..]) + new Vector<float>(b[i..]);
            sum += Vector.Max(u, factor * u) * new Vector<float>(w[i..]);
        }
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++) total += Math.Max(a[i] + b[i], slope * (a[i] + b[i])) * w[i];
        return total;
    }

    private static void AddSlopes(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float upstream, float slope, Span<float> sums)
    {
        var (above, below, i) = (new Vector<float>(upstream), new Vector<float>(slope * upstream), 0);
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var positive = Vector.GreaterThan(new Vector<float>(a[i..]) + new Vector<float>(b[i..]), Vector<float>.Zero);
            (new Vector<float>(sums[i..]) + Vector.ConditionalSelect(positive, above, below)).CopyTo(sums[i..]);
        }
        for (; i < a.Length; i++) sums[i] += a[i] + b[i] > 0 ? upstream : slope * upstream;
    }

    private ReadOnlySpan<float> Row(float[] matrix, int row) => matrix.AsSpan(row * Width, Width);

    private static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();

    private static Tensor Matrix(float[] values, int rows) => tensor(values).reshape(rows, values.Length / rows);
}
