using System.Globalization;
using SkiaSharp;

namespace Unseen.Tests.Data;

/// <summary>
/// Writes a tiny valid dataset folder: unit attributes, pictures that show them as grey stripes (JPEG and PNG in turn), two validation
/// columns, word vectors and parts. Seen classes are "seen-00", ...; unseen ones "unseen-00", ... The last fifth of a
/// seen class is test_seen.
/// </summary>
public static class MiniDataset
{
    public const int ImageSize = 32;
    public const int WordVectorWidth = 6;

    /// <summary>Writes the dataset and returns its folder.</summary>
    public static string Create(string folder, int seen = 6, int unseen = 2, int attributes = 8, int imagesPerClass = 5, int seed = 1)
    {
        var random = new Random(seed);
        var classes = Enumerable.Range(0, seen + unseen)
            .Select(c => (Name: c < seen ? $"seen-{c:00}" : $"unseen-{c - seen:00}", Seen: c < seen)).ToArray();
        var values = classes.Select(_ => Enumerable.Range(0, attributes).Select(_ => MathF.Round(random.NextSingle(), 3)).ToArray())
            .ToArray();
        var images = classes.SelectMany((c, id) => Enumerable.Range(0, imagesPerClass)
            .Select(i => (Class: id, File: $"{c.Name}/{i:000}.{(i % 2 == 0 ? "jpg" : "png")}", Split:
            !c.Seen ? "test_unseen" : i < imagesPerClass - Math.Max(1, imagesPerClass / 5) ? "trainval" : "test_seen"))).ToArray();
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "dataset.yaml"),
            "name: Mini\nimages: images\nattributes:\n  scale: unit\n  negative: clamp\n");
        Write(folder, "classes.csv", ["class", "split", "validation", "validation2"], classes.Select((c, id) => new[]
        {
            c.Name, c.Seen ? "seen" : "unseen", Text(c.Seen && id % 3 == 0), Text(c.Seen && id % 3 == 1),
        }));
        var names = Enumerable.Range(0, attributes).Select(a => $"has_{(a % 2 == 0 ? "wing" : "head")}_tone::{a}").ToArray();
        Write(folder, "attributes.csv", ["attribute", "group", "phrase", "parts"], names.Select((n, a) => new[]
        {
            n, a % 2 == 0 ? "wing tone" : "head tone", $"tone {a} of the {(a % 2 == 0 ? "wing" : "head")}", a == attributes - 1 ? ""
                : a % 2 == 0 ? "left|right" : "top",
        }));
        Write(folder, "class_attributes.csv", ["class", .. names],
            classes.Select((c, id) => (string[])[c.Name, .. values[id].Select(Text)]));
        Write(folder, "images.csv", ["file", "class", "split"], images.Select(i => new[] { i.File, classes[i.Class].Name, i.Split }));
        Write(folder, "word_vectors.csv", ["attribute", .. Enumerable.Range(0, WordVectorWidth).Select(i => $"v{i}")], names.Select(n =>
            (string[])[n, .. Enumerable.Range(0, WordVectorWidth).Select(_ => Text(random.NextSingle() - 0.5f))]));
        Write(folder, "parts.csv", ["file", "part", "x", "y"], images.SelectMany(i => new[]
        {
            new[] { i.File, "left", "0.25", "0.5" }, [i.File, "right", "0.75", "0.5"], [i.File, "top", "0.5", "0.1"],
        }));
        foreach (var image in images) Draw(Path.Combine(folder, "images", image.File), values[image.Class], random);
        return folder;
    }

    /// <summary>Writes a CSV file, quoting every cell that needs it.</summary>
    public static void Write(string folder, string file, string[] columns, IEnumerable<string[]> rows) =>
        File.WriteAllText(Path.Combine(folder, file),
            string.Concat(rows.Prepend(columns).Select(r => string.Join(',', r.Select(Quoted)) + "\n")));

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\" \t") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Draw(string path, float[] attributes, Random random)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(ImageSize, ImageSize, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var y = 0; y < ImageSize; y++)
            for (var x = 0; x < ImageSize; x++)
            {
                var level = (byte)Math.Clamp((int)(attributes[x * attributes.Length / ImageSize] * 230) + random.Next(25), 0, 255);
                bitmap.SetPixel(x, y, new SKColor(level, level, level));
            }
        using var data = bitmap.Encode(path.EndsWith(".png", StringComparison.Ordinal) ? SKEncodedImageFormat.Png
            : SKEncodedImageFormat.Jpeg, 95);
        using var stream = File.Create(path);
        data.SaveTo(stream);
    }
}
