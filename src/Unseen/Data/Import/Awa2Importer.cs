namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the official layout of Animals with Attributes 2 (Xian et al. 2018): JPEGImages/CLASS/*.jpg and
/// predicates.txt, with the Proposed Split. There is no list of images: att_splits.mat counts the files in ordinal order, so the folder
/// must hold exactly the pictures of the publication.
/// </summary>
public static class Awa2Importer
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
        var predicates = LayoutFiles.Find(options.Root, "predicates.txt", "", "Animals_with_Attributes2");
        var pictures = LayoutFiles.Folder(options.ImagesFolder, options.Root, "JPEGImages", "Animals_with_Attributes2/JPEGImages");
        var files = Pictures(pictures);
        if (files.Length != splits.MinimumImages)
            throw new DatasetFormatException(pictures, $"found {files.Length} pictures, but {Path.GetFileName(splits.Path)} counts " +
                $"{splits.MinimumImages}. Pictures are counted in the order of their names, so none may be missing or added. For an " +
                "incomplete folder use the layout xlsa17 with an image list.");
        var classes = BenchmarkImport.Classes(options, splits);
        return new()
        {
            Name = "AWA2",
            Description = "Animals with Attributes 2, whole pictures",
            Licence = "see the licences folder of the dataset: one per picture",
            Source = "Xian et al. 2018, Animals with Attributes 2",
            Pictures = pictures,
            Files = files,
            Labels = LayoutFiles.Labels(pictures, [.. files.Select(file => file.Split('/')[0])], classes),
            Classes = classes,
            Attributes = ClassAttributes.Entries(predicates, splits.Values.GetLength(1)),
        };
    }

    /// <summary>CLASS/NAME.jpg of every picture, in ordinal order.</summary>
    private static string[] Pictures(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
