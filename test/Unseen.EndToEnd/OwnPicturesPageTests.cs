using System.Text.Json;
using Unseen.Tests.Features;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>docs/get-started/own-pictures.md is a script: its console blocks run one after the other in an empty folder.</summary>
public sealed class OwnPicturesPageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("unseen-page-").FullName;

    /// <summary>What the last command of each name said on both streams.</summary>
    private readonly Dictionary<string, string> said = [];

    [Fact]
    public void Every_command_of_the_page_works_in_order()
    {
        // Beside the pictures the page asks for a backbone: here one whose features are the mean colours of a 7 x 7 grid.
        File.WriteAllBytes(At("mobilenetv2.onnx"), TinyOnnx.Cells(224, 224, 32));
        var commands = Commands();
        Assert.True(commands.Count > 15, "The page has lost its commands.");
        foreach (var command in commands) Run(command);

        Assert.Contains("12 seen and 3 unseen classes, 47 attributes.", said["unseen data init"], StringComparison.Ordinal);
        Assert.Contains("Errors: 0", said["unseen data check"], StringComparison.Ordinal);
        Assert.Matches(@"test, macro +- +- +\d", said["unseen eval"]);                   // no unseen test picture: T1, U and H are empty
        Assert.Matches(@"validation +- +\d+\.\d +\d+\.\d +\d+\.\d", said["unseen eval"]);
        Assert.Equal(12, File.ReadLines(At("answers.csv")).Count(l => l.Contains(",1,", StringComparison.Ordinal)));
        Assert.Contains("Garden_Kingfisher", File.ReadAllText(At("why", "explanation.html")), StringComparison.Ordinal);
        Assert.Contains("16 classes, 4 of them unseen; method cvsc, 1 changes since training.", said["unseen classes"], StringComparison.Ordinal);
        Assert.Contains("Ember_Thrush_0001.png", said["unseen predict"], StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(File.ReadAllText(At("why", "explanation.json"))).RootElement.ValueKind);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string At(params ReadOnlySpan<string> names) => Path.Combine([folder, .. names]);

    private void Run(string command)
    {
        var finished = SingleFile.Process(folder, "bash", "-c", $"unseen() {{ dotnet \"$UNSEEN_PROGRAM\" \"$@\"; }}; {command}");
        said[Name(command)] = finished.Output + finished.Error;
    }

    /// <summary>"unseen data init", "unseen train": the words before the first argument.</summary>
    private static string Name(string command) =>
        string.Join(' ', command.Split(' ').Take(command.StartsWith("unseen data ", StringComparison.Ordinal) ? 3 : 2));

    private static List<string> Commands()
    {
        var (commands, inside) = (new List<string>(), false);
        foreach (var line in File.ReadLines(Path.Combine(SingleFile.Root, "docs", "get-started", "own-pictures.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inside = line == "```console";
            else if (inside && line.Length > 0) commands.Add(line);
        }
        return commands;
    }
}
