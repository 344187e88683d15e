using System.IO.Compression;

namespace Unseen.Data.Formats;

/// <summary>Reads and writes npz files: zip archives of npy arrays.</summary>
public static class Npz
{
    /// <summary>What <see cref="Read"/> may allocate beyond the size of the file, unless told otherwise: 2 GiB.</summary>
    public const long DefaultMaximumBytes = 2L << 30;

    /// <summary>Earliest time a zip archive can hold: stored for every entry, so that equal arrays give equal files.</summary>
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads all arrays by name, without ".npy".</summary>
    /// <param name="path">File to read.</param>
    /// <param name="maximumBytes">What may be allocated beyond the size of the file; compressed data that grows larger is refused.</param>
    /// <exception cref="DatasetFormatException">The file is missing, damaged, or holds something else than npy arrays.</exception>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path, long maximumBytes = DefaultMaximumBytes) =>
        FileErrors.Guard(path, () =>
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return ReadEntries(path, stream, stream.Length + maximumBytes);
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new DatasetFormatException(path, $"not a valid npz (zip) file: {e.Message}", e);
        }
    });

    /// <summary>Writes arrays atomically, ordered by name.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, NpyArray> arrays, bool compress = false) =>
        AtomicFile.Write(path, stream =>
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, array) in arrays.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            var entry = archive.CreateEntry(name + ".npy", compress ? CompressionLevel.Optimal : CompressionLevel.NoCompression);
            entry.LastWriteTime = Epoch;
            using var part = entry.Open();
            Npy.Write(part, array, 1);
        }
    });

    private static Dictionary<string, NpyArray> ReadEntries(string path, Stream stream, long allowance)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var arrays = new Dictionary<string, NpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entry.FullName.EndsWith(".npy", StringComparison.Ordinal))
                throw new DatasetFormatException(path, $"entry '{entry.FullName}' is not an npy array.");
            using var part = entry.Open();
            var array = Npy.Read($"{path}/{entry.FullName}", part, allowance);
            allowance -= array.Data.Length;
            if (!arrays.TryAdd(entry.FullName[..^4], array))
                throw new DatasetFormatException(path, $"entry '{entry.FullName}' appears twice.");
        }
        return arrays;
    }
}
