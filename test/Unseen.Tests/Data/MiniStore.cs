using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Features;

namespace Unseen.Tests.Data;

/// <summary>Writes small feature stores.</summary>
public static class MiniStore
{
    /// <summary>Writes a store; rows are given by file name and may come in any order.</summary>
    /// <param name="path">File.</param>
    /// <param name="rows">Raw features [regions, visual] by picture.</param>
    /// <param name="grid">Grid, or null for global features.</param>
    /// <param name="backbone">Model file of the backbone; need not exist.</param>
    /// <param name="byteLength">Bytes of a picture; not known by default.</param>
    public static string Write(string path, IReadOnlyDictionary<string, float[]> rows, FeatureGrid? grid,
        string backbone = "/nowhere/tiny.onnx", Func<string, long>? byteLength = null)
    {
        var names = rows.Keys.Order(StringComparer.Ordinal).ToArray();
        var metadata = new FeatureMetadata
        {
            Backbone = new BackboneDescription
            {
                Name = "tiny",
                Path = backbone,
                Sha256 = "0123",
                Layer = "maps",
                Preprocessing = new PreprocessingOptions(),
                Grid = grid,
                Visual = rows[names[0]].Length / (grid?.Regions ?? 1),
            },
            Names = names,
            ByteLengths = [.. names.Select(byteLength ?? (_ => 0L))],
        };
        using var writer = FeatureStoreWriter.Create(path, metadata, SafetensorsType.F32);
        foreach (var (row, name) in names.Index()) writer.Write(row, rows[name]);
        writer.Complete();
        return path;
    }

    /// <summary>Features from which classes can be told: each region shows some attributes of the class through a random matrix, plus
    /// noise.</summary>
    public static string Learnable(string path, string dataset, FeatureGrid grid, int visual = 12, int seed = 1)
    {
        var random = new Random(seed);
        var folder = DatasetReader.Open(dataset);
        var attributes = folder.ClassAttributes.Attributes;
        var map = Enumerable.Range(0, attributes).Select(_ => Draw(random, visual)).ToArray();
        var rows = new Dictionary<string, float[]>();
        foreach (var image in folder.Images)
            rows[image.File] = [.. Enumerable.Range(0, grid.Regions).SelectMany(region => Enumerable.Range(0, visual).Select(d =>
                Enumerable.Range(0, attributes).Where(a => a % grid.Regions == region)
                    .Sum(a => folder.ClassAttributes.Values[image.Class, a] * map[a][d]) + 0.1f * (random.NextSingle() - 0.5f)))];
        return Write(path, rows, grid, byteLength: name => new FileInfo(Path.Combine(folder.ImagesPath, name)).Length);
    }

    private static float[] Draw(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
}
