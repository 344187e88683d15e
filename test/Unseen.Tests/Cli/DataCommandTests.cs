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
