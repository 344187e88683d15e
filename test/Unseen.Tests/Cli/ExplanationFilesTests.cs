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
        var why = Explanations(1).Single().Explanation!;
        var alike = why with { Evidence = [.. why.Evidence.Select((e, i) => e with { Attribute = i % 2 == 0 ? "a b" : "a-b" })] };
        new ExplanationFiles(folder.Root, attributes: 3).Write([new("x.jpg", alike, null)]);
        Assert.Equal(3, Directory.GetFiles(At("pictures")).Length);
    }

    [Fact]
    public void Nothing_is_written_for_nothing_and_no_half_json_after_a_failure()
    {
        Assert.Equal(0, new ExplanationFiles(At("none"), attributes: 1).Write([]));
        Assert.Equal(0, new ExplanationFiles(At("none"), attributes: 1).Write([new("a.jpg", null, "damaged")]));
        Assert.False(Directory.Exists(At("none")));
        new ExplanationFiles(At("half"), attributes: 1).Write(Explanations(1));
        Assert.Throws<IOException>(() => new ExplanationFiles(At("half"), attributes: 1).Write(Explanations(1).Concat(Failing(new IOException()))));
        Assert.Empty(Directory.GetFiles(At("half"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_cancelled_run_ends_with_what_there_is()
    {
        new ExplanationFiles(folder.Root, attributes: 1).Write(Explanations(4));
        var files = new ExplanationFiles(folder.Root, attributes: 1, perPage: 2);
        Assert.Throws<OperationCanceledException>(() => files.Write(Explanations(3).Concat(Failing(new OperationCanceledException()))));
        Assert.Equal([2, 1], files.Pages.Select(page => File.ReadAllText(page).Split("<section>").Length - 1));
        Assert.Equal(3, JsonDocument.Parse(File.ReadAllText(At("explanation.json"))).RootElement.GetArrayLength());
        Assert.Equal(3, Directory.GetFiles(At("pictures")).Length);
    }

    [Fact]
    public void Files_without_an_explanation_keep_their_place_in_the_json()
    {
        var good = Explanations(2).ToArray();
        Assert.Equal(2, new ExplanationFiles(folder.Root, attributes: 1).Write([new("a.jpg", null, "damaged"), good[0], new("b.jpg", null, "missing"), good[1]]));
        var entries = JsonDocument.Parse(File.ReadAllText(At("explanation.json"))).RootElement.EnumerateArray().ToList();
        Assert.Equal(["a.jpg", good[0].File, "b.jpg", good[1].File], entries.Select(e => e.GetProperty("file").GetString()));
        Assert.Equal(["damaged", "", "missing", ""], entries.Select(e => e.TryGetProperty("error", out var error) ? error.GetString() : ""));
    }

    public void Dispose() => folder.Dispose();

    private string At(string name) => Path.Combine(folder.Root, name);

    private static IEnumerable<ExplainedFile> Failing(Exception error) => Enumerable.Range(0, 1).Select<int, ExplainedFile>(_ => throw error);

    private IEnumerable<ExplainedFile> Explanations(int count)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("cvsc"));
        using var dataset = run.Open();
        foreach (var file in PictureRun.Files(dataset, [.. Enumerable.Range(0, count)])) yield return new(file, classifier.Explain(file), null);
    }
}
