using System.Globalization;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Synthetic;

/// <summary>The weights of a sketch backbone as a safetensors file.</summary>
internal static class SketchBackboneFile
{
    private const string Kind = "unseen-sketch-backbone";

    /// <summary>Writes weights and running statistics; the counter of batch normalisation is of no use later.</summary>
    public static void Write(string path, SketchBackboneNetwork network, SketchBackboneOptions options)
    {
        using var scope = NewDisposeScope();
        var tensors = network.state_dict().Where(IsStored).Select(pair =>
            SafetensorsTensor.Of(pair.Key, pair.Value.data<float>().ToArray(), pair.Value.shape)).ToList();
        Safetensors.Write(path, tensors, new Dictionary<string, string>
        {
            ["kind"] = Kind,
            ["image_size"] = options.ImageSize.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads a network, ready for inference.</summary>
    public static (SketchBackboneNetwork Network, int ImageSize, int Visual) Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue("kind", out var kind) || kind != Kind)
            throw new DatasetFormatException(
                path, $"not a sketch backbone: its metadata must say kind = {Kind}, found {kind ?? "nothing"}.");
        var size = ImageSize(path, file);
        int[] widths = [.. Enumerable.Range(1, 5).Select(block => Width(path, file, block))];
        var network = new SketchBackboneNetwork([widths[0], widths[1], widths[2]], widths[4], seed: 0);
        try
        {
            Fill(path, file, network);
            network.eval();
            return (network, size, widths[4]);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static int ImageSize(string path, SafetensorsFile file)
    {
        file.Metadata.TryGetValue("image_size", out var text);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && size is >= 32 and <= 1024 && size % SketchBackboneNetwork.Stride == 0
            ? size
            : throw new DatasetFormatException(path, $"metadata image_size must be a multiple of 16, 32..1024, found {text ?? "nothing"}.");
    }

    private static int Width(string path, SafetensorsFile file, int block)
    {
        var name = $"block{block}.convolution.weight";
        return file.Entries.TryGetValue(name, out var entry) && entry.Shape.Count == 4 && entry.Shape[0] is >= 1 and <= 4096
            ? (int)entry.Shape[0]
            : throw new DatasetFormatException(path, $"tensor '{name}' must be there with shape [1..4096, channels, 3, 3].");
    }

    private static void Fill(string path, SafetensorsFile file, SketchBackboneNetwork network)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in network.state_dict().Where(IsStored))
        {
            if (!file.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(target.shape))
                throw new DatasetFormatException(path, $"tensor '{name}' must be there with shape [{string.Join(", ", target.shape)}].");
            var values = new float[target.numel()];
            file.ReadSingle(name, 0, values);
            target.copy_(tensor(values, target.shape));
        }
    }

    private static bool IsStored(KeyValuePair<string, Tensor> pair) => pair.Value.dtype == ScalarType.Float32;
}
