using System.Globalization;
using CsvHelper;
using Unseen.Semantics;
using YamlDotNet.Serialization;

namespace Unseen.Data.Import;

/// <summary>Writes dataset folders in the format that the dataset reader reads.</summary>
public static class DatasetFolderWriter
{
    private static readonly string[] OptionalFiles = ["word_vectors.csv", "parts.csv", "relations.csv"];

    /// <summary>Refuses a folder that has anything in it, unless it may be overwritten.</summary>
    /// <exception cref="DatasetFormatException">The folder is not empty and <paramref name="force"/> is false.</exception>
    public static void CheckTarget(string path, bool force) => CheckTarget(path, force, []);

    /// <summary>The same; full paths of <paramref name="allowed"/> may be in the folder.</summary>
    internal static void CheckTarget(string path, bool force, string[] allowed)
    {
        if (File.Exists(path))
            throw new DatasetFormatException(path, "the dataset folder to write is an existing file.");
        if (force || !Directory.Exists(path)) return;
        if (Directory.EnumerateFileSystemEntries(Path.GetFullPath(path)).Order(StringComparer.Ordinal).FirstOrDefault(entry => !allowed.Contains(entry)) is { } other)
            throw new DatasetFormatException(path, $"the folder is not empty; found {DatasetProblems.Shown(Path.GetFileName(other))}. Choose another one, or "
                + "overwrite its dataset with --force.");
    }

    /// <summary>
    /// Writes all files, each atomically, dataset.yaml last: a folder without it is an unfinished one. Class attribute values are written
    /// as they stand in <see cref="DatasetFolder.ClassAttributes"/>.
    /// </summary>
    /// <param name="folder">What to write, to <see cref="DatasetFolder.Path"/>.</param>
    /// <param name="force">Overwrite the dataset in a folder that is not empty.</param>
    /// <exception cref="DatasetFormatException">The folder is not empty and <paramref name="force"/> is false.</exception>
    public static void Write(DatasetFolder folder, bool force = false)
    {
        CheckTarget(folder.Path, force);
        Directory.CreateDirectory(folder.Path);
        RemoveOld(folder.Path);
        WriteClasses(folder);
        WriteAttributes(folder);
        WriteVectors(folder, "class_attributes.csv", "class", folder.ClassAttributes.ClassNames, folder.ClassAttributes.AttributeNames,
            folder.ClassAttributes.Values);
        Csv(folder, "images.csv", ["file", "class", "split"],
            folder.Images.Select(i => new[] { i.File, folder.Classes[i.Class].Name, SplitName(i.Split) }));
        WriteOptional(folder);
        AtomicFile.WriteText(Path.Combine(folder.Path, "dataset.yaml"), Settings(folder));
    }

    /// <summary>Writes class vectors with the columns class, v0, v1 and so on.</summary>
    internal static void WriteVectors(string path, IReadOnlyList<string> classes, float[,] values) =>
        WriteCsv(path, ["class", .. Numbered(values.GetLength(1))], classes.Select((name, row) =>
            Enumerable.Range(0, values.GetLength(1)).Select(column => Text(values[row, column])).Prepend(name).ToArray()));

    /// <summary>Writes a CSV file atomically.</summary>
    internal static void WriteCsv(string path, string[] header, IEnumerable<string[]> rows) =>
        AtomicFile.Write(path, stream =>
        {
            using var csv = CsvWriter.Create(stream, new CsvWriterOptions { NewLine = "\n", Separator = ',' }, leaveOpen: true);
            foreach (var row in rows.Prepend(header))
            {
                foreach (var field in row)
                    csv.WriteField(field);
                csv.EndRecord();
            }
        });

    private static void RemoveOld(string path)
    {
        File.Delete(Path.Combine(path, "dataset.yaml"));
        foreach (var file in OptionalFiles)
            File.Delete(Path.Combine(path, file));
        var semantics = Path.Combine(path, "semantics");
        foreach (var file in Directory.Exists(semantics) ? Directory.GetFiles(semantics, "*.csv") : [])
            File.Delete(file);
    }

    private static void WriteClasses(DatasetFolder folder) => Csv(folder, "classes.csv", ["class", "split", .. folder.ValidationFolds],
        folder.Classes.Select(c => (string[])[c.Name, c.Seen ? "seen" : "unseen", .. c.Validation.Select(v => v ? "true" : "false")]));

    private static void WriteAttributes(DatasetFolder folder)
    {
        var parts = folder.Attributes.Any(a => a.Parts.Count > 0);
        Csv(folder, "attributes.csv", parts ? ["attribute", "group", "phrase", "parts"] : ["attribute", "group", "phrase"],
            folder.Attributes.Select(a => parts ? [a.Name, a.Group, a.Phrase, string.Join('|', a.Parts)]
                : new[] { a.Name, a.Group, a.Phrase }));
    }

    private static void WriteOptional(DatasetFolder folder)
    {
        if (folder.WordVectors is { } words)
            WriteVectors(folder, "word_vectors.csv", "attribute", [.. folder.Attributes.Select(a => a.Name)],
                Numbered(words.GetLength(1)), words);
        if (folder.Parts.Count > 0)
            Csv(folder, "parts.csv", ["file", "part", "x", "y"],
                folder.Parts.Select(p => new[] { folder.Images[p.Image].File, p.Part, Text(p.X), Text(p.Y) }));
        if (folder.Relations.Count > 0)
            Csv(folder, "relations.csv", ["class", "relation", "value"],
                folder.Relations.Select(r => new[] { folder.Classes[r.Class].Name, r.Relation, r.Value }));
        foreach (var (name, semantics) in folder.OtherSemantics)
            WriteVectors(folder, $"semantics/{name}.csv", "class", semantics.ClassNames, Numbered(semantics.Attributes), semantics.Values);
    }

    private static void WriteVectors(
        DatasetFolder folder, string file, string key, IReadOnlyList<string> names, IReadOnlyList<string> columns, float[,] values) =>
        Csv(folder, file, [key, .. columns], names.Select((name, row) =>
            Enumerable.Range(0, columns.Count).Select(column => Text(values[row, column])).Prepend(name).ToArray()));

    private static void Csv(DatasetFolder folder, string file, string[] header, IEnumerable<string[]> rows) =>
        WriteCsv(Path.Combine(folder.Path, file), header, rows);

    private static string Settings(DatasetFolder folder) => new SerializerBuilder().WithQuotingNecessaryStrings().Build().Serialize(
        new OrderedDictionary<string, object>
        {
            ["name"] = folder.Name,
            ["description"] = folder.Description,
            ["licence"] = folder.Licence,
            ["source"] = folder.Source,
            ["images"] = ImagesPath(folder),
            ["attributes"] = new OrderedDictionary<string, object>
            {
                ["scale"] = ScaleName(folder.ClassAttributes.Scale),
                ["negative"] = folder.Negative == NegativeAttributes.Clamp ? "clamp" : "keep",
            },
        });

    /// <summary>Relative inside the folder, so that it can be moved; absolute elsewhere.</summary>
    private static string ImagesPath(DatasetFolder folder)
    {
        var relative = Path.GetRelativePath(folder.Path, folder.ImagesPath).Replace(Path.DirectorySeparatorChar, '/');
        return relative.StartsWith("..", StringComparison.Ordinal) ? Path.GetFullPath(folder.ImagesPath) : relative;
    }

    private static string[] Numbered(int width) => [.. Enumerable.Range(0, width).Select(i =>
        string.Create(CultureInfo.InvariantCulture, $"v{i}"))];

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static string ScaleName(AttributeScale scale) => scale switch
    {
        AttributeScale.Unit => "unit",
        AttributeScale.Percent => "percent",
        _ => "raw",
    };

    private static string SplitName(ImageSplit split) => split switch
    {
        ImageSplit.Trainval => "trainval",
        ImageSplit.TestSeen => "test_seen",
        _ => "test_unseen",
    };
}
