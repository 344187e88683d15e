using System.Globalization;
using System.Text;
using Unseen.Data;

namespace Unseen.Synthetic;

/// <summary>Writes the tables of the rendered dataset.</summary>
internal static class SketchBirdsFiles
{
    private static readonly string[] SplitNames = ["trainval", "test_seen", "test_unseen"];

    /// <summary>Writes every table; dataset.yaml comes last, so that an interrupted folder is not a dataset.</summary>
    public static void Write(DatasetFolder folder)
    {
        var (classes, attributes, images) = (folder.Classes, folder.Attributes, folder.Images);
        Table(folder, "classes.csv", ["class", "split", .. folder.ValidationFolds], classes.Select(c =>
            new[] { c.Name, c.Seen ? "seen" : "unseen" }.Concat(c.Validation.Select(v => v ? "true" : "false"))));
        Table(folder, "attributes.csv", ["attribute", "group", "phrase", "parts"],
            attributes.Select(a => new[] { a.Name, a.Group, a.Phrase, string.Join('|', a.Parts) }));
        Table(folder, "class_attributes.csv", ["class", .. attributes.Select(a => a.Name)],
            classes.Select((c, i) => Row(c.Name, folder.ClassAttributes.Values, i)));
        Table(folder, "images.csv", ["file", "class", "split"],
            images.Select(i => new[] { i.File, classes[i.Class].Name, SplitNames[(int)i.Split] }));
        Table(folder, "word_vectors.csv", ["attribute", .. Enumerable.Range(0, folder.WordVectors!.GetLength(1)).Select(d => $"v{d}")],
            attributes.Select((a, i) => Row(a.Name, folder.WordVectors, i)));
        Table(folder, "parts.csv", ["file", "part", "x", "y"],
            folder.Parts.Select(p => new[] { images[p.Image].File, p.Part, Number(p.X), Number(p.Y) }));
        AtomicFile.WriteText(Path.Combine(folder.Path, "dataset.yaml"), Yaml(folder));
    }

    private static IEnumerable<string> Row(string name, float[,] values, int row) =>
        Enumerable.Range(0, values.GetLength(1)).Select(column => Number(values[row, column])).Prepend(name);

    private static string Number(float value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static void Table(DatasetFolder folder, string file, IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        var text = new StringBuilder().AppendJoin(',', header).Append('\n');
        foreach (var row in rows)
            text.AppendJoin(',', row).Append('\n');
        AtomicFile.WriteText(Path.Combine(folder.Path, file), text.ToString());
    }

    private static string Yaml(DatasetFolder folder) => $"""
        name: {folder.Name}
        description: {folder.Description}
        licence: {folder.Licence}
        source: {folder.Source}
        images: images
        attributes:
          scale: unit
          negative: clamp

        """.ReplaceLineEndings("\n");
}
