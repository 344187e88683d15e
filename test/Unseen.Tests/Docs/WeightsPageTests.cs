using Unseen.Models.Encoders;
using Xunit;

namespace Unseen.Tests.Docs;

/// <summary>The names on docs/reference/weights.md are those of the code, in its order, with N for the number of a block.</summary>
public sealed class WeightsPageTests
{
    [Fact]
    public void TheNamesOfDeitAreThoseOfTheCode() => Check(VisionTransformerOptions.DeitBaseDistilled.Layout());

    [Fact]
    public void TheNamesOfBertAreThoseOfTheCode() => Check(new BertOptions { MaskedLanguageHead = true }.Layout());

    private static void Check(WeightLayout layout)
    {
        var lines = layout.Weights.Select(w => $"{w.Name} [{string.Join(", ", w.Shape)}]").ToList();
        Assert.Equal(12, lines.Where(l => l.Contains(".layer.", StringComparison.Ordinal)).Select(l => l.Split(".layer.")[1].Split('.')[0]).Distinct().Count());
        var folded = lines.Where(l => !l.Contains(".layer.", StringComparison.Ordinal) || l.Contains(".layer.0.", StringComparison.Ordinal))
            .Select(l => l.Replace(".layer.0.", ".layer.N.", StringComparison.Ordinal));
        var page = File.ReadAllText(Path.Combine(MarkdownPages.Root, "docs", "reference", "weights.md")).ReplaceLineEndings("\n");
        Assert.Contains($"```text\n{string.Join('\n', folded)}\n```", page, StringComparison.Ordinal);
    }
}
