#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
using System.Globalization;
using System.Text.Json;

// Prints the Markdown table of docs/results/cub127.md from the report.json of every run below a folder: one row per run.
var folder = args is [var path] ? path : throw new ArgumentException("usage: dotnet run eng/results/table.cs -- RUNS");
Console.WriteLine("| run | seeds | T1 | U | S | H (gamma raw) | H (quantile) | H (oracle) | AUSUC | epochs | s/epoch | peak MiB | commit |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
foreach (var file in Directory.GetFiles(folder, "report.json", SearchOption.AllDirectories)
    .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}seed-", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
{
    using var document = JsonDocument.Parse(File.ReadAllText(file));
    var report = document.RootElement;
    if (report.ValueKind != JsonValueKind.Object) continue;
    var metrics = report.GetProperty("metrics");
    var calibrations = report.GetProperty("calibrations");
    string Of(JsonElement parent, string name) => parent.TryGetProperty(name, out var v) && v.ValueKind == JsonValueKind.Object ? Percent(v) : "-";
    string H(string kind) => calibrations.TryGetProperty(kind, out var c) && c.ValueKind == JsonValueKind.Object ? Of(c, "h") : "-";
    var epochs = report.GetProperty("history").EnumerateArray().Count(e => e.GetProperty("phase").GetString() == "final");
    var timing = report.GetProperty("timing");
    var seconds = timing.TryGetProperty("secondsPerEpoch", out var s) ? s.GetDouble().ToString("0.0", CultureInfo.InvariantCulture) : "-";
    var environment = report.GetProperty("environment");
    var version = environment.GetProperty("unseen").GetString()!.Split('+');
    Console.WriteLine($"| {Path.GetFileName(Path.GetDirectoryName(file))} | {report.GetProperty("seeds").GetArrayLength()} | {Of(metrics, "t1")} | " +
        $"{Of(metrics, "u")} | {Of(metrics, "s")} | {H("raw")} | {H("quantile")} | {H("oracle")} | {Of(metrics, "ausuc")} | {(epochs > 0 ? epochs : "-")} | " +
        $"{seconds} | {environment.GetProperty("peakMemoryMiB").GetString()} | {(version.Length > 1 ? version[1][..7] : "-")} |");
}

static string Percent(JsonElement figure)
{
    var (mean, std) = (figure.GetProperty("mean").GetDouble() * 100, figure.GetProperty("std").GetDouble() * 100);
    return string.Create(CultureInfo.InvariantCulture, $"{mean:0.0}{(std > 0 ? $" ± {std:0.0}" : "")}");
}
