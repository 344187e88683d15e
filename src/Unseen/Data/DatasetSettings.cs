using System.Text;
using Unseen.Semantics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Unseen.Data;

/// <summary>What dataset.yaml says.</summary>
internal sealed record DatasetSettings(
    string Name, string Description, string Licence, string Source, string ImagesPath, AttributeScale Scale, NegativeAttributes Negative)
{
    public const string File = "dataset.yaml";

    private static readonly string[] TopKeys = ["name", "description", "licence", "source", "images", "attributes"];
    private static readonly string[] AttributeKeys = ["scale", "negative"];

    /// <summary>Reads and checks dataset.yaml; null when it has errors.</summary>
    public static DatasetSettings? Read(string folder, DatasetProblems problems)
    {
        var path = Path.Combine(folder, File);
        if (!FileSize.IsWithin(path, File, DatasetLimits.YamlBytes, problems)) return null;
        var values = new YamlValues(problems).Read(path);
        return problems.HasErrorsIn(File) ? null : From(folder, values, problems);
    }

    private static DatasetSettings? From(string folder, Dictionary<string, (string Value, int Line)> values, DatasetProblems problems)
    {
        string Text(string key, string otherwise) => values.TryGetValue(key, out var v) && v.Value.Length > 0 ? v.Value : otherwise;
        if (!values.ContainsKey("attributes.scale"))
            problems.Error(File, 0,
                "Key 'attributes.scale' is missing. Say in which scale class_attributes.csv is: unit (0..1), percent (0..100) or raw.");
        var scale = Choice<AttributeScale>("attributes.scale", values, problems);
        var negative = Choice<NegativeAttributes>("attributes.negative", values, problems)
            ?? (scale == AttributeScale.Raw ? NegativeAttributes.Keep : NegativeAttributes.Clamp);
        var images = Path.GetFullPath(Path.Combine(folder, Text("images", "images").Replace("\0", "", StringComparison.Ordinal)));
        return problems.HasErrorsIn(File) ? null : new(Text("name", Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))),
            Text("description", ""), Text("licence", ""), Text("source", ""), images, scale!.Value, negative);
    }

    private static T? Choice<T>(string key, Dictionary<string, (string Value, int Line)> values, DatasetProblems problems)
        where T : struct, Enum
    {
        if (!values.TryGetValue(key, out var found)) return null;
        foreach (var name in Enum.GetNames<T>())
            if (name.Equals(found.Value, StringComparison.OrdinalIgnoreCase)) return Enum.Parse<T>(name);
        problems.Error(File, found.Line,
            $"'{key}' must be one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}, " +
            $"found {DatasetProblems.Shown(found.Value)}.");
        return null;
    }

    /// <summary>Reads the events of the YAML parser without recursion deeper than the two levels there are.</summary>
    private sealed class YamlValues(DatasetProblems problems)
    {
        private readonly Dictionary<string, (string Value, int Line)> values = new(StringComparer.Ordinal);

        public Dictionary<string, (string Value, int Line)> Read(string path)
        {
            try
            {
                using var text = Utf8Text.Open(path);
                var parser = new Parser(text);
                parser.Consume<StreamStart>();
                if (parser.TryConsume<DocumentStart>(out _)) ReadMapping(parser, "", TopKeys);
            }
            catch (DecoderFallbackException)
            {
                problems.Error(File, 0, "The text is not UTF-8. Save the file as UTF-8.");
            }
            catch (YamlException e)
            {
                problems.Error(File, (int)e.Start.Line, $"The file is not valid YAML: {e.InnerException?.Message ?? e.Message}");
            }
            // The scanner lets these out for some broken texts.
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException)
            {
                problems.Error(File, 0, "The file is not valid YAML. Expected 'key: value' lines; put unusual text in double quotes.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Error(File, 0, $"The file cannot be read: {e.Message}");
            }
            return values;
        }

        private void ReadMapping(Parser parser, string prefix, string[] known)
        {
            if (!parser.TryConsume<MappingStart>(out _))
            {
                var found = parser.Current;
                problems.Error(File, (int)(found?.Start.Line ?? 0),
                    $"Expected 'key: value' lines{(prefix.Length > 0 ? $" below '{prefix.TrimEnd('.')}'" : "")}.");
                parser.SkipThisAndNestedEvents();
                return;
            }
            while (!parser.TryConsume<MappingEnd>(out _)) ReadEntry(parser, prefix, known);
        }

        private void ReadEntry(Parser parser, string prefix, string[] known)
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                problems.Error(File, (int)parser.Current!.Start.Line, "Expected a plain key.");
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                return;
            }
            var (name, line) = (prefix + key.Value, (int)key.Start.Line);
            if (!known.Contains(key.Value, StringComparer.Ordinal)) Skip(parser, line, NearestName.Unknown("key", key.Value, known));
            else if (name == "attributes") ReadMapping(parser, "attributes.", AttributeKeys);
            else if (!parser.TryConsume<Scalar>(out var value)) Skip(parser, line, $"'{name}' must be a single text.");
            else if (!values.TryAdd(name, (value.Value, line)))
                problems.Error(File, line, $"Key '{name}' appears twice. Delete one of them.");
        }

        private void Skip(Parser parser, int line, string message)
        {
            problems.Error(File, line, message);
            parser.SkipThisAndNestedEvents();
        }
    }
}
