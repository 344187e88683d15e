using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ImageFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ImageFilesTests()
    {
        foreach (var file in new[] { "b.jpg", "a.PNG", "notes.txt", "in/c.webp", "in/deep/d.jpeg", "in/e.jpg" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(file))!);
            File.WriteAllText(At(file), "");
        }
    }

    [Theory]
    [InlineData("", "a.PNG b.jpg in/c.webp in/deep/d.jpeg in/e.jpg")]
    [InlineData("*", "a.PNG b.jpg")]
    [InlineData("*/*.jpg", "in/e.jpg")]
    [InlineData("**/*.jp*g", "b.jpg in/deep/d.jpeg in/e.jpg")]
    [InlineData("**", "a.PNG b.jpg in/c.webp in/deep/d.jpeg in/e.jpg")]
    [InlineData("in/**", "in/c.webp in/deep/d.jpeg in/e.jpg")]
    [InlineData("**.jpg", "b.jpg in/e.jpg")]
    [InlineData("?.jpg", "b.jpg")]
    [InlineData("in/**/d.*", "in/deep/d.jpeg")]
    [InlineData("notes.txt", "notes.txt")]
    [InlineData("missing.jpg", "missing.jpg")]
    public void Folders_and_patterns_give_their_pictures_in_order(string argument, string expected) =>
        Assert.Equal(expected, string.Join(' ', ImageFiles.Expand([At(argument)], () => []).Files.Select(f => Path.GetRelativePath(folder.Root, f))));

    [Fact]
    public void A_dash_stands_for_a_list_and_keeps_its_place()
    {
        using var lines = new StringReader("\uFEFFx y.jpg\n\nz.jpg\n");
        Assert.Equal([At("b.jpg"), "x y.jpg", "z.jpg", At("notes.txt")],
            ImageFiles.Expand([At("b.jpg"), "-", At("notes.txt")], () => StandardInput.Lines(lines, TestContext.Current.CancellationToken)).Files);
    }

    [Fact]
    public void A_folder_that_may_not_be_read_is_named_and_the_others_stay()
    {
        if (OperatingSystem.IsWindows()) return;
        if (Environment.IsPrivilegedProcess) Assert.Skip("Root may read every folder.");
        File.SetUnixFileMode(At("in/deep"), UnixFileMode.None);
        var (files, problems, _) = ImageFiles.Expand([folder.Root, At("in/deep")], () => []);
        File.SetUnixFileMode(At("in/deep"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(4, files.Count());
        Assert.Equal(2, problems.Count);
        Assert.All(problems, p => Assert.StartsWith($"{At("in/deep")}: the folder cannot be read: ", p, StringComparison.Ordinal));
    }

    [Fact]
    public void A_circle_of_links_has_an_end()
    {
        Directory.CreateSymbolicLink(At("in/round"), folder.Root);
        Assert.Equal(5, ImageFiles.Expand([folder.Root], () => []).Files.Count());
    }

    [Fact]
    public void Folders_and_patterns_without_a_picture_are_named_and_the_others_stay()
    {
        Directory.CreateDirectory(At("empty"));
        var (files, problems, notes) = ImageFiles.Expand([At("empty"), At("b.jpg"), At("*.gif"), "-"], () => ["z.jpg"]);
        Assert.Empty(notes);
        Assert.Equal([At("b.jpg"), "z.jpg"], files);
        Assert.Equal(
            [
                $"{At("empty")}: the folder has no picture (.jpg, .jpeg, .jpe, .jfif, .png, .webp, .gif, .bmp).",
                $"{At("*.gif")}: no picture matches this pattern (.jpg, .jpeg, .jpe, .jfif, .png, .webp, .gif, .bmp).",
            ],
            problems);
    }

    [Fact]
    public void What_is_no_picture_by_its_name_is_noted_and_hidden_files_are_not()
    {
        foreach (var file in new[] { "f.HEIC", "g.jfif", "in/h.tif", "in/README", ".DS_Store" }) File.WriteAllText(At(file), "");
        var (files, problems, notes) = ImageFiles.Expand([folder.Root, At("in/*")], () => []);
        Assert.Contains(At("g.jfif"), files);
        Assert.Empty(problems);
        Assert.Equal(
            [
                $"{folder.Root}: 4 files (no ending, .heic, .tif, .txt) left out: no pictures by their names.",
                $"{At("in/*")}: 2 files (no ending, .tif) left out: no pictures by their names.",
            ],
            notes);
    }

    public void Dispose() => folder.Dispose();

    private string At(string name) => name.Length == 0 ? folder.Root : Path.Combine(folder.Root, name);
}
