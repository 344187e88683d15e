using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class ExplainTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Fact]
    public void Pictures_are_explained_on_a_page_as_json_and_as_pictures()
    {
        Train();
        var images = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(2).ToArray();
        var run = Command.Run(["explain", world["cvsc"], .. images, "--out", world["why"], "--attributes", "3"]);
        Assert.True(run.ExitCode == 0, run.Error);
        var explanations = JsonDocument.Parse(File.ReadAllText(Path.Combine(world["why"], "explanation.json"))).RootElement.EnumerateArray().ToList();
        Assert.Equal(images, explanations.Select(e => e.GetProperty("file").GetString()));
        foreach (var e in explanations)
        {
            var parts = e.GetProperty("evidence").EnumerateArray().Sum(a => a.GetProperty("contribution").GetDouble()) + e.GetProperty("rest").GetDouble();
            Assert.Equal(e.GetProperty("lead").GetDouble(), parts, 1e-6);
            Assert.Contains($"leads {e.GetProperty("rival").GetProperty("class").GetString()} by ", run.Output, StringComparison.Ordinal);
        }
        Assert.Equal(6, Directory.GetFiles(Path.Combine(world["why"], "pictures"), "*.png").Length);
        Assert.Equal(images.Length, run.Output.Split('\n').Count(images.Contains));
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Path.Combine(world["why"], "explanation.html")), StringComparison.Ordinal);
        var again = Command.Run("explain", world["cvsc"], images[0], "--out", world["why"]);
        Assert.Equal((1, true), (again.ExitCode, again.Error.Contains("is not empty", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(world["why"], "pictures", "mine.png"), "");
        var forced = Command.Run("explain", world["cvsc"], images[1], "--out", world["why"], "--attributes", "1", "--force");
        Assert.True(forced.ExitCode == 0, forced.Error);
        Assert.Equal(2, Directory.GetFiles(Path.Combine(world["why"], "pictures"), "*.png").Length);        // one, and the one that is not ours
    }

    [Fact]
    public void A_bad_file_has_its_line_and_an_unknown_class_is_named()
    {
        Train();
        var image = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).First();
        File.WriteAllText(world["text.jpg"], "not a picture");
        var run = Command.Run("explain", world["cvsc"], world["text.jpg"], image, "--out", world["why-bad"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{world["text.jpg"]}: this is not a JPEG, PNG, WebP, GIF or BMP picture.", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(world["why-bad"], "explanation.html")));
        var unknown = Command.Run("explain", world["cvsc"], image, "--out", world["why-unknown"], "--why-not", "Dodo");
        Assert.Equal(1, unknown.ExitCode);
        Assert.StartsWith("Unknown class 'Dodo'", unknown.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(world["why-unknown"]));
    }

    [Fact]
    public void The_true_class_of_a_dataset_stands_beside_the_answer_and_a_precision_may_be_chosen()
    {
        Train();
        var image = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).First();
        var truth = File.ReadLines(Path.Combine(world.Dataset, "images.csv")).Select(l => l.Split(',')).Single(c => image.EndsWith(c[0], StringComparison.Ordinal))[1];
        var run = Command.Run("explain", world["cvsc"], image, "--out", world["why-true"], "--dataset", world.Dataset, "--precision", "bf16");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains($" %; the dataset says {truth}\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(truth, JsonDocument.Parse(File.ReadAllText(Path.Combine(world["why-true"], "explanation.json"))).RootElement[0].GetProperty("trueClass").GetString());
        Assert.Equal(2, Command.Run("explain", world["cvsc"], image, "--out", world["why-true"], "--precision", "f8").ExitCode);
    }

    [Fact]
    public void An_empty_list_is_said_to_be_empty_before_a_model_is_loaded()
    {
        foreach (var command in new[] { "explain", "predict" })
        {
            Train();
            string[] arguments = command == "explain" ? ["no-such-run", "-", "--out", world["why-empty"]] : [world["cvsc"], "-"];
            var run = Command.RunWithInput("", [command, .. arguments]);
            Assert.Equal(1, run.ExitCode);
            Assert.EndsWith("There was no picture: the list on standard input was empty.", run.Error.Trim(), StringComparison.Ordinal);
        }
        Assert.False(Directory.Exists(world["why-empty"]));
    }

    private void Train()
    {
        if (Directory.Exists(world["cvsc"])) return;
        var run = Command.Run(world.Train("cvsc", "--method", "cvsc", "--set", "training.epochs=3"));
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
