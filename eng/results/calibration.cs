#:property GenerateDocumentationFile=false
#:property EnforceCodeStyleInBuild=false
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

// Are the probabilities of 'unseen predict' right on the test images? Prints, for the temperature of the model and for 1, the expected
// calibration error (15 bins of equal width, every image counts the same), mean confidence, accuracy and mean negative log likelihood.
if (args is not [var program, var dataset, .. { Length: > 0 } runs])
    throw new ArgumentException("usage: dotnet run eng/results/calibration.cs -- UNSEEN-PROGRAM DATASET RUN...");
const int Bins = 15;
var test = File.ReadLines(Path.Combine(dataset, "images.csv")).Skip(1).Select(line => line.Split(','))
    .Where(cells => cells[2] != "trainval").ToDictionary(cells => Path.GetFullPath(Path.Combine(dataset, "images", cells[0])), cells => cells[1]);

Console.WriteLine("| run | T | ECE | confidence | accuracy | NLL |");
Console.WriteLine("|---|---|---|---|---|---|");
foreach (var run in runs)
{
    using var model = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "model", "model.json")));
    var selection = model.RootElement.GetProperty("selection");
    var gamma = selection.GetProperty("gamma").GetDouble();
    var fitted = selection.GetProperty("validation").GetProperty("temperature").GetDouble();
    using var answers = JsonDocument.Parse(Predict(run));
    foreach (var temperature in new[] { fitted, 1 })
    {
        var images = answers.RootElement.EnumerateArray().Select(a => Judge(a, gamma, temperature)).ToArray();
        var error = images.GroupBy(i => Math.Min((int)(i.Confidence * Bins), Bins - 1))
            .Sum(bin => Math.Abs(bin.Sum(i => i.Confidence - (i.Right ? 1 : 0)))) / images.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(run)} | {temperature:0.####} | {100 * error:0.0} | {100 * images.Average(i => i.Confidence):0.0} | " +
            $"{100 * images.Average(i => i.Right ? 1.0 : 0):0.0} | {images.Average(i => i.Loss):0.00} |"));
    }
}

string Predict(string run)
{
    var start = new ProcessStartInfo(program, ["predict", run, "-", "--json", "--top", "100000"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    var feed = Task.Run(() =>
    {
        foreach (var file in test.Keys) process.StandardInput.WriteLine(file);
        process.StandardInput.Close();
    });
    var json = process.StandardOutput.ReadToEnd();
    feed.Wait();
    process.WaitForExit();
    return process.ExitCode == 0 ? json : throw new InvalidOperationException($"unseen predict {run} ended with {process.ExitCode}.");
}

(double Confidence, bool Right, double Loss) Judge(JsonElement answer, double gamma, double temperature)
{
    var truth = test[Path.GetFullPath(answer.GetProperty("file").GetString()!)];
    var logits = answer.GetProperty("top").EnumerateArray().ToDictionary(c => c.GetProperty("class").GetString()!,
        c => (c.GetProperty("score").GetDouble() - (c.GetProperty("unseen").GetBoolean() ? 0 : gamma)) / temperature);
    var best = logits.MaxBy(l => l.Value);
    var total = logits.Values.Sum(v => Math.Exp(v - best.Value));
    return (1 / total, best.Key == truth, best.Value + Math.Log(total) - logits[truth]);
}
