namespace Unseen.Features;

/// <summary>A picture to extract features of.</summary>
/// <param name="Name">Name in the store: the file relative to the images folder, with forward slashes.</param>
/// <param name="Path">Full path of the file.</param>
public sealed record ImageSource(string Name, string Path)
{
    /// <summary>Bytes of the file now, or null when the file does not exist. A link has the length of the file that it leads to.</summary>
    public long? ByteLength => new FileInfo(Path) is { Exists: true } file ? LengthOf(file) : null;

    /// <summary>All pictures of a dataset folder, without repetition, in the ordinal order of a feature store.</summary>
    public static IReadOnlyList<ImageSource> Of(Data.DatasetFolder dataset) =>
        Order(dataset.Images.Select(i => new ImageSource(i.File, dataset.ImagePath(i))));

    /// <summary>Pictures without repetition of names, in ordinal order.</summary>
    public static IReadOnlyList<ImageSource> Order(IEnumerable<ImageSource> images) =>
        [.. images.DistinctBy(i => i.Name, StringComparer.Ordinal).OrderBy(i => i.Name, StringComparer.Ordinal)];

    private static long? LengthOf(FileInfo file)
    {
        if (!file.Attributes.HasFlag(FileAttributes.ReparsePoint)) return file.Length;
        try
        {
            using var target = File.OpenHandle(file.FullName);          // of a link, FileInfo.Length is that of its own text
            return RandomAccess.GetLength(target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
