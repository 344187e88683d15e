using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Two_writers_of_one_file_do_not_meet()
    {
        var path = folder.File("file.txt");
        AtomicFile.Write(path, outer =>
        {
            AtomicFile.WriteText(path, "inner");
            Assert.Equal("inner", File.ReadAllText(path));
            outer.Write("outer"u8);
        });
        Assert.Equal("outer", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_write_that_fails_removes_its_own_file_only()
    {
        var path = folder.File("file.txt", "before");
        var other = folder.File("file.txt.1.tmp", "of another");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("before", File.ReadAllText(path));
        Assert.Equal([path, other], Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_file_that_is_there_keeps_its_permissions()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such permissions.");
            return;
        }
        var path = folder.File("file.txt", "before");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        File.SetUnixFileMode(path, Mode);
        AtomicFile.WriteText(path, "after");
        Assert.Equal((Mode, "after"), (File.GetUnixFileMode(path), File.ReadAllText(path)));
    }

    [Fact]
    public void A_link_stays_and_the_file_it_leads_to_is_written()
    {
        var (target, link) = (folder.File("target.txt", "before"), folder.File("link.txt"));
        var dangling = folder.File("dangling.txt");
        File.CreateSymbolicLink(link, target);
        File.CreateSymbolicLink(dangling, folder.File("new.txt"));
        AtomicFile.WriteText(link, "after");
        AtomicFile.WriteText(dangling, "new");
        Assert.Equal((target, "after", "new"), (new FileInfo(link).LinkTarget, File.ReadAllText(target), File.ReadAllText(folder.File("new.txt"))));
        Assert.NotNull(new FileInfo(dangling).LinkTarget);
    }

    [Fact]
    public void A_limit_on_the_size_of_files_is_named_with_its_cause()
    {
        var cause = new ArgumentOutOfRangeException("value");
        var error = Assert.Throws<IOException>(() => AtomicFile.Write(folder.File("large"), _ => throw cause));
        Assert.Equal(($"{folder.File("large")}: the file would be larger than the system allows.", 27, cause), (error.Message, error.HResult, error.InnerException));
    }

    public void Dispose() => folder.Dispose();
}
