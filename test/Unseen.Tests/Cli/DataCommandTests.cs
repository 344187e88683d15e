using System.Text.Json;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class DataCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_rendered_dataset_passes_the_check_and_is_described()
    {
        var rendered = Render();
        Assert.Equal((0, $"{folder["birds"]}: 8 classes, 48 images, 47 attributes.\n"), (rendered.ExitCode, rendered.Output));
        var check = CliRun.Of("data", "check", folder["birds"]);
        Assert.Equal((0, "Errors: 0, warnings: 0.\n"), (check.ExitCode, check.Output));
        var info = CliRun.Of("data", "info", folder["birds"], "--json");
        Assert.Equal(6, JsonDocument.Parse(info.Output).RootElement.GetProperty("seenClasses").GetInt32());
        Assert.Contains("6 seen, 2 unseen, 0 without images", CliRun.Of("data", "info", folder["birds"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_printed_with_file_and_line_and_exits_with_1()
    {
        Render();
        File.AppendAllText(folder["birds/images.csv"], "a.png,No such class,trainval\nb.png,also,train\n");
        var check = CliRun.Of("data", "check", folder["birds"]);
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("images.csv:50: error: ", check.Output, StringComparison.Ordinal);
        Assert.Contains("images.csv:51: error: ", check.Output, StringComparison.Ordinal);
        var json = JsonDocument.Parse(CliRun.Of("data", "check", folder["birds"], "--json").Output).RootElement;
        Assert.Contains(json.EnumerateArray(),
            p => p.GetProperty("line").GetInt32() == 50 && p.GetProperty("file").GetString() == "images.csv");
    }

    [Fact]
    public void Groups_of_one_attribute_are_named()
    {
        Render();
        var file = folder["birds/attributes.csv"];
        var lines = File.ReadAllLines(file);
        File.WriteAllLines(file, lines.Select((line, i) => i == 0 ? line : string.Join(',', line.Split(',').Select((cell, c) => c == 1 ? $"group {i}" : cell))));
        var check = CliRun.Of("data", "check", folder["birds"]);
        Assert.Equal((0, "attributes.csv: warning: 47 of 47 groups have a single attribute. Methods that make a prompt of every group (DUET) then read the answer in "
            + "the prompt: give attributes of one kind the same group, for example 'color', or import with --prompts FILE.\nErrors: 0, warnings: 1.\n"),
            (check.ExitCode, check.Output));
        Assert.Matches("attribute groups +47, 47 of them with a single attribute", CliRun.Of("data", "info", folder["birds"]).Output);
    }

    [Fact]
    public void The_value_at_which_a_class_has_an_attribute_can_be_chosen()
    {
        Render();
        double Threshold(params string[] more) => JsonDocument.Parse(CliRun.Of(["data", "info", folder["birds"], "--json", .. more]).Output).RootElement
            .GetProperty("statistics").GetProperty("threshold").GetDouble();
        Assert.Equal((0.5, 0.08), (Threshold(), Threshold("--presence", "0.08")));
        var wrong = CliRun.Of("data", "info", folder["birds"], "--presence", "8");
        Assert.Equal((1, true), (wrong.ExitCode, wrong.Error.StartsWith("--presence is 8, expected a number from 0 to 1", StringComparison.Ordinal)));
        File.WriteAllText(folder["birds/dataset.yaml"], "images: images\nattributes:\n  scale: raw\n");
        Assert.Contains("--presence VALUE says from which value of scale raw", CliRun.Of("data", "info", folder["birds"]).Output, StringComparison.Ordinal);
        Assert.Equal((-8, 55), (Threshold("--presence", "-8"), Threshold("--presence", "55")));
    }

    [Fact]
    public void A_folder_with_content_is_kept_without_force()
    {
        Render();
        var again = Render();
        Assert.Equal(1, again.ExitCode);
        Assert.Equal($"--out {folder["birds"]} is not empty. Choose another folder, or replace what is there with --force.\n", again.Error);
        Assert.Equal(0, CliRun.Of("data", "render", "--out", folder["birds"], "--tiny", "--force").ExitCode);
    }

    [Fact]
    public void A_problem_is_one_message_and_with_verbose_a_trace()
    {
        var plain = CliRun.Of("data", "info", folder["nothing"]);
        Assert.Equal(1, plain.ExitCode);
        Assert.DoesNotContain("   at Unseen", plain.Error, StringComparison.Ordinal);
        Assert.Contains("   at Unseen", CliRun.Of("data", "info", folder["nothing"], "--verbose").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_settings_are_all_named() => Assert.StartsWith(
        "--set imagesPerClas=3: Unknown key 'imagesPerClas'. Did you mean 'imagesPerClass'?",
        CliRun.Of("data", "render", "--out", folder["x"], "--set", "imagesPerClas=3").Error, StringComparison.Ordinal);

    private CliRun Render() => CliRun.Of("data", "render", "--out", folder["birds"], "--tiny", "--seed", "3");
}
