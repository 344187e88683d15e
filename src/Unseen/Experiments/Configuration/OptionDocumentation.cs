using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Unseen.Experiments.Configuration;

/// <summary>The comment of a key: the summary of its property (from the XML file beside the assembly, if any) and its limits.</summary>
internal static partial class OptionDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> Files = new();

    public static string? Comment(OptionProperty property)
    {
        var type = property.Property.DeclaringType!;
        var summaries = Files.GetOrAdd(type.Assembly, Read);
        var summary = summaries.GetValueOrDefault($"P:{type.FullName?.Replace('+', '.')}.{property.Property.Name}");
        var words = string.Join(" ", new[] { summary, Limits(property) }.Where(w => w is { Length: > 0 }));
        return words.Length == 0 ? null : words;
    }

    private static string? Limits(OptionProperty property)
    {
        var type = Nullable.GetUnderlyingType(property.Property.PropertyType) ?? property.Property.PropertyType;
        if (type.IsEnum) return Sentence(ScalarText.Expectation(type));
        return property.Rules.OfType<RangeAttribute>().FirstOrDefault() is { } range ? Sentence(OptionsValidator.Constraint(range)) : null;
    }

    private static string Sentence(string words) => $"({words})";

    private static Dictionary<string, string> Read(Assembly assembly)
    {
        var file = assembly.Location.Length == 0 ? "" : Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(file)) return [];
        return XDocument.Load(file).Descendants("member")
            .Where(m => m.Attribute("name") is not null && m.Element("summary") is not null)
            .GroupBy(m => m.Attribute("name")!.Value)
            .ToDictionary(g => g.Key, g => Words(g.First().Element("summary")!));
    }

    private static string Words(XElement summary) => Space().Replace(string.Concat(summary.Nodes().Select(Word)), " ").Trim();

    private static string Word(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { HasAttributes: true } see when !see.Nodes().Any() => see.FirstAttribute!.Value.Split('.', ':')[^1],
        XElement inner => inner.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
