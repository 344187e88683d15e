using System.Text.Json;
using Unseen.Classification;
using Unseen.Cli;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ExplanationFilesTests(PictureRun run) : IClassFixture<PictureRun>, IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void Many_pictures_are_written_as_they_come_on_several_pages()
    {
        var files = new ExplanationFiles(folder.Root, attributes: 2, perPage: 2);
        Assert.Equal(5, files.Write(Explanations(5)));
        Assert.Equal(["explanation.html", "explanation-2.html", "explanation-3.html"], files.Pages.Select(Path.GetFileName));
        Assert.Equal([2, 2, 1], files.Pages.Select(page => File.ReadAllText(page).Split("<section>").Length - 1));
        Assert.Equal(5, JsonDocument.Parse(File.ReadAllText(At("explanation.json"))).RootElement.GetArrayLength());
        Assert.Equal(10, Directory.GetFiles(At("pictures"), "*.png").Length);
        new ExplanationFiles(folder.Root + "/", attributes: 1, perPage: 2).Write(Explanations(1));
        Assert.Equal(["explanation-files.txt", "explanation.html", "explanation.json", "pictures"], Directory.GetFileSystemEntries(folder.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetFiles(At("pictures")));
    }

    [Fact]
    public void Files_of_the_user_stay_whatever_their_names()
    {
        string[] mine = [At("explanation-2024.html"), At("pictures/1-my-bird.png"), At("outside.png")];
        Directory.CreateDirectory(At("pictures"));
        foreach (var file in mine) File.WriteAllText(file, "mine");
        new ExplanationFiles(folder.Root, attributes: 1).Write(Explanations(1));
        File.AppendAllText(At("explanation-files.txt"), "../elsewhere.png\n/\n");
        new ExplanationFiles(folder.Root, attributes: 1).Write(Explanations(1));
        Assert.All(mine, file => Assert.Equal("mine", File.ReadAllText(file)));
        Assert.Equal(2, Directory.GetFiles(At("pictures")).Length);
    }

    [Fact]
    public void Attributes_whose_names_look_alike_keep_a_picture_each()
    {
        var why = Explanations(1).Single();
        var alike = why with { Evidence = [.. why.Evidence.Select((e, i) => e with { Attribute = i % 2 == 0 ? "a b" : "a-b" })] };
        new ExplanationFiles(folder.Root, attributes: 3).Write([alike]);
        Assert.Equal(3, Directory.GetFiles(At("pictures")).Length);
    }

    [Fact]
    public void Nothing_is_written_for_nothing_and_no_half_json_after_a_failure()
    {
        Assert.Equal(0, new ExplanationFiles(At("none"), attributes: 1).Write([]));
        Assert.False(Directory.Exists(At("none")));
        Assert.Throws<OperationCanceledException>(() => new ExplanationFiles(At("half"), attributes: 1).Write(
            Explanations(1).Concat(Enumerable.Range(0, 1).Select<int, ImageExplanation>(_ => throw new OperationCanceledException()))));
        Assert.Empty(Directory.GetFiles(At("half")));
    }

    [Fact]
    public void A_cancelled_run_leaves_nothing_of_the_run_before()
    {
        new ExplanationFiles(folder.Root, attributes: 1).Write(Explanations(1));
        Assert.Throws<OperationCanceledException>(() => new ExplanationFiles(folder.Root, attributes: 1).Write(
            Explanations(1).Concat(Enumerable.Range(0, 1).Select<int, ImageExplanation>(_ => throw new OperationCanceledException()))));
        Assert.Empty(Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories));
    }

    public void Dispose() => folder.Dispose();

    private string At(string name) => Path.Combine(folder.Root, name);

    private IEnumerable<ImageExplanation> Explanations(int count)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("cvsc"));
        using var dataset = run.Open();
        foreach (var file in PictureRun.Files(dataset, [.. Enumerable.Range(0, count)])) yield return classifier.Explain(file);
    }
}
