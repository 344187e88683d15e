using System.Globalization;

namespace Unseen.Reports.Plots;

/// <summary>The picture of attribute-based or refined features: circles for seen, triangles for unseen classes.</summary>
internal static class FeaturePicturePlot
{
    /// <summary>The plot of attribute-based features; null when the report has none, or lists that do not fit.</summary>
    public static Plot? OfAttributes(ZslReport report) => Of(report.AttributeFeatures, "attribute-features", "Attribute-based visual features",
        "the features that the attributes attend to, averaged over the attributes");

    /// <summary>The plot of refined features; null when the report has none, or lists that do not fit.</summary>
    public static Plot? OfRefined(ZslReport report) => Of(report.RefinedFeatures, "refined-features", "Refined visual features",
        "what the encoder makes of its visual feature");

    private static Plot? Of(ReportFeaturePicture? features, string name, string title, string what)
    {
        if (features is not { Explained: [var first, var second], Classes: var classes }) return null;
        if (classes.Any(c => c.X.Count != c.Y.Count) || classes.All(c => c.X.Count == 0)) return null;
        List<PointGroup> groups = [.. classes.Where(c => c.Seen).Select(Group), .. classes.Where(c => !c.Seen).Select(Group)];
        var points = groups.SelectMany(g => g.Points).ToList();
        var frame = new PlotFrame(points.Min(p => p.X), points.Max(p => p.X), points.Min(p => p.Y), points.Max(p => p.Y));
        var content = ScatterPlot.Draw(frame,
            ($"first principal component, {Percent(first)} of the variance", $"second component, {Percent(second)}"),
            ("seen classes (circles)", "unseen classes (triangles)"), groups, out var height);
        return new(name, $"{title}, {Percent(first + second)} of their variance",
            $"One mark per test picture: {what}, along the first two " +
            "principal components. Colours are classes. Pictures of a class should lie together, apart from those of others.",
            PlotFrame.Width, height, content);
    }

    private static PointGroup Group(ReportPlacedClass placed, int index) =>
        new(placed.Class, [.. placed.X.Zip(placed.Y)], index % Plot.PointColours, !placed.Seen);

    private static string Percent(double fraction) => (fraction * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
