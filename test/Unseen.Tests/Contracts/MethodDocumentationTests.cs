using System.Runtime.CompilerServices;
using Unseen.Experiments;
using Unseen.Models;
using Xunit;

namespace Unseen.Tests.Contracts;

/// <summary>A method of the catalog without a page of its own, or with options that tell nothing, is not finished.</summary>
public sealed class MethodDocumentationTests
{
    public static TheoryData<string> Methods => new(MethodCatalog.All.Select(m => m.Id));

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryMethodHasAReadmeBesideItsCode(string id)
    {
        var method = MethodCatalog.Find(id);
        var folder = method.OptionsType.Namespace!["Unseen.".Length..].Replace('.', Path.DirectorySeparatorChar);
        var readme = Path.Combine(Repository(), "src", "Unseen", folder, "README.md");
        Assert.True(File.Exists(readme), $"{readme} is missing.");
        var text = File.ReadAllText(readme);
        foreach (var needed in new[] { $"--method {id}", method.OptionsType.Name, "## Shapes", "## Paper", "## Departures" })
            Assert.Contains(needed, text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void EveryMethodIsNamedInTheDocumentation(string id)
    {
        var pages = Directory.EnumerateFiles(Path.Combine(Repository(), "docs"), "*.md", SearchOption.AllDirectories);
        Assert.Contains(pages, page => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(page), $@"\b{id}\b"));
    }

    [Fact]
    public void TheCatalogIsConsistent()
    {
        Assert.Equal(MethodCatalog.All.Count, MethodCatalog.All.Select(m => m.Id).Distinct().Count());
        foreach (var method in MethodCatalog.All)
        {
            Assert.Same(method, MethodCatalog.Find(method.Id));
            Assert.True(method.OptionsType.IsSubclassOf(typeof(MethodOptions)));
            Assert.NotEmpty(method.Presets);
            Assert.Equal(method.Presets.Count, method.Presets.Select(p => p.Name).Distinct().Count());
            Assert.All(method.Presets, preset => Assert.IsType(method.OptionsType, preset.Options));
            Assert.Same(method, MethodCatalog.Of(method.Presets[0].Options));
            Assert.Same(method.Presets[0], method.Preset(null));
        }
    }

    [Fact]
    public void UnknownNamesAreSuggestedTheNearest()
    {
        Assert.Contains("cvsc", Assert.Throws<UnknownNameException>(() => MethodCatalog.Find("cvcs")).Message, StringComparison.Ordinal);
        Assert.Contains("cvsc-code", Assert.Throws<UnknownNameException>(() => MethodCatalog.Find("cvsc").Preset("cvsc-cod")).Message,
            StringComparison.Ordinal);
    }

    private static string Repository([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
