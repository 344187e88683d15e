#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
using System.Globalization;
using System.Text.Json;

// Prints the pointing game by attribute group: percent of hits by chance, of the centre of the picture, and of every given run.
if (args is not { Length: > 0 }) throw new ArgumentException("usage: dotnet run eng/results/grounding.cs -- RUN...");
var games = args.Select(run => JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "report.json"))).RootElement.GetProperty("pointingGame")).ToArray();
Console.WriteLine($"| group | chance | centre | {string.Join(" | ", args.Select(Path.GetFileName))} |");
Console.WriteLine($"|---|---|---|{string.Concat(args.Select(_ => "---|"))}");
foreach (var group in games[0].GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("group").GetString()!))
{
    var rows = games.Select(g => g.GetProperty("groups").EnumerateArray().Single(r => r.GetProperty("group").GetString() == group)).ToArray();
    Console.WriteLine($"| {group} | {Percent(rows[0], "chance")} | {Percent(rows[0], "centre")} | {string.Join(" | ", rows.Select(r => Percent(r, "hitRate")))} |");
}

static string Percent(JsonElement row, string name) => (100 * row.GetProperty(name).GetDouble()).ToString("0", CultureInfo.InvariantCulture);
