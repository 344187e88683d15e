using System.Text.RegularExpressions;
using Unseen.Experiments;
using Unseen.Models.Cvsc;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Models.Msdn;
using Xunit;

namespace Unseen.Tests.Docs;

/// <summary>The pages about methods name the methods, presets and options that exist, and no others.</summary>
public sealed class MethodsPageTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/reference/methods.md")]
    public void The_table_has_a_row_per_method(string path)
    {
        var rows = Regex.Matches(MarkdownPages.Page(path).Prose, @"^\| `([a-z-]+)` \|", RegexOptions.Multiline).Select(m => m.Groups[1].Value);
        Assert.Equal(MethodCatalog.All.Select(m => m.Id).Order(), rows.Order());
    }

    [Fact]
    public void Every_preset_is_named()
    {
        var page = MarkdownPages.Page("docs/reference/methods.md").Prose;
        Assert.All(MethodCatalog.All.SelectMany(m => m.Presets), p => Assert.Contains($"`{p.Name}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/explanation/cvsc.md", typeof(CvscOptions))]
    [InlineData("docs/explanation/mutual-attention.md", typeof(DazleOptions))]
    [InlineData("docs/explanation/mutual-attention.md", typeof(MsdnOptions))]
    [InlineData("docs/explanation/mutual-attention.md", typeof(MsdnPlusPlusOptions))]
    [InlineData("docs/explanation/generative.md", typeof(MlisOptions))]
    [InlineData("docs/explanation/generative.md", typeof(CeGzslOptions))]
    [InlineData("docs/explanation/generative.md", typeof(FClswganOptions))]
    public void The_page_of_a_method_tells_every_option(string path, Type options)
    {
        var page = MarkdownPages.Page(path).Prose;
        Assert.All(options.GetProperties().Where(p => p.CanWrite),
            p => Assert.Contains($"`{char.ToLowerInvariant(p.Name[0])}{p.Name[1..]}`", page, StringComparison.Ordinal));
    }
}
