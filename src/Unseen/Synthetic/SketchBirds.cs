using SkiaSharp;
using Unseen.Data;
using Unseen.Data.Import;

namespace Unseen.Synthetic;

/// <summary>
/// The built-in dataset: invented birds, drawn. It needs no download, its attributes are exactly known, and so are the places of the
/// parts, so that
/// attention can be scored against the truth.
/// </summary>
public static class SketchBirds
{
    /// <summary>Noise does not compress: more effort than this costs time and saves nothing.</summary>
    private static readonly SKPngEncoderOptions Png = new(SKPngEncoderFilterFlags.Sub, 2);

    /// <summary>Draws every picture and writes a complete dataset folder.</summary>
    /// <param name="options">What to draw.</param>
    /// <param name="folder">Folder to write; files of the same names are replaced.</param>
    /// <param name="progress">Receives one update per batch of pictures (phase "render").</param>
    /// <param name="cancellation">Stops between pictures; the folder is then no dataset yet, because dataset.yaml is written last.</param>
    /// <returns>What the folder says.</returns>
    /// <exception cref="ConfigurationException">Options are out of range.</exception>
    public static DatasetFolder Render(
        SketchBirdsOptions options, string folder, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options.Validate();
        var world = new SketchWorld(options);
        var path = Path.GetFullPath(folder);
        File.Delete(Path.Combine(Directory.CreateDirectory(path).FullName, "dataset.yaml"));
        var parts = DrawAll(world, Path.Combine(path, "images"), progress, cancellation);
        var described = world.Describe(path, parts);
        DatasetFolderWriter.Write(described, force: true);
        return described;
    }

    /// <summary>What every single bird has, whatever its species usually has: the truth behind the class vectors.</summary>
    /// <param name="options">The options the dataset was rendered with.</param>
    /// <returns>0 or 1 [images, attributes], rows as in images.csv, columns as in attributes.csv. A bird has an attribute also where a
    /// leaf hides it.</returns>
    /// <exception cref="ConfigurationException">Options are out of range.</exception>
    public static float[,] IndividualAttributes(SketchBirdsOptions options)
    {
        options.Validate();
        var world = new SketchWorld(options);
        var truth = new float[world.Pictures.Length, SketchAttributes.Table.Count];
        for (var i = 0; i < world.Pictures.Length; i++)
        {
            var (species, image) = world.Pictures[i];
            var bird = SketchRenderer.Individual(world.Species[species], species, image, options);
            for (var g = 0; g < bird.Values.Length; g++)
                truth[i, SketchAttributes.Column(g, bird.Values[g])] = 1;
        }
        return truth;
    }

    private static List<PartEntry> DrawAll(
        SketchWorld world, string images, IProgress<ProgressUpdate>? progress, CancellationToken cancellation)
    {
        foreach (var species in world.Images.Select(i => Path.GetDirectoryName(i.File)!).Distinct())
            Directory.CreateDirectory(Path.Combine(images, species));
        var parts = new IReadOnlyList<VisiblePart>[world.Images.Length];
        var done = 0;
        Parallel.For(0, parts.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var (species, image) = world.Pictures[i];
            parts[i] = DrawOne(world, species, image, Path.Combine(images, world.Images[i].File));
            if (Interlocked.Increment(ref done) is var count && (count % 32 == 0 || count == parts.Length))
                progress?.Report(new("render", count, parts.Length, "images"));
        });
        return [.. parts.SelectMany((visible, i) => visible.Select(p => Entry(i, p)))];
    }

    /// <summary>Plain writing: flushing thousands of small files to disk one by one would take longer than drawing them.</summary>
    private static IReadOnlyList<VisiblePart> DrawOne(SketchWorld world, int species, int image, string file)
    {
        using var picture = SketchRenderer.Draw(world.Species[species], species, image, world.Options);
        using var stream = File.Create(file);
        using var pixels = picture.Bitmap.PeekPixels();
        if (!pixels.Encode(stream, Png))
            throw new UnseenException($"{file}: the picture could not be written as PNG. Is the disk full?");
        return picture.Parts;
    }

    private static PartEntry Entry(int image, VisiblePart part) =>
        new(image, SketchAttributes.PartName(part.Part), MathF.Round(part.X, 4), MathF.Round(part.Y, 4));
}
