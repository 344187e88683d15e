using Unseen.Tests.Features;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>A rendered dataset with features of a backbone that gives back the colours of the picture, 8 x 8.</summary>
public sealed class MiniWorld : IDisposable
{
    public MiniWorld()
    {
        Require(Command.Run("data", "render", "--out", Dataset, "--tiny", "--set", "imagesPerClass=8"));
        File.WriteAllBytes(Backbone, TinyOnnx.Maps(8, 8));
        File.WriteAllText(Path.ChangeExtension(Backbone, ".json"),
            """{"height": 8, "width": 8, "resize": "stretch", "scale": 0.004, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}""");
        Require(Command.Run("extract", "--dataset", Dataset, "--backbone", Backbone, "--out", Features));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("unseen-end-to-end-").FullName;

    public string Dataset => this["birds"];

    public string Backbone => this["colours.onnx"];

    public string Features => this["colours.safetensors"];

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>`unseen train` on this world; on one thread, so that two runs give the same bits.</summary>
    internal string[] Train(string output, params string[] more) =>
        ["train", "--dataset", Dataset, "--features", Features, "--out", this[output], "--threads", "1", .. more];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Require(Finished command) => Assert.True(command.ExitCode == 0, command.Error);
}
