using Unseen.Cli;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class TextTableTests
{
    [Fact]
    public void Columns_are_aligned_and_lines_have_no_space_at_the_end()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var table = new TextTable("a", "bb");
        table.Add("long", "1");
        table.Add("x", "");
        table.Add("\u001b[2J", "1\n2");
        table.Write(writer);
        Assert.Equal("a     bb\n----  ---\nlong  1\nx\n?[2J  1?2\n", writer.ToString());
    }
}
