using Unseen.Features;

namespace Unseen.Tests.Features;

/// <summary>The pictures of the Golden folder; generate.py there says how they are made.</summary>
internal static class GoldenPictures
{
    private static readonly string Folder = Path.Combine(RepositoryRoot(), "test", "Unseen.Tests", "Features", "Golden");

    public static string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The red, green and blue bytes, without alpha.</summary>
    public static byte[] Rgb(DecodedImage image) => [.. image.Pixels.ToArray().Where((_, i) => i % 4 != 3)];

    public static byte[] Rgb(string name)
    {
        using var image = ImageDecoder.DecodeFile(PathOf(name));
        return Rgb(image);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Unseen.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the repository.");
        return folder;
    }
}
