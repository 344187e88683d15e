using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Unseen.Experiments;
using Unseen.Experiments.Configuration;
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
        Assert.Contains(pages, page => Regex.IsMatch(File.ReadAllText(page), $@"\b{id}\b"));
    }

    /// <summary>A comment that names a default names the one that the method has, though the property may belong to a record above it.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public void NoCommentNamesAnotherDefault(string id)
    {
        var options = Activator.CreateInstance(MethodCatalog.Find(id).OptionsType)!;
        Assert.Empty(Properties(options).Where(p => Stated(p.Comment) is { } stated && stated != Plain(p.Value)).Select(p => $"{p.Key}: {p.Value}, {p.Comment}"));
    }

    [Theory]
    [InlineData("Share. The default is 0.9 (someone).", "0.9")]
    [InlineData("The default is null: all of it.", "null")]
    [InlineData("The default is -3. More.", "-3")]
    [InlineData("The default is AttributeToVisual.", "attributetovisual")]
    [InlineData("True (default): so. False: not so.", "true")]
    [InlineData("True: not so. False (default): so.", "false")]
    [InlineData("Nothing of the kind. The defaults are others.", null)]
    public void TheDefaultOfACommentIsFound(string comment, string? expected) => Assert.Equal(expected, Stated(comment));

    [Fact]
    public void MostOptionsNameTheirDefault()
    {
        var all = MethodCatalog.All.SelectMany(m => Properties(Activator.CreateInstance(m.OptionsType)!)).ToList();
        Assert.InRange(all.Count(p => Stated(p.Comment) is not null), all.Count * 2 / 3, all.Count);
    }

    /// <summary>MSDN++ has no public code, so whatever its options take from a code is another method's.</summary>
    [Fact]
    public void MsdnPlusPlusNamesNoCodeOfItsAuthors() => Assert.All(
        Properties(new Unseen.Models.Msdn.MsdnPlusPlusOptions()), p => Assert.DoesNotContain("authors' code", p.Comment, StringComparison.Ordinal));

    private static IEnumerable<(string Key, string Value, string Comment)> Properties(object options) =>
        OptionProperty.Of(options.GetType()).SelectMany(property => property.Get(options) switch
        {
            string or null => [(property.Key, property.Get(options)?.ToString() ?? "null", OptionDocumentation.Comment(property) ?? "")],
            System.Collections.IEnumerable => [],
            var record when OptionProperty.IsOptions(record.GetType()) => Properties(record),
            var value => [(property.Key, ScalarText.Write(value), OptionDocumentation.Comment(property) ?? "")],
        });

    /// <summary>The default that a comment names, in lower case and without hyphens inside words; null when it names none.</summary>
    private static string? Stated(string comment)
    {
        var named = Regex.Match(comment, @"[Dd]efault is (-?\d+(?:\.\d+)?|\w+)|\b(True|False) \(default\)");
        return named.Success ? Plain(named.Groups[1].Value + named.Groups[2].Value) : null;
    }

    private static string Plain(string value) => Regex.Replace(value, @"(?<=\p{L})-", "").ToLowerInvariant();

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
