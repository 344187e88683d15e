using System.Globalization;
using System.Text;
using System.Text.Json;
using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>
/// Prompt groups and words of attributes in the format of DUET: a JSON object from the index of the attribute, counted from 0, to a text.
/// attributeindex2prompt.json names the group of every attribute, mapping.json the words of some.
/// </summary>
internal static class PromptGroups
{
    private const long MostBytes = 16 << 20;
    private const int LongestText = 200;

    /// <summary>The attributes with the groups and words of the files; without files as they are.</summary>
    /// <exception cref="DatasetFormatException">A file is missing, is no such object, or does not fit the attributes.</exception>
    internal static AttributeEntry[] Apply(AttributeEntry[] attributes, string? promptsFile, string? mappingFile)
    {
        var groups = promptsFile is null ? [] : Complete(promptsFile, Read(promptsFile, attributes.Length), attributes);
        var values = mappingFile is null ? [] : Read(mappingFile, attributes.Length);
        return [.. attributes.Select((a, i) => a with
        {
            Group = groups.GetValueOrDefault(i, a.Group),
            Phrase = values.TryGetValue(i, out var value) ? AttributePhrases.With(a.Name, value) : a.Phrase,
        })];
    }

    private static Dictionary<int, string> Complete(string path, Dictionary<int, string> groups, AttributeEntry[] attributes)
    {
        if (groups.Count == attributes.Length) return groups;
        var first = Enumerable.Range(0, attributes.Length).First(i => !groups.ContainsKey(i));
        throw new DatasetFormatException(path, $"expected a prompt group for each of the {attributes.Length} attributes, found {groups.Count}; the first " +
            $"without one is {first}, {DatasetProblems.Shown(attributes[first].Name)}. Was the file made for another dataset?");
    }

    private static Dictionary<int, string> Read(string path, int attributes)
    {
        using var json = Parse(path);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            throw new DatasetFormatException(path, "expected a JSON object from the index of an attribute to a text, for example {\"0\": \"color\", \"1\": " +
                $"\"has part\"}}, found {Kind(json.RootElement)}.");
        return json.RootElement.EnumerateObject().ToDictionary(p => Index(path, p.Name, attributes), p => Text(path, p));
    }

    private static JsonDocument Parse(string path) => FileErrors.Guard(path, () =>
    {
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes and var bytes })
            throw new DatasetFormatException(path, $"the file has {bytes} bytes; the limit is {MostBytes}.");
        try
        {
            using var reader = Utf8Text.Open(path);
            return JsonDocument.Parse(reader.ReadToEnd(), new() { AllowDuplicateProperties = false, MaxDepth = 8 });
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            throw new DatasetFormatException(path, $"the file is not JSON: {e.Message}", e);
        }
    });

    /// <summary>One way to write an index only, so that none can stand twice.</summary>
    private static int Index(string path, string key, int attributes) =>
        int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < attributes && key == index.ToString(CultureInfo.InvariantCulture)
            ? index
            : throw new DatasetFormatException(path, $"{DatasetProblems.Shown(key)} is not the index of an attribute: the dataset has {attributes}, counted from " +
                $"0 to {attributes - 1}. Was the file made for another dataset?");

    private static string Text(string path, JsonProperty property)
    {
        var text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()!.Trim() : null;
        return text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl) ? text
            : throw new DatasetFormatException(path, $"expected 1 to {LongestText} characters for attribute {property.Name}, found " +
                $"{(text is null ? Kind(property.Value) : DatasetProblems.Shown(text))}.");
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
