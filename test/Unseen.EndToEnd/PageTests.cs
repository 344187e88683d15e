using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>
/// Every command of the pages that are worked through works, in the order of the page. What the page on installing says about packages is done by
/// eng/try-package.sh.
/// </summary>
public sealed class PageTests
{
    [Fact]
    public void First_run()
    {
        using var page = new PageCommands();
        page.Run(Path.Combine("get-started", "first-run.md"), least: 10);
        var found = page.Said("unseen predict");
        page.Run(Path.Combine("how-to", "predict-and-explain.md"), least: 6);

        var demo = JsonDocument.Parse(File.ReadAllText(page.At("runs", "demo", "report.json"))).RootElement;
        Assert.Equal(["cvsc", "ridge", "eszsl", "sae"], demo.EnumerateArray().Select(r => r.GetProperty("method").GetString()));
        var unseen = demo[0].GetProperty("metrics").GetProperty("u").GetProperty("mean").GetDouble();
        Assert.True(unseen > 0.3, $"The demonstration recognises {unseen:P0} of the unseen birds; chance is 2.5 %.");
        Assert.Contains("Delta_Bunting_0035.png", found, StringComparison.Ordinal);
        Assert.Contains("\"unseen\": true", page.Said("unseen predict"), StringComparison.Ordinal);
        Assert.Equal(40, File.ReadLines(page.At("answers.csv")).Count(l => l.Contains("_0035.png,1,", StringComparison.Ordinal)));
        Assert.Contains("Ember Thrush", File.ReadAllText(page.At("reasons", "explanation.html")), StringComparison.Ordinal);
        Assert.Contains("pointing", File.ReadAllText(page.At("runs", "demo", "report.html")), StringComparison.OrdinalIgnoreCase);
        Assert.True(File.Exists(page.At("why", "explanation.html")));
        Assert.Contains("30 seen", page.Said("unseen data info"), StringComparison.Ordinal);
        Assert.Contains("Errors: 0", page.Said("unseen data check"), StringComparison.Ordinal);
        Assert.Matches(@"test, macro +\d+\.\d +\d+\.\d +\d+\.\d", page.Said("unseen eval"));
    }

    [Fact]
    public void Own_pictures()
    {
        using var page = new PageCommands();
        page.Run(Path.Combine("get-started", "own-pictures.md"), least: 16);

        Assert.Contains("12 seen and 3 unseen classes, 47 attributes.", page.Said("unseen data init"), StringComparison.Ordinal);
        Assert.Contains("Errors: 0", page.Said("unseen data check"), StringComparison.Ordinal);
        Assert.Matches(@"test, macro +- +- +\d", page.Said("unseen eval"));                   // no unseen test picture: T1, U and H are empty
        Assert.Matches(@"validation +- +\d+\.\d +\d+\.\d +\d+\.\d", page.Said("unseen eval"));
        Assert.Equal(12, File.ReadLines(page.At("answers.csv")).Count(l => l.Contains(",1,", StringComparison.Ordinal)));
        Assert.Contains("Garden_Kingfisher", File.ReadAllText(page.At("why", "explanation.html")), StringComparison.Ordinal);
        Assert.Contains("16 classes, 4 of them unseen; method cvsc, 1 change since training.", page.Said("unseen classes"), StringComparison.Ordinal);
        Assert.Contains("Ember_Thrush_0001.png", page.Said("unseen predict"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(File.ReadAllText(page.At("why", "explanation.json"))).RootElement.ValueKind);
    }
}
