using Unseen.Reports;

namespace Unseen.Experiments;

/// <summary>Writes the report of a finished run in its forms; report.json last, since it marks the run as finished.</summary>
internal static class RunFiles
{
    public static void Write(RunDirectory directory, ZslReport report)
    {
        var page = new HtmlReportModel([report]);
        HtmlReport.WritePlots(directory.PlotsPath, page);
        HtmlReport.Write(directory.HtmlPath, page);
        report.Write(directory.ReportPath);
    }
}
