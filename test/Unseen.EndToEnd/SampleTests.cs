using Unseen.Tests.Features;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>Programs of one file build and run: those of samples/ as their first lines say, on small drawn birds, and the API reference's.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("unseen-samples-").FullName;
    private readonly List<string> ran = [];

    [Fact]
    public void Samples_do_what_their_first_lines_say()
    {
        Draw();
        var trained = Sample("train-own-pictures", "pictures", "birds.csv", "mobilenetv2.onnx", "own");
        Assert.Contains("2 of 8 classes are known by their description alone.", trained, StringComparison.Ordinal);
        Assert.Contains("Expected of unseen classes: U ", trained, StringComparison.Ordinal);

        var first = Sample("ten-lines", Path.Combine("own", "dataset"), Path.Combine("own", "features.safetensors"), Picture, "first");
        Assert.Contains("cvsc on dataset, clean protocol, seed 1", first, StringComparison.Ordinal);
        Assert.Matches($"{Path.GetFileName(Picture)}: .+, .* %", first);

        File.WriteAllText(Path.Combine(At("pictures"), "broken.png"), "no picture");
        var predicted = Sample("predict-folder", "first", "pictures", "unseen");
        Assert.Equal(Directory.GetFiles(At("pictures"), "*_*.png", SearchOption.AllDirectories).Length, predicted.Split(" %  (unseen)").Length - 1);

        var added = Sample("add-a-class", Path.Combine("own", "run"), Picture, "Azure Finch", "a bird with a blue wing and a cone bill", "has_size::small=0.8");
        Assert.Contains("Azure Finch: 3 attributes given, 44 copied from ", added, StringComparison.Ordinal);
        Assert.Contains("It leads ", added, StringComparison.Ordinal);

        var parts = Sample("loss-and-metric");
        Assert.Contains("T1 100 %, AUSUC 1.000", parts, StringComparison.Ordinal);
        Assert.Contains("gamma 0.00: U 0 %, S 100 %, H 0 %", parts, StringComparison.Ordinal);
        Assert.Contains("U 100 %, S 100 %, H 100 %", parts, StringComparison.Ordinal);

        var all = Directory.GetFiles(Path.Combine(SingleFile.Root, "samples"), "*.cs").Select(f => Path.GetFileNameWithoutExtension(f));
        Assert.Equal(all.Order(StringComparer.Ordinal), ran.Order(StringComparer.Ordinal));

        Api_reference_has_every_public_type();       // here, because two builds at a time would write the same files
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Picture => Directory.GetFiles(At("pictures"), "*_*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();

    private string At(string name) => Path.Combine(folder, name);

    /// <summary>Pictures in class folders, a table, and a backbone; two of the classes have no picture.</summary>
    private void Draw()
    {
        var drawn = Command.Run("data", "render", "--out", At("drawn"), "--tiny");
        Assert.True(drawn.ExitCode == 0, drawn.Error);
        Directory.Move(Path.Combine(At("drawn"), "images"), At("pictures"));
        var table = File.ReadAllLines(Path.Combine(At("drawn"), "class_attributes.csv")).Select(l => l.Split(',', 2)).ToList();
        File.WriteAllLines(At("birds.csv"), table.Select(l => $"{l[0].Replace(' ', '_')},{l[1]}"));
        foreach (var unseen in table.TakeLast(2)) Directory.Delete(Path.Combine(At("pictures"), unseen[0].Replace(' ', '_')), recursive: true);
        File.WriteAllBytes(At("mobilenetv2.onnx"), TinyOnnx.Cells(224, 224, 32));
    }

    /// <summary>What a sample says on standard output.</summary>
    private string Sample(string name, params string[] arguments)
    {
        ran.Add(name);
        return SingleFile.Run(Path.Combine("samples", $"{name}.cs"), folder, arguments);
    }

    private void Api_reference_has_every_public_type()
    {
        SingleFile.Run(Path.Combine("eng", "api.cs"), SingleFile.Root, At("api"));
        var pages = Directory.GetFiles(At("api"), "Unseen*.md").ToDictionary(p => Path.GetFileNameWithoutExtension(p), File.ReadAllText);
        Assert.All(DeclaredTypes(), t => Assert.Contains($"\n## {t.Name}\n", pages[t.Namespace], StringComparison.Ordinal));
        Assert.Contains("```csharp\npublic static Tensor Compute(Tensor classScores, Tensor unseenClasses, bool overBatch)\n```\n\nThe loss of a batch.\n\n"
            + "* `classScores`: Scores [batch, classes] with the margins that apply.\n", pages["Unseen.Losses"], StringComparison.Ordinal);
        Assert.Contains("public sealed class ZeroShotClassifier : IDisposable\n", pages["Unseen.Classification"], StringComparison.Ordinal);
        Assert.Contains("[`UnreadableImageException`](Unseen.Features.md#unreadableimageexception)", pages["Unseen.Classification"], StringComparison.Ordinal);
    }

    /// <summary>Types of the public API's file: its lines without parentheses, arrows and members.</summary>
    private static IEnumerable<(string Namespace, string Name)> DeclaredTypes()
    {
        var lines = File.ReadLines(Path.Combine(SingleFile.Root, "src", "Unseen", "PublicAPI.Unshipped.txt"))
            .Where(l => l.StartsWith("Unseen.", StringComparison.Ordinal) && l.IndexOfAny(['(', '>', '=', '<', ' ']) < 0).ToHashSet();
        return lines.Select(l => (l[..l.LastIndexOf('.')], l[(l.LastIndexOf('.') + 1)..])).Where(t => !lines.Contains(t.Item1));
    }
}
