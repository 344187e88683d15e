namespace Unseen.Data.Formats;

/// <summary>Turns the many exceptions of the file system and of parsers into the one a user can read.</summary>
internal static class FileErrors
{
    /// <summary>True when there is such a file; one that cannot be reached is not taken for missing.</summary>
    /// <exception cref="UnauthorizedAccessException">A folder on the way to it may not be entered.</exception>
    internal static bool Exists(string path)
    {
        try { return !File.GetAttributes(path).HasFlag(FileAttributes.Directory); }
        catch (IOException) { return false; }
    }

    /// <summary>Runs a reader; missing and unreadable files become <see cref="DatasetFormatException"/>.</summary>
    internal static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DatasetFormatException(path, "the file does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetFormatException(path, $"the file cannot be read: {e.Message}", e);
        }
    }
}
