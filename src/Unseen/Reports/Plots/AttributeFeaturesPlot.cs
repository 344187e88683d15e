using System.Globalization;

namespace Unseen.Reports.Plots;

/// <summary>The picture of attribute-based visual features: circles for seen, triangles for unseen classes.</summary>
internal static class AttributeFeaturesPlot
{
    /// <summary>The plot; null when the report has no such features, or lists that do not fit.</summary>
    public static Plot? Of(ZslReport report)
    {
        if (report.AttributeFeatures is not { Explained: [var first, var second], Classes: var classes }) return null;
        if (classes.Any(c => c.X.Count != c.Y.Count) || classes.All(c => c.X.Count == 0)) return null;
        List<PointGroup> groups = [.. classes.Where(c => c.Seen).Select(Group), .. classes.Where(c => !c.Seen).Select(Group)];
        var points = groups.SelectMany(g => g.Points).ToList();
        var frame = new PlotFrame(points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
        var content = ScatterPlot.Draw(frame,
            ($"first principal component, {Percent(first)} of the variance", $"second component, {Percent(second)}"),
            ("seen classes (circles)", "unseen classes (triangles)"), groups, out var height);
        return new("attribute-features", $"Attribute-based visual features, {Percent(first + second)} of their variance",
            "One mark per test picture: the features that the attributes attend to, averaged over the attributes, along their first two " +
            "principal components. Colours are classes. Pictures of a class should lie together, apart from those of others.",
            PlotFrame.Width, height, content);
    }

    private static PointGroup Group(ReportPlacedClass placed, int index) =>
        new(placed.Class, [.. placed.X.Zip(placed.Y)], index % Plot.PointColours, !placed.Seen);

    private static string Percent(double fraction) => (fraction * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
