namespace Unseen.Reports;

/// <summary>A picture of the gallery, for example an attention overlay.</summary>
/// <param name="Png">PNG file content.</param>
/// <param name="Caption">What one sees; also the alternative text.</param>
public sealed record ReportPicture(byte[] Png, string Caption);

/// <summary>What goes into report.html.</summary>
/// <param name="Reports">One report per method, at least one; variants stand under their method.</param>
public sealed record HtmlReportModel(IReadOnlyList<ZslReport> Reports)
{
    /// <summary>Title of the page; by default method and dataset.</summary>
    public string? Title { get; init; }

    /// <summary>A paragraph of the caller above the summary, plain text.</summary>
    public string? Introduction { get; init; }

    /// <summary>Pictures with captions.</summary>
    public IReadOnlyList<ReportPicture> Gallery { get; init; } = [];
}
