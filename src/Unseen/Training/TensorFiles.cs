using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Named 32-bit tensors in safetensors files.</summary>
internal static class TensorFiles
{
    public static IEnumerable<SafetensorsTensor> ToFile(IEnumerable<KeyValuePair<string, Tensor>> tensors, string prefix = "") =>
        tensors.Select(t => SafetensorsTensor.Of(prefix + t.Key, t.Value.detach().cpu().to(float32).contiguous().data<float>().ToArray(), t.Value.shape));

    /// <summary>The tensors whose names start with a prefix, without it; the caller disposes them.</summary>
    public static Dictionary<string, Tensor> FromFile(SafetensorsFile file, string prefix = "")
    {
        var result = new Dictionary<string, Tensor>();
        foreach (var entry in file.Entries.Values.Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal) && e.Type == SafetensorsType.F32))
        {
            var values = new float[entry.Elements];
            file.Read<float>(entry.Name, 0, values);
            result[entry.Name[prefix.Length..]] = tensor(values).reshape([.. entry.Shape]);
        }
        return result;
    }
}
