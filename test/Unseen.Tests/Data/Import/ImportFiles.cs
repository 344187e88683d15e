using Unseen.Data.Formats;
using Unseen.Data.Import;

namespace Unseen.Tests.Data.Import;

/// <summary>Collects what an importer finds.</summary>
public sealed class CollectingSink : IFeatureSink
{
    public IReadOnlyList<string> Files { get; private set; } = [];

    public int Regions { get; private set; } = -1;

    public int Visual { get; private set; } = -1;

    public Dictionary<int, float[]> Rows { get; } = [];

    public void Begin(IReadOnlyList<string> files, int regions, int visual) => (Files, Regions, Visual) = (files, regions, visual);

    public void Write(int image, ReadOnlySpan<float> features) => Rows.Add(image, features.ToArray());
}

/// <summary>Small files in the layouts of the field.</summary>
public static class ImportFiles
{
    /// <summary>Four classes (the last unseen), three attributes, nine images of which the ninth is in no split.</summary>
    public static Dictionary<string, Mat5Value> Splits() => new()
    {
        ["allclasses_names"] = new Mat5Cell(["ant", "bee", "cat", "dog"]),
        ["original_att"] = new Mat5Numbers([3, 4], [0.0, 1, 2, 10, 11, 12, 20, 21, 22, 100, -1, 32]),
        ["att"] = new Mat5Numbers([3, 4], new double[12]),
        ["trainval_loc"] = Mat5Numbers.Column([1, 3, 5]),
        ["test_seen_loc"] = Mat5Numbers.Column([2, 4, 6]),
        ["test_unseen_loc"] = Mat5Numbers.Column([7, 8]),
        ["train_loc"] = Mat5Numbers.Column([1, 2]),
        ["val_loc"] = Mat5Numbers.Column([3, 4, 5]),
    };

    /// <summary>Labels and features [2, 9] that go with <see cref="Splits"/>.</summary>
    public static Dictionary<string, Mat5Value> Features() => new()
    {
        ["labels"] = Mat5Numbers.Column([1, 1, 2, 2, 3, 3, 4, 4, 4]),
        ["features"] = new Mat5Numbers([2, 9], [.. Enumerable.Range(0, 18).Select(i => i / 2.0)]),
        ["image_files"] = new Mat5Cell(Enumerable.Range(1, 9).Select(i => $"/home/someone/data/images/x/{i}.jpg")),
    };

    public static string[] Lines(string folder, string file) => File.ReadAllLines(Path.Combine(folder, file));

    /// <summary>Cells of a CSV without quotes, by row and column name.</summary>
    public static List<Dictionary<string, string>> Table(string folder, string file)
    {
        var lines = Lines(folder, file);
        var header = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => header.Zip(line.Split(',')).ToDictionary(p => p.First, p => p.Second))];
    }
}
