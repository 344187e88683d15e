using Unseen.Explanation;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Explanation;

public sealed class PrincipalComponentsTests
{
    /// <summary>
    /// Along (3, 4) / 5 the rows lie at 3, -1, -1, -1, across it at 0, 2, -1, -1: uncorrelated, squares 12 and 6, shares 2/3 and 1/3.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_plane_by_hand(double sign)
    {
        double[] along = [3, -1, -1, -1], across = [0, 2, -1, -1];
        var rows = along.Zip(across).SelectMany(p => new[]
        {
            10 + sign * (0.6 * p.First - 0.8 * p.Second), -7 + sign * (0.8 * p.First + 0.6 * p.Second),
        }).ToArray();
        using var matrix = tensor(rows).reshape(4, 2);
        var components = PrincipalComponents.Compute(matrix, 2);
        AssertClose(along, components.Places[0]);     // the mirrored rows too: the farthest place is positive
        AssertClose(across, components.Places[1]);
        AssertClose([2 / 3.0, 1 / 3.0], components.Shares);
    }

    [Theory]
    [InlineData(40, 7)]
    [InlineData(6, 25)]
    public void Places_are_projections_on_the_eigenvectors_of_the_covariance(int rows, int columns)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns)
            .Select(c => (random.NextDouble() - 0.5) * (c + 1) + 3).ToArray()).ToArray();
        using var matrix = tensor(values.SelectMany(r => r).ToArray()).reshape(rows, columns);
        var components = PrincipalComponents.Compute(matrix, 2);

        var (covariance, centred) = Covariance(values);
        var trace = Enumerable.Range(0, columns).Sum(c => covariance[c][c]);
        for (var i = 0; i < 2; i++)
        {
            var (direction, variance) = PowerIteration(covariance);
            var places = centred.Select(r => Dot(r, direction)).ToArray();
            if (places.MaxBy(Math.Abs) < 0) places = [.. places.Select(p => -p)];
            AssertClose(places, components.Places[i]);
            Assert.Equal(variance / trace, components.Shares[i], 1e-6);
            for (var a = 0; a < columns; a++)
                for (var b = 0; b < columns; b++) covariance[a][b] -= variance * direction[a] * direction[b];
        }
    }

    [Fact]
    public void Equal_rows_have_one_place()
    {
        using var matrix = ones(5, 3);
        var components = PrincipalComponents.Compute(matrix, 2);
        Assert.All(components.Places, row => AssertClose(new double[5], row));
        Assert.Equal([0, 0], components.Shares);
    }

    [Fact]
    public void There_are_no_more_components_than_rows()
    {
        using var matrix = ones(1, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => PrincipalComponents.Compute(matrix, 2));
    }

    private static (double[][] Covariance, double[][] Centred) Covariance(double[][] values)
    {
        var columns = values[0].Length;
        var means = Enumerable.Range(0, columns).Select(c => values.Average(r => r[c])).ToArray();
        var centred = values.Select(r => r.Select((x, c) => x - means[c]).ToArray()).ToArray();
        return ([.. Enumerable.Range(0, columns).Select(a =>
            Enumerable.Range(0, columns).Select(b => centred.Sum(r => r[a] * r[b])).ToArray())], centred);
    }

    private static (double[] Direction, double Variance) PowerIteration(double[][] matrix)
    {
        var direction = Enumerable.Range(0, matrix.Length).Select(i => 1.0 + i).ToArray();
        var length = 0.0;
        for (var step = 0; step < 5000; step++)
        {
            direction = [.. matrix.Select(row => Dot(row, direction))];
            length = Math.Sqrt(Dot(direction, direction));
            direction = [.. direction.Select(x => x / length)];
        }
        return (direction, length);
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-6);
    }
}
