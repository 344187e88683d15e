namespace Unseen;

/// <summary>Writes files so that a kill or a full disk leaves either the old file or the new one, never half of it.</summary>
public static class AtomicFile
{
    private const int FileTooLarge = 27;        // EFBIG

    /// <summary>End of the names of files that are being written, or that a kill has left: those of PATH begin with PATH and a dot.</summary>
    internal const string TemporaryExtension = ".tmp";

    /// <summary>
    /// Writes <paramref name="path"/> through a temporary file in the same folder, flushed to disk before the rename. A file that is there keeps who may
    /// read and write it; of a link, the file it leads to is written.
    /// </summary>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Target(Path.GetFullPath(path));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        // Nobody else has this name: neither another thread nor a process with the same number in another container.
        var temporary = $"{full}.{Path.GetRandomFileName()}{TemporaryExtension}";
        var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        try
        {
            using (stream)
            {
                if (!OperatingSystem.IsWindows() && File.Exists(full)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(full)); // before there is anything to read
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            // The runtime reports a limit on the size of files as a wrong argument.
            if (e is ArgumentOutOfRangeException { ParamName: "value" })
                throw new IOException($"{full}: the file would be larger than the system allows.", e) { HResult = FileTooLarge };
            throw;
        }
    }

    /// <summary>Where a link leads: the file there is replaced, not the link.</summary>
    private static string Target(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;

    /// <summary>Writes text as UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
