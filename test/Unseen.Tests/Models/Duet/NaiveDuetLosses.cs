using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>The losses of a DUET step as loops over numbers, in the form of the paper and in that of the authors' code.</summary>
/// <param name="problem">Classes and their semantics.</param>
/// <param name="labels">Class of each image.</param>
internal sealed class NaiveDuetLosses(ZslProblem problem, int[] labels)
{
    private readonly double[][] semantics = [.. Enumerable.Range(0, problem.Classes).Select(c => Unit(Row(problem.Semantics.UnitValues(), c)))];

    /// <summary>Eq. 8, or with the softmax taken twice.</summary>
    public double CrossEntropy(double[][] predicted, bool code) => labels.Index().Average(l =>
    {
        var scores = problem.SeenClasses.Select(c => Dot(predicted[l.Index], semantics[c])).ToArray();
        if (code) scores = Softmax(scores);
        return -Math.Log(Softmax(scores)[Array.IndexOf(problem.SeenClasses, l.Item)]);
    });

    /// <summary>Eq. 7: mean over images of the squared distance to the semantics of the label.</summary>
    public double Regression(double[][] predicted) =>
        labels.Index().Average(l => predicted[l.Index].Zip(semantics[l.Item]).Sum(p => (p.First - p.Second) * (p.First - p.Second)));

    /// <summary>Eq. 11: 1 is added to scores of unseen classes, -1 to those of seen ones; or minus the log of the mean mass of the unseen.</summary>
    public double SelfCalibration(double[][] predicted, bool code)
    {
        var shares = predicted.Select(p => Softmax([.. semantics.Select((z, c) => Dot(p, z) + (problem.SeenClass[c] ? -1 : 1))])).ToArray();
        return code
            ? -Math.Log(shares.Average(s => s.Where((_, c) => !problem.SeenClass[c]).Sum()))
            : shares.Average(s => -s.Where((_, c) => !problem.SeenClass[c]).Sum(Math.Log));
    }

    /// <summary>Eq. 9-10: the companion against all images and companions of other classes.</summary>
    public double ClassContrast(double[][] images, double[][] companions, double temperature)
    {
        double Likeness(double[] a, double[] b) => Math.Exp(Cosine(a, b) / temperature);
        return images.Index().Average(a =>
        {
            var positive = Likeness(a.Item, companions[a.Index]);
            var others = Enumerable.Range(0, labels.Length).Where(j => labels[j] != labels[a.Index])
                .Sum(j => Likeness(a.Item, images[j]) + Likeness(a.Item, companions[j]));
            return -Math.Log(positive / (positive + others));
        });
    }

    /// <summary>The authors' code: companions are anchors too; another image of the class stays in the sum as if its cosine were 0.</summary>
    public double ClassContrastOfTheCode(double[][] images, double[][] companions, double temperature)
    {
        double[][] all = [.. images, .. companions];
        var count = labels.Length;
        return Enumerable.Range(0, 2 * count).Average(a =>
        {
            var partner = (a + count) % (2 * count);
            var positive = Math.Exp(Cosine(all[a], all[partner]) / temperature);
            var others = Enumerable.Range(0, 2 * count).Where(j => j != a && j != partner)
                .Sum(j => labels[j % count] == labels[a % count] ? 1 : Math.Exp(Cosine(all[a], all[j]) / temperature));
            return -Math.Log(positive / (positive + others));
        });
    }

    /// <summary>-log of the softmax of the first of some scores.</summary>
    public static double First(params double[] scores) => -Math.Log(Softmax(scores)[0]);

    public static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    public static double Dot(double[] a, double[] b) => a.Zip(b).Sum(p => p.First * p.Second);

    public static double[] Softmax(double[] scores)
    {
        var exponentials = Array.ConvertAll(scores, s => Math.Exp(s - scores.Max()));
        return Array.ConvertAll(exponentials, e => e / exponentials.Sum());
    }

    /// <summary>Rows of a tensor of two axes.</summary>
    public static double[][] Rows(Tensor x)
    {
        var values = x.detach().contiguous().data<float>().ToArray();
        return [.. values.Chunk((int)x.shape[1]).Select(row => Array.ConvertAll(row, v => (double)v))];
    }

    private static double[] Unit(double[] x) => Array.ConvertAll(x, v => v / Math.Sqrt(Dot(x, x)));

    private static double[] Row(float[,] values, int row) => [.. Enumerable.Range(0, values.GetLength(1)).Select(c => (double)values[row, c])];
}
