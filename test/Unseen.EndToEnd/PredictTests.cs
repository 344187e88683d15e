using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

public sealed class PredictTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    [Fact]
    public void Predictions_agree_with_the_evaluation_of_the_stored_features()
    {
        Train("ridge");
        var report = JsonDocument.Parse(Command.Run("eval", world["ridge"], "--json").Output).RootElement;
        var run = Command.Run("predict", world["ridge"], Path.Combine(world.Dataset, "images"), "--json", "--top", "1");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Matches(@"64 images in \d+\.\d s, \d+\.\d images/s, 0 not readable\.", run.Error);
        var answers = JsonDocument.Parse(run.Output).RootElement.EnumerateArray()
            .ToDictionary(i => Path.GetRelativePath(Path.Combine(world.Dataset, "images"), i.GetProperty("file").GetString()!),
                i => i.GetProperty("top")[0].GetProperty("class").GetString());
        var unseen = TestImages("test_unseen");
        // The mean accuracy of the unseen classes, from predictions alone.
        var u = unseen.GroupBy(i => i.Class).Average(images => images.Average(i => answers[i.File] == i.Class ? 1.0 : 0));
        Assert.Equal(report.GetProperty("metrics").GetProperty("u").GetProperty("mean").GetDouble(), u, 1e-9);
        var s = TestImages("test_seen").GroupBy(i => i.Class).Average(images => images.Average(i => answers[i.File] == i.Class ? 1.0 : 0));
        Assert.Equal(report.GetProperty("metrics").GetProperty("s").GetProperty("mean").GetDouble(), s, 1e-9);
    }

    [Fact]
    public void Bad_files_have_a_line_each_and_the_rest_goes_on()
    {
        Train("ridge");
        var good = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        File.WriteAllText(world["text.jpg"], "not a picture");
        File.WriteAllBytes(world["cut.png"], File.ReadAllBytes(good)[..200]);
        var run = Command.Run("predict", world["ridge"], good, world["text.jpg"], world["missing.jpg"], world["cut.png"], good, "--json", "--top", "2",
            "--candidates", "unseen");
        Assert.Equal(1, run.ExitCode);
        var files = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal([2, 0, 0, 0, 2], files.Select(f => f.GetProperty("top").GetArrayLength()));
        Assert.Equal($"{world["text.jpg"]}: this is not a JPEG, PNG, WebP, GIF or BMP picture.", files[1].GetProperty("error").GetString());
        Assert.All(files[0].GetProperty("top").EnumerateArray(), p => Assert.True(p.GetProperty("unseen").GetBoolean()));
        Assert.Equal(1, files[0].GetProperty("top").EnumerateArray().Sum(p => p.GetProperty("probability").GetDouble()), 1e-9);
        foreach (var name in new[] { "text.jpg", "missing.jpg", "cut.png" }) Assert.Contains($"{world[name]}: ", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"5 images in \d+\.\d s, \d+\.\d images/s, 3 not readable\.", run.Error);
    }

    /// <summary>The list on standard input has no end, and the reader of the table takes one line.</summary>
    [Fact]
    public async Task Who_has_gone_is_not_written_to()
    {
        if (OperatingSystem.IsWindows()) return;
        Train("ridge");
        var good = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash",
            ["-c", "yes \"$3\" | { dotnet \"$1\" predict \"$2\" - --csv; echo \"ended with $?\" >&2; } | head -n 1", "bash", Command.Program, world["ridge"], good])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("file,rank,class,probability,score,unseen\n", bash.StandardOutput.ReadToEnd());
        Assert.True(bash.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Contains("ended with 0\n", await error, StringComparison.Ordinal);
        Assert.DoesNotContain("reader", await error, StringComparison.Ordinal);
        var help = SingleFile.Process(world.Root, "bash", "-c", $"{{ sleep 1; dotnet '{Command.Program}' predict --help; echo \"ended with $?\" >&2; }} | true");
        Assert.Equal("ended with 0\n", help.Error);
    }

    [Fact]
    public void A_folder_without_pictures_has_a_line_and_the_rest_goes_on()
    {
        Train("ridge");
        Directory.CreateDirectory(world["empty"]);
        var good = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        var run = Command.Run("predict", world["ridge"], world["empty"], good, world["*.gif"], "--json", "--top", "1");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(1, JsonDocument.Parse(run.Output).RootElement.GetArrayLength());
        Assert.Contains($"{world["empty"]}: the folder has no picture", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{world["*.gif"]}: no picture matches this pattern", run.Error, StringComparison.Ordinal);
        var none = Command.Run("predict", world["ridge"], world["empty"], "--json");
        Assert.Equal((1, "[]"), (none.ExitCode, string.Concat(none.Output.Split())));
    }

    [Fact]
    public void A_backbone_that_the_model_has_no_use_for_is_refused()
    {
        Train("ridge");
        var good = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        File.WriteAllBytes(world["other.onnx"], [1, 2, 3]);
        var run = Command.Run("predict", Path.Combine(world["ridge"], "model", "model.json"), good, "--backbone", world["other.onnx"]);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal($"--backbone {world["other.onnx"]} is none of the backbones that the model was trained with (colours). Leave it out.", run.Error.Trim());
        Assert.Equal(0, Command.Run("predict", world["ridge"], good, "--backbone", world.Backbone).ExitCode);
    }

    [Fact]
    public void A_list_on_standard_input_gives_a_table()
    {
        Train("ridge");
        var files = TestImages("test_seen").Take(3).Select(i => Path.Combine(world.Dataset, "images", i.File)).ToList();
        var run = Command.RunWithInput(string.Join('\n', files) + "\n", "predict", Path.Combine(world["ridge"], "model"), "-", "--csv", "--top", "2");
        Assert.True(run.ExitCode == 0, run.Error);
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("file,rank,class,probability,score,unseen", lines[0]);
        Assert.Equal(files.SelectMany(f => new[] { $"{f},1", $"{f},2" }), lines.Skip(1).Select(l => string.Join(',', l.Split(',')[..2])));
        Assert.Equal(1, Command.RunWithInput("", "predict", world["ridge"], "-").ExitCode);
        Assert.Equal(2, Command.Run("predict", world["ridge"], "x.jpg", "--json", "--csv").ExitCode);
        Assert.Equal(2, Command.Run("predict", world["ridge"]).ExitCode);
    }

    /// <summary>A program that holds the pipe open and waits for the answer to what it has written.</summary>
    [Theory]
    [InlineData("--top", "   1  ", " %  score ")]
    [InlineData("--csv", "file,rank,", ",1,", "\n")]
    [InlineData("--json", "[\n  {", "\n  }\n")]
    public void A_file_of_a_list_that_stays_open_is_answered_at_once_in_whole_lines(string format, params string[] expected)
    {
        Train("ridge");
        var file = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        string[] arguments = ["predict", world["ridge"], "-", "--top", "1", .. format == "--top" ? Array.Empty<string>() : [format]];
        using var command = Command.StartWithInput(file + "\n", arguments);
        command.WaitForOutput(file);
        foreach (var text in expected) command.WaitForOutput(text);
        command.Signal("INT");
        Assert.Contains(file, command.Wait().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_a_list_that_never_ends_exits_with_130_and_leaves_whole_json()
    {
        Train("ridge");
        var file = Path.Combine(world.Dataset, "images", TestImages("test_seen")[0].File);
        using var command = Command.StartWithInput(string.Concat(Enumerable.Repeat(file + "\n", 600)), "predict", world["ridge"], "-", "--json", "--top", "1",
            "--threads", "1");
        command.WaitForError("predict: ");
        command.Signal("INT");
        var finished = command.Wait();
        Assert.Equal(130, finished.ExitCode);
        Assert.EndsWith("Cancelled.", finished.Error.Trim(), StringComparison.Ordinal);
        var told = int.Parse(System.Text.RegularExpressions.Regex.Match(finished.Error, @"predict: (\d+) images").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(told >= 1 && JsonDocument.Parse(finished.Output).RootElement.GetArrayLength() >= told);
    }

    [Fact]
    public void A_class_is_added_without_training_and_wins()
    {
        Train("ridge");
        CopyModel("ridge", "live");
        var removed = TestImages("test_unseen")[0].Class;
        var rows = File.ReadAllLines(Path.Combine(world.Dataset, "class_attributes.csv"));
        File.WriteAllLines(world["row.csv"], [rows[0], rows.Single(r => r.StartsWith(removed + ",", StringComparison.Ordinal))]);
        var image = Path.Combine(world.Dataset, "images", TestImages("test_unseen")[0].File);
        var before = Command.Run("predict", world["live"], image, "--json", "--top", "99", "--threads", "1").Output;
        Assert.Contains($"\"{removed}\"", before, StringComparison.Ordinal);
        Assert.Equal(0, Command.Run("classes", world["live"], "remove", removed).ExitCode);
        Assert.DoesNotContain($"\"{removed}\"", Command.Run("predict", world["live"], image, "--json", "--top", "99").Output, StringComparison.Ordinal);
        var imported = Command.Run("classes", world["live"], "import", world["row.csv"]);
        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.StartsWith($"Imported '{removed}' (unseen): 47 attributes given.", imported.Output, StringComparison.Ordinal);
        Assert.Equal(Scores(before), Scores(Command.Run("predict", world["live"], image, "--json", "--top", "99", "--threads", "1").Output));
        var eval = new[] { "--dataset", world.Dataset, "--features", world.Features, "--threads", "1", "--json" };
        Assert.Equal(Metrics(Command.Run(["eval", world["ridge"], .. eval]).Output), Metrics(Command.Run(["eval", world["live"], .. eval]).Output));
        Assert.Contains("2       20", Command.Run("classes", world["live"], "list", "--history").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_is_described_in_a_sentence_and_shown()
    {
        Train("ridge");
        CopyModel("ridge", "described");
        var phrase = File.ReadAllLines(Path.Combine(world.Dataset, "attributes.csv"))[1].Split(',')[2];
        var dry = Command.Run("classes", world["described"], "add", "Azure Finch", "--describe", $"a bird with a {phrase}", "--dry-run");
        Assert.True(dry.ExitCode == 0, dry.Error);
        Assert.StartsWith("Would have added 'Azure Finch' (unseen): 1 attribute given, 46 from ", dry.Output, StringComparison.Ordinal);
        Assert.Contains($"({phrase}) = 1", dry.Error, StringComparison.Ordinal);
        Assert.Equal(1, Command.Run("classes", world["described"], "show", "Azure Finch").ExitCode);
        Assert.Equal(0, Command.Run("classes", world["described"], "add", "Azure Finch", "--describe", phrase, "--rest", "mean").ExitCode);
        var show = Command.Run("classes", world["described"], "show", "Azure Finch", "--top", "1");
        Assert.StartsWith("Azure Finch (unseen)", show.Output, StringComparison.Ordinal);
        Assert.Matches($@"{phrase} +1\.000", show.Output);
        Assert.Contains("9 classes, 3 of them unseen; method ridge, 1 change since training.",
            Command.Run("classes", world["described"], "list").Output, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("classes", world["described"], "add", "x", "a=1", "--like", "y", "--rest", "mean").ExitCode);
        var refused = Command.Run("classes", world["described"], "add", "x", "--describe", "nothing of the kind");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("The sentence names no attribute of the model.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kill_during_changes_leaves_a_model_that_works()
    {
        Train("ridge");
        CopyModel("ridge", "killed");
        var attribute = File.ReadAllLines(Path.Combine(world.Dataset, "attributes.csv"))[1].Split(',')[0];
        for (var i = 0; i < 12; i++)
        {
            using var command = Command.Start("classes", world["killed"], "add", $"class {i}", $"{attribute}=0.5");
            Thread.Sleep(60 + (15 * i));
            command.Signal("KILL");
            command.Wait();
            var list = Command.Run("classes", world["killed"], "list", "--json");
            Assert.True(list.ExitCode == 0, list.Error);
            var classes = JsonDocument.Parse(list.Output).RootElement.GetArrayLength();
            var history = JsonDocument.Parse(Command.Run("classes", world["killed"], "list", "--history", "--json").Output).RootElement.GetArrayLength();
            Assert.Equal(8 + history, classes);
        }
        Assert.Equal(0, Command.Run("classes", world["killed"], "add", "last", $"{attribute}=0.5").ExitCode);
    }

    private void Train(string method)
    {
        if (Directory.Exists(world[method])) return;
        var trained = Command.Run(world.Train(method, "--method", method));
        Assert.True(trained.ExitCode == 0, trained.Error);
    }

    private void CopyModel(string run, string copy)
    {
        var model = Path.Combine(world[run], "model");
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(world[copy], "model", Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private List<(string File, string Class)> TestImages(string split) => [.. File.ReadLines(Path.Combine(world.Dataset, "images.csv")).Skip(1)
        .Select(line => line.Split(',')).Where(cells => cells[2] == split).Select(cells => (cells[0], cells[1]))];

    private static SortedDictionary<string, double> Scores(string json) => new(JsonDocument.Parse(json).RootElement[0].GetProperty("top").EnumerateArray()
        .ToDictionary(p => p.GetProperty("class").GetString()!, p => Math.Round(p.GetProperty("score").GetDouble(), 5)));

    private static string Metrics(string json) => JsonDocument.Parse(json).RootElement.GetProperty("metrics").GetRawText();
}
