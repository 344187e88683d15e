using Unseen.Cli;
using Unseen.Experiments;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ClassesCommandTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public void Numbers_and_nouns_agree_and_a_replaced_class_keeps_its_values()
    {
        var model = run.Copy(run.Model("ridge"));
        var csv = run.FileOf("one.csv");
        File.WriteAllText(csv, $"class,{Names(model)[0]}\nseen-04,0.25\n");
        Assert.Equal("Would have imported 'seen-04' (seen): 1 attribute given, 5 kept.\n", Run(model, "import", csv, "--replace", "--dry-run").Output);
        Assert.StartsWith("Would have imported 'seen-04' (seen): 1 attribute given, 5 from seen-02.\n", Run(model, "import", csv, "--replace", "--dry-run", "--like", "seen-02").Output,
            StringComparison.Ordinal);
        Run(model, "import", csv, "--replace");
        Assert.EndsWith("12 classes, 3 of them unseen; method ridge, 1 change since training.\n", Run(model, "list").Output, StringComparison.Ordinal);
        Assert.Equal(["0 images", "1 image", "2 images", "1 class", "2 classes"], [CommandText.Of(0, "image"), CommandText.Of(1, "image"), CommandText.Of(2, "image"),
            CommandText.Of(1, "class", "classes"), CommandText.Of(2, "class", "classes")]);
    }

    [Fact]
    public void The_only_class_has_none_that_is_most_similar()
    {
        var model = run.Copy(run.Model("ridge"));
        Assert.Contains("most similar: ", Run(model, "show", "seen-00").Output, StringComparison.Ordinal);
        Run(model, "remove", ModelFolder.ReadRecord(model).Classes.Skip(1).Select(c => c.Name));
        Assert.DoesNotContain("most similar", Run(model, "show", "seen-00").Output, StringComparison.Ordinal);
        Assert.EndsWith("1 class, 0 of them unseen; method ridge, 11 changes since training.\n", Run(model, "list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_written_in_another_way_is_suggested()
    {
        var refused = CliRun.Of("classes", run.Model("ridge"), "show", "7. Seen 03");
        Assert.StartsWith("Unknown class '7. Seen 03'. Did you mean 'seen-03'?", refused.Error, StringComparison.Ordinal);
    }

    private static CliRun Run(string model, string command, params IEnumerable<string> arguments)
    {
        var run = CliRun.Of(["classes", model, command, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static List<string> Names(string model) => [.. ModelFolder.ReadRecord(model).Attributes.Select(a => a.Name)];
}
