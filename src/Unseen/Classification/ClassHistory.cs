using System.Text.Json;
using System.Text.Json.Serialization;

namespace Unseen.Classification;

/// <summary>
/// The history beside model.json. It is written first and model.json, which counts the valid lines, last: lines beyond that count are
/// what an interrupted change has left, and the next change replaces them.
/// </summary>
internal static class ClassHistory
{
    private const string FileName = "classes-history.jsonl";
    private const long MaximumBytes = 256L << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the valid lines.</summary>
    /// <exception cref="DatasetFormatException">Lines are missing or wrong.</exception>
    public static IReadOnlyList<ClassHistoryEntry> Read(string modelDirectory, int changes)
    {
        var path = Path.Combine(modelDirectory, FileName);
        return changes == 0 ? [] : [.. Lines(path, changes).Select((line, i) => Parse(path, i, line))];
    }

    /// <summary>Writes the valid lines and new ones.</summary>
    /// <exception cref="UnseenException">The file would be larger than what is read.</exception>
    public static void Append(string modelDirectory, int changes, IEnumerable<ClassHistoryEntry> entries, long maximumBytes = MaximumBytes)
    {
        var path = Path.Combine(modelDirectory, FileName);
        var lines = changes == 0 ? [] : Lines(path, changes);
        string[] all = [.. lines.Concat(entries.Select(e => JsonSerializer.Serialize(e, Json))).Select(line => line + "\n")];
        if (all.Sum(line => (long)System.Text.Encoding.UTF8.GetByteCount(line)) > maximumBytes)
            throw new UnseenException($"{path}: the history would be larger than {maximumBytes} bytes, so nothing was changed. Keep a copy of it and set classChanges in model.json to 0 to "
                + "begin a new one, or change fewer classes at once.");
        AtomicFile.WriteText(path, string.Concat(all));
    }

    private static string[] Lines(string path, int changes)
    {
        if (File.Exists(path) && new FileInfo(path).Length > MaximumBytes)
            throw new DatasetFormatException(path, $"larger than {MaximumBytes} bytes.");
        var lines = File.Exists(path) ? File.ReadLines(path).Take(changes).ToArray() : [];
        return lines.Length == changes
            ? lines
            : throw new DatasetFormatException(path, $"expected {changes} lines, as model.json says, found {lines.Length}. Restore the file from a "
                + "backup, or set classChanges in model.json to 0 to begin a new history.");
    }

    private static ClassHistoryEntry Parse(string path, int line, string text)
    {
        try { return JsonSerializer.Deserialize<ClassHistoryEntry>(text, Json) ?? throw new JsonException("The line holds null."); }
        catch (JsonException error) { throw new DatasetFormatException(path, $"line {line + 1}: not a change of classes: {error.Message}", error); }
    }
}
