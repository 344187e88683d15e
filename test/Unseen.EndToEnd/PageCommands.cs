using Unseen.Tests.Features;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>
/// A page of the documentation as a script: its console blocks run one after the other in an empty folder, beside a backbone whose features
/// are the mean colours of a 7 x 7 grid.
/// </summary>
internal sealed class PageCommands : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("unseen-page-").FullName;
    private readonly Dictionary<string, string> said = [];

    /// <summary>Runs the page; every command must exit with 0.</summary>
    /// <param name="page">Path below docs.</param>
    /// <param name="least">Commands that the page has at least.</param>
    public void Run(string page, int least)
    {
        File.WriteAllBytes(At("mobilenetv2.onnx"), TinyOnnx.Cells(224, 224, 32));
        var commands = Read(Path.Combine(SingleFile.Root, "docs", page));
        Assert.True(commands.Count >= least, $"{page} has lost its commands.");
        foreach (var command in commands)
        {
            var finished = SingleFile.Process(folder, "bash", "-c", $"unseen() {{ dotnet \"$UNSEEN_PROGRAM\" \"$@\"; }}; {command}");
            said[Name(command)] = finished.Output + finished.Error;
        }
    }

    /// <summary>What the last command of a name ("unseen data init", "unseen train") said on both streams.</summary>
    public string Said(string name) => said[name];

    /// <summary>A file that the page made.</summary>
    public string At(params ReadOnlySpan<string> names) => Path.Combine([folder, .. names]);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The words before the first argument.</summary>
    private static string Name(string command) =>
        string.Join(' ', command.Split(' ').Take(command.StartsWith("unseen data ", StringComparison.Ordinal) ? 3 : 2));

    private static List<string> Read(string path)
    {
        var (commands, inside) = (new List<string>(), false);
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) inside = line == "```console";
            else if (inside && line.Length > 0) commands.Add(line);
        }
        return commands;
    }
}
