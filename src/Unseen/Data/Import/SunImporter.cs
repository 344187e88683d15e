using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the official layout of the SUN attribute database (Patterson and Hays 2012): images.mat and attributes.mat,
/// with the Proposed Split. att_splits.mat counts the images in the ordinal order of their names; the class of "a/airport/terminal/x.jpg"
/// is "airport_terminal".
/// </summary>
public static class SunImporter
{
    /// <summary>Imports the dataset.</summary>
    /// <param name="options">Folders to read and write.</param>
    /// <param name="progress">Not used: nothing is copied.</param>
    /// <param name="cancellation">Stops before the dataset is written.</param>
    /// <exception cref="DatasetFormatException">A file is missing or damaged, or pictures and split do not fit.</exception>
    public static ImportResult Import(LayoutImportOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default) =>
        BenchmarkImport.Run(options, splits => Read(options, splits), progress, cancellation);

    internal static BenchmarkLayout Read(LayoutImportOptions options, Xlsa17Splits splits)
    {
        var images = Mat5File.Read(LayoutFiles.Find(options.Root, "images.mat", "", "SUNAttributeDB"));
        string[] files = [.. images.Texts("images").Select(name => name.TrimStart('/')).Order(StringComparer.Ordinal)];
        LayoutFiles.CheckInside(images.Path, files);
        var classes = BenchmarkImport.Classes(options, splits);
        return new()
        {
            Name = "SUN",
            Description = "SUN attribute database, whole pictures",
            Licence = "see the terms of the SUN database",
            Source = "Patterson and Hays 2012",
            Pictures = LayoutFiles.Folder(options.ImagesFolder, options.Root, "images", "SUNAttributeDB_Images", "SUNAttributeDB/images"),
            Files = files,
            Labels = LayoutFiles.Labels(images.Path, [.. files.Select(file => ClassOf(images.Path, file))], classes),
            Classes = classes,
            Attributes = Attributes(options.Root, splits.Values.GetLength(1)),
        };
    }

    /// <summary>The folders of a file without the first, which is only the letter, joined by underscores.</summary>
    private static string ClassOf(string path, string file) => file.Split('/') is { Length: > 2 } parts
        ? string.Join('_', parts[1..^1])
        : throw new DatasetFormatException(path, $"image '{file}' must stand below a letter and a scene, for example a/abbey/x.jpg.");

    private static AttributeEntry[] Attributes(string root, int count)
    {
        var file = Mat5File.Read(LayoutFiles.Find(root, "attributes.mat", "", "SUNAttributeDB"));
        var names = file.Texts("attributes");
        return names.Length == count ? [.. names.Select(name => ClassAttributes.Entry(name.Trim()))]
            : throw new DatasetFormatException(file.Path, $"expected {count} attribute names, found {names.Length}.");
    }
}
