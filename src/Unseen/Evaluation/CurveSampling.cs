namespace Unseen.Evaluation;

/// <summary>Fewer points of a curve, for plots and reports.</summary>
internal static class CurveSampling
{
    /// <summary>Keeps both ends and, between them, points that are evenly spread along |dU| + |dS|.</summary>
    public static IReadOnlyList<CurvePoint> Downsample(IReadOnlyList<CurvePoint> points, int maximum)
    {
        if (points.Count <= maximum) return points;
        var step = Length(points[0], points[^1]) / (maximum - 1);
        var kept = new List<CurvePoint>(maximum) { points[0] };
        for (var i = 1; i < points.Count - 1 && kept.Count < maximum - 1; i++)
            if (Length(points[0], points[i]) >= kept.Count * step) kept.Add(points[i]);
        kept.Add(points[^1]);
        return kept;
    }

    /// <summary>Path length: the curve never turns back, so it is the sum of both differences.</summary>
    private static double Length(CurvePoint from, CurvePoint to) => Math.Abs(to.U - from.U) + Math.Abs(to.S - from.S);
}
