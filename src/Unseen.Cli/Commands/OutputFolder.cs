namespace Unseen.Cli.Commands;

/// <summary>Guards what is already there.</summary>
internal static class OutputFolder
{
    /// <summary>The folder to write into; one that holds anything is refused without --force.</summary>
    public static string Require(string path, bool force)
    {
        if (File.Exists(path)) throw new ConfigurationException([$"--out {path} is a file. Name a folder."]);
        if (!force && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new ConfigurationException([$"--out {path} is not empty. Choose another folder, or replace what is there with --force."]);
        return path;
    }
}
