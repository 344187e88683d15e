using System.Numerics;
using System.Runtime.CompilerServices;

namespace Unseen.Evaluation;

/// <summary>
/// Per image the best seen class and the best unseen class with their scores. Calibrated stacking only ever chooses between these
/// two, so one pass over the scores is enough for every value of gamma.
/// </summary>
/// <remarks>Equal scores inside a set: the lowest class id wins. A set without classes has class id -1 and score negative
/// infinity.</remarks>
internal sealed class ImageAnswers
{
    private const int RowsPerTask = 1024;
    private readonly int[] seenMask;
    private readonly int[] unseenMask;

    private ImageAnswers(ScoreTable table)
    {
        seenMask = Array.ConvertAll(table.SeenClass, seen => seen ? -1 : 0);
        unseenMask = Array.ConvertAll(table.SeenClass, seen => seen ? 0 : -1);
        (SeenScore, UnseenScore) = (new float[table.Images], new float[table.Images]);
        (SeenAnswer, UnseenAnswer) = (new int[table.Images], new int[table.Images]);
    }

    /// <summary>m_S: best score over the seen classes [images].</summary>
    public float[] SeenScore { get; }

    /// <summary>m_U: best score over the unseen classes [images].</summary>
    public float[] UnseenScore { get; }

    /// <summary>Class id of the best seen class [images].</summary>
    public int[] SeenAnswer { get; }

    /// <summary>Class id of the best unseen class [images].</summary>
    public int[] UnseenAnswer { get; }

    /// <summary>The gamma from which the image gets its unseen answer: m_S - m_U.</summary>
    public double Breakpoint(int image) => (double)SeenScore[image] - UnseenScore[image];

    /// <summary>Reads the scores once, in parallel over rows.</summary>
    public static ImageAnswers Of(ScoreTable table)
    {
        table.Require();
        var answers = new ImageAnswers(table);
        if (table.Classes == 0) return answers;
        var tasks = (table.Images + RowsPerTask - 1) / RowsPerTask;
        Parallel.For(0, tasks, task => answers.Fill(table, task * RowsPerTask, Math.Min(table.Images, (task + 1) * RowsPerTask)));
        answers.RequireFinite(table);
        return answers;
    }

    private void Fill(ScoreTable table, int first, int end)
    {
        for (var image = first; image < end; image++)
        {
            var row = table.Row(image);
            var (seen, unseen, finite) = row.Length < Vector<float>.Count ? Scan(row) : ScanVectors(row);
            if (!finite) seen = float.NaN;
            (SeenScore[image], UnseenScore[image]) = (seen, unseen);
            SeenAnswer[image] = IndexOf(row, seen, seenMask);
            UnseenAnswer[image] = IndexOf(row, unseen, unseenMask);
        }
    }

    private (float Seen, float Unseen, bool Finite) Scan(ReadOnlySpan<float> row)
    {
        var (seen, unseen, finite) = (float.NegativeInfinity, float.NegativeInfinity, true);
        for (var c = 0; c < row.Length; c++)
        {
            finite &= float.IsFinite(row[c]);
            if (seenMask[c] != 0) seen = Math.Max(seen, row[c]);
            else unseen = Math.Max(unseen, row[c]);
        }
        return (seen, unseen, finite);
    }

    // Optimised at the first call: an evaluation is often the only one of a process.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (float Seen, float Unseen, bool Finite) ScanVectors(ReadOnlySpan<float> row)
    {
        var lowest = new Vector<float>(float.NegativeInfinity);
        var (seen, unseen, finite) = (lowest, lowest, Vector<int>.AllBitsSet);
        for (var c = 0; ; c += Vector<float>.Count)
        {
            c = Math.Min(c, row.Length - Vector<float>.Count);    // the last vector may overlap: a maximum does not mind
            var scores = new Vector<float>(row[c..]);
            var isSeen = new Vector<int>(seenMask, c);
            finite &= Vector.Equals(scores - scores, Vector<float>.Zero);
            seen = Vector.MaxNative(seen, Vector.ConditionalSelect(isSeen, scores, lowest));
            unseen = Vector.MaxNative(unseen, Vector.ConditionalSelect(isSeen, lowest, scores));
            if (c == row.Length - Vector<float>.Count) break;
        }
        return (Largest(seen), Largest(unseen), Vector.EqualsAll(finite, Vector<int>.AllBitsSet));
    }

    private static float Largest(Vector<float> values)
    {
        var largest = values[0];
        for (var lane = 1; lane < Vector<float>.Count; lane++) largest = Math.Max(largest, values[lane]);
        return largest;
    }

    /// <summary>First class of a set with exactly this score, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int IndexOf(ReadOnlySpan<float> row, float score, ReadOnlySpan<int> mask)
    {
        var wanted = new Vector<float>(score);
        for (var c = 0; c < row.Length; c += Vector<float>.Count)
        {
            var end = Math.Min(row.Length, c + Vector<float>.Count);
            if (end == c + Vector<float>.Count && !Vector.EqualsAny(new Vector<float>(row[c..]), wanted)) continue;
            for (var i = c; i < end; i++)
                if (row[i] == score && mask[i] != 0) return i;
        }
        return -1;
    }

    private void RequireFinite(ScoreTable table)
    {
        var image = Array.FindIndex(SeenScore, float.IsNaN);
        if (image < 0) return;
        var c = Array.FindIndex(table.Row(image).ToArray(), score => !float.IsFinite(score));
        throw new UnseenException($"Score table: the score of image {image} for class {c} must be finite, found " +
            $"{table.Row(image)[c].ToString(System.Globalization.CultureInfo.InvariantCulture)}. " +
            "The model has diverged or its features are broken.");
    }
}
