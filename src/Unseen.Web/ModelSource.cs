using System.Text.RegularExpressions;

namespace Unseen.Web;

/// <summary>A model to serve.</summary>
/// <param name="Name">Name by which requests ask for it.</param>
/// <param name="Path">Run folder or its model folder.</param>
public sealed partial record ModelSource(string Name, string Path)
{
    /// <summary>Reads "NAME=RUN" or "RUN", whose name is that of the folder.</summary>
    /// <exception cref="ConfigurationException">The name has other characters than letters, digits, dot, dash and underscore.</exception>
    public static ModelSource Parse(string text)
    {
        var at = Directory.Exists(text) ? -1 : text.IndexOf('=', StringComparison.Ordinal);
        var source = at < 0 ? new ModelSource(FolderName(text), text) : new(text[..at], text[(at + 1)..]);
        return Names().IsMatch(source.Name)
            ? source
            : throw new ConfigurationException([$"A model's name has 1 to 64 letters, digits, dots, dashes or underscores, found '{source.Name}'. "
                + "Give it one: NAME=RUN."]);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    /// <summary>The run's folder also when its model folder was given; a model folder at the root, such as a container mounts, is its own.</summary>
    private static string FolderName(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        var name = System.IO.Path.GetFileName(full);
        return name == "model" && System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(full)) is { Length: > 0 } run ? run : name;
    }
}
