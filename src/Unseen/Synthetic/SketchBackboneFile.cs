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
        var widths = Widths(path, file);
        var network = new SketchBackboneNetwork([widths[1], widths[2], widths[3]], widths[5], seed: 0);
        try
        {
            Fill(path, file, network);
            network.eval();
            return (network, size, widths[5]);
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

    /// <summary>Channels before and after each block. The weights must be in the file in full before memory for them is taken.</summary>
    private static int[] Widths(string path, SafetensorsFile file)
    {
        int[] widths = [3, 0, 0, 0, 0, 0];
        for (var block = 1; block < widths.Length; block++)
        {
            var name = $"block{block}.convolution.weight";
            if (!file.Entries.TryGetValue(name, out var entry) || entry.Shape.Count != 4 || entry.Shape[0] is < 1 or > 4096
                || !entry.Shape.Skip(1).SequenceEqual([widths[block - 1], 3, 3]))
                throw new DatasetFormatException(path, $"tensor '{name}' must be there with shape [1..4096, {widths[block - 1]}, 3, 3].");
            widths[block] = (int)entry.Shape[0];
        }
        return widths;
    }

    private static void Fill(string path, SafetensorsFile file, SketchBackboneNetwork network)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        foreach (var (name, target) in network.state_dict().Where(IsStored))
        {
            if (!file.Entries.TryGetValue(name, out var entry) || entry.Type != SafetensorsType.F32
                || !entry.Shape.SequenceEqual(target.shape))
                throw new DatasetFormatException(
                    path, $"tensor '{name}' must be there as F32 with shape [{string.Join(", ", target.shape)}].");
            var values = new float[target.numel()];
            file.Read(name, 0, values.AsSpan());
            target.copy_(tensor(values, target.shape));
        }
    }

    private static bool IsStored(KeyValuePair<string, Tensor> pair) => pair.Value.dtype == ScalarType.Float32;
}
