using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>
/// S[b, c] = w · φ(x_b + y_c) with φ a leaky ReLU, for all pairs of rows, and its gradients. Row by row in the processor's cache: nothing of
/// size [batch, classes, hidden] exists. With φ(u) = u φ'(u) all gradients follow from P_b = Σ_c G[b, c] φ'(x_b + y_c) and
/// Q_c = Σ_b G[b, c] φ'(x_b + y_c): dx = w ⊙ P, dy = w ⊙ Q, dw = Σ_b x_b ⊙ P_b + Σ_c y_c ⊙ Q_c. A pass over a row takes four rows of the other
/// matrix: their sums do not wait for each other, and what they share is read once.
/// </summary>
internal sealed class LeakyPairs
{
    private const int Pass = 4;

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
    public Tensor Scores() => Vector512.IsHardwareAccelerated ? Scores<Lanes512>() : Scores<Lanes>();

    /// <summary>S [batch, classes] by lanes of some width.</summary>
    internal Tensor Scores<T>() where T : struct, ILanes<T>
    {
        var scores = new float[Batch * Classes];
        Parallel.For(0, Batch, threads, b =>
        {
            for (var c = 0; c < Classes; c += Pass) Score<T>(b, c, scores.AsSpan(b * Classes, Classes));
        });
        return Matrix(scores, Batch);
    }

    /// <summary>Gradients at x, y and w of Σ G ⊙ S.</summary>
    /// <param name="upstream">G [batch, classes].</param>
    public (Tensor X, Tensor Y, Tensor W) Gradients(Tensor upstream) =>
        Vector512.IsHardwareAccelerated ? Gradients<Lanes512>(upstream) : Gradients<Lanes>(upstream);

    /// <summary>Gradients at x, y and w of Σ G ⊙ S by lanes of some width.</summary>
    internal (Tensor X, Tensor Y, Tensor W) Gradients<T>(Tensor upstream) where T : struct, ILanes<T>
    {
        Shape.Require(upstream, nameof(upstream), Batch, Classes);
        var (p, q) = (Slopes<T>(x, y, Values(upstream)), Slopes<T>(y, x, Values(upstream.t())));
        var weight = tensor(w);
        var atWeight = (p * Matrix(x, Batch)).sum([0L]) + (q * Matrix(y, Classes)).sum([0L]);
        return (p * weight, q * weight, atWeight);
    }

    /// <summary>Σ_j G[i, j] φ'(a_i + b_j) for every row i of a.</summary>
    private Tensor Slopes<T>(float[] a, float[] b, float[] upstream) where T : struct, ILanes<T>
    {
        var (rows, columns) = (a.Length / Width, b.Length / Width);
        var sums = new float[a.Length];
        Parallel.For(0, rows, threads, i =>
        {
            for (var j = 0; j < columns; j += Pass)
                AddSlopes<T>(Row(a, i), b, j, upstream.AsSpan(i * columns, columns), sums.AsSpan(i * Width, Width));
        });
        return Matrix(sums, rows);
    }

    /// <summary>The scores of an image at four classes from one on; after the last class comes itself.</summary>
    private void Score<T>(int image, int @class, Span<float> scores) where T : struct, ILanes<T>
    {
        var last = Classes - 1;
        var (c1, c2, c3) = (Math.Min(@class + 1, last), Math.Min(@class + 2, last), Math.Min(@class + 3, last));
        var row = Row(x, image);
        var y0 = Row(y, @class);
        var y1 = Row(y, c1);
        var y2 = Row(y, c2);
        var y3 = Row(y, c3);
        var (s0, s1, s2, s3) = (T.Fill(0), T.Fill(0), T.Fill(0), T.Fill(0));
        var (factor, i) = (T.Fill(slope), 0);
        for (; i <= row.Length - T.Count; i += T.Count)
        {
            var (value, by) = (T.Load(row, i), T.Load(w, i));
            s0 += Leaky(value + T.Load(y0, i), factor) * by;
            s1 += Leaky(value + T.Load(y1, i), factor) * by;
            s2 += Leaky(value + T.Load(y2, i), factor) * by;
            s3 += Leaky(value + T.Load(y3, i), factor) * by;
        }
        scores[@class] = s0.Sum() + Rest(row, y0, i);
        scores[c1] = s1.Sum() + Rest(row, y1, i);
        scores[c2] = s2.Sum() + Rest(row, y2, i);
        scores[c3] = s3.Sum() + Rest(row, y3, i);
    }

    private static T Leaky<T>(T u, T factor) where T : struct, ILanes<T> => T.Max(u, factor * u);

    /// <summary>What the places from one on add to a score.</summary>
    private float Rest(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int from)
    {
        var total = 0f;
        for (var i = from; i < a.Length; i++) total += Math.Max(a[i] + b[i], slope * (a[i] + b[i])) * w[i];
        return total;
    }

    /// <summary>Adds the slopes of a row and four rows of b from one on; after the last row comes itself, which adds 0.</summary>
    private void AddSlopes<T>(ReadOnlySpan<float> a, float[] b, int j, ReadOnlySpan<float> upstream, Span<float> sums) where T : struct, ILanes<T>
    {
        var last = upstream.Length - 1;
        var b0 = Row(b, j);
        var b1 = Row(b, Math.Min(j + 1, last));
        var b2 = Row(b, Math.Min(j + 2, last));
        var b3 = Row(b, Math.Min(j + 3, last));
        var (g0, g1, g2, g3) = (upstream[j], j + 1 > last ? 0 : upstream[j + 1], j + 2 > last ? 0 : upstream[j + 2], j + 3 > last ? 0 : upstream[j + 3]);
        var (above0, above1, above2, above3) = (T.Fill(g0), T.Fill(g1), T.Fill(g2), T.Fill(g3));
        var (below0, below1, below2, below3) = (T.Fill(slope * g0), T.Fill(slope * g1), T.Fill(slope * g2), T.Fill(slope * g3));
        var i = 0;
        for (; i <= a.Length - T.Count; i += T.Count)
        {
            var value = T.Load(a, i);
            var sum = T.Load(sums, i) + T.WherePositive(value + T.Load(b0, i), above0, below0);
            sum += T.WherePositive(value + T.Load(b1, i), above1, below1);
            sum += T.WherePositive(value + T.Load(b2, i), above2, below2);
            sum += T.WherePositive(value + T.Load(b3, i), above3, below3);
            sum.Store(sums, i);
        }
        for (; i < a.Length; i++)
            sums[i] += Slope(a[i] + b0[i], g0) + Slope(a[i] + b1[i], g1) + Slope(a[i] + b2[i], g2) + Slope(a[i] + b3[i], g3);
    }

    private float Slope(float u, float upstream) => u > 0 ? upstream : slope * upstream;

    private ReadOnlySpan<float> Row(float[] matrix, int row) => matrix.AsSpan(row * Width, Width);

    private static float[] Values(Tensor tensor) => tensor.detach().cpu().contiguous().data<float>().ToArray();

    private static Tensor Matrix(float[] values, int rows) => tensor(values).reshape(rows, values.Length / rows);
}
