using System.Globalization;
using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>
/// Makes a dataset folder from the official layout of Oxford Flowers 102 (Nilsback and Zisserman 2008): imagelabels.mat, setid.mat and
/// jpg/image_00001.jpg, with the Proposed Split, whose image numbers are those of the file names. setid.mat is the split of the dataset's
/// own task: it only checks that the files belong together. Class semantics are the sentence embeddings of att_splits.mat.
/// </summary>
public static class FlowersImporter
{
    private static readonly string[] OfficialLists = ["trnid", "valid", "tstid"];

    /// <summary>Imports the dataset.</summary>
    /// <param name="options">Folders to read and write.</param>
    /// <param name="progress">Not used: nothing is copied.</param>
    /// <param name="cancellation">Stops before the dataset is written.</param>
    /// <exception cref="DatasetFormatException">A file is missing or damaged, or the files do not fit each other.</exception>
    public static ImportResult Import(LayoutImportOptions options, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default) =>
        BenchmarkImport.Run(options, splits => Read(options, splits), progress, cancellation);

    internal static BenchmarkLayout Read(LayoutImportOptions options, Xlsa17Splits splits)
    {
        var file = Mat5File.Read(LayoutFiles.Find(options.Root, "imagelabels.mat", ""));
        var labels = file.Integers("labels", 1, splits.Classes);
        CheckOfficialSplit(LayoutFiles.Find(options.Root, "setid.mat", ""), labels.Length);
        return new()
        {
            Name = "FLO",
            Description = "Oxford Flowers 102, whole pictures; class semantics are sentence embeddings",
            Licence = "see the terms of the Oxford Flowers 102 dataset",
            Source = "Nilsback and Zisserman 2008",
            Pictures = LayoutFiles.Folder(options.ImagesFolder, options.Root, "jpg", "images"),
            Files = [.. Enumerable.Range(1, labels.Length).Select(i => string.Create(CultureInfo.InvariantCulture, $"image_{i:D5}.jpg"))],
            Labels = Array.ConvertAll(labels, label => label - 1),
            Classes = BenchmarkImport.Classes(options, splits),
            Attributes = ClassAttributes.Entries(null, splits.Values.GetLength(1)),
        };
    }

    /// <summary>The three lists of setid.mat must name every image once.</summary>
    private static void CheckOfficialSplit(string path, int images)
    {
        var file = Mat5File.Read(path);
        var listed = OfficialLists.SelectMany(name => file.Integers(name, 1, images)).ToList();
        if (listed.Count != images || listed.Distinct().Count() != images)
            throw new DatasetFormatException(path, $"trnid, valid and tstid must name each of the {images} images of imagelabels.mat " +
                $"once; they name {listed.Distinct().Count()} different ones in {listed.Count} entries. Do the files belong together?");
    }
}
