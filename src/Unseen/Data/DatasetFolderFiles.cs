using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Unseen.Data;

/// <summary>Writes the five files every dataset folder has.</summary>
internal static class DatasetFolderFiles
{
    // JSON strings are YAML strings.
    private static readonly JsonSerializerOptions Yaml = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(DatasetFolder folder)
    {
        WriteTable(folder, ClassReader.File, ["class", "split", .. folder.ValidationFolds], folder.Classes.Select(c =>
            (string[])[c.Name, c.Seen ? "seen" : "unseen", .. c.Validation.Select(v => v ? "true" : "false")]));
        WriteTable(folder, AttributeReader.File, ["attribute", "group", "phrase"],
            folder.Attributes.Select(a => new[] { a.Name, a.Group, a.Phrase }));
        var semantics = folder.ClassAttributes;
        WriteTable(folder, VectorReader.AttributesFile, ["class", .. semantics.AttributeNames], semantics.ClassNames.Select((name, c) =>
            (string[])[name, .. Enumerable.Range(0, semantics.Attributes)
                .Select(a => semantics.Values[c, a].ToString(CultureInfo.InvariantCulture))]));
        WriteTable(folder, ImageReader.File, ["file", "class", "split"], folder.Images.Select(i =>
            new[] { i.File, folder.Classes[i.Class].Name, ImageReader.SplitNames[(int)i.Split] }));
        AtomicFile.WriteText(Path.Combine(folder.Path, DatasetSettings.File), Settings(folder));
    }

    private static string Settings(DatasetFolder folder)
    {
        var relative = Path.GetRelativePath(folder.Path, folder.ImagesPath).Replace(Path.DirectorySeparatorChar, '/');
        var images = relative == "." || relative.StartsWith("..", StringComparison.Ordinal) ? folder.ImagesPath : relative;
        return $"""
            name: {Text(folder.Name)}
            description: {Text(folder.Description)}
            licence: {Text(folder.Licence)}
            source: {Text(folder.Source)}
            images: {Text(images)}
            attributes:
              scale: {folder.ClassAttributes.Scale.ToString().ToLowerInvariant()}
              negative: {folder.Negative.ToString().ToLowerInvariant()}

            """;
    }

    private static string Text(string value) => JsonSerializer.Serialize(value, Yaml);

    private static void WriteTable(DatasetFolder folder, string file, IEnumerable<string> columns, IEnumerable<string[]> rows) =>
        AtomicFile.WriteText(Path.Combine(folder.Path, file),
            string.Concat(rows.Prepend([.. columns]).Select(r => string.Join(',', r.Select(Cell)) + "\n")));

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\" \t") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
