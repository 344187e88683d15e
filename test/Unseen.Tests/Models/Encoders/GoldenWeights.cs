using System.Runtime.CompilerServices;
using Unseen.Data.Formats;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Encoders;

/// <summary>A file of the Golden folder; generate.py there says how they are made, with NumPy alone.</summary>
internal sealed class GoldenWeights
{
    private readonly Dictionary<string, Tensor> tensors = [];

    public GoldenWeights(string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(Folder(), name + ".safetensors"));
        foreach (var entry in file.Entries.Values) tensors[entry.Name] = Read(file, entry);
        Weights = tensors.Where(t => t.Key.StartsWith("weight/", StringComparison.Ordinal)).ToDictionary(t => t.Key["weight/".Length..], t => t.Value);
    }

    public IReadOnlyDictionary<string, Tensor> Weights { get; }

    public Tensor Input(string name) => tensors["input/" + name];

    /// <summary>Fails unless every number is equal to the golden one up to 1e-4 of it, and 1e-5 or what is given.</summary>
    public void Matches(string name, Tensor actual, double absolute = 1e-5)
    {
        var expected = tensors["output/" + name];
        Assert.Equal(expected.shape, actual.shape);
        var worst = ((actual - expected).abs() - expected.abs() * 1e-4).max().item<float>();
        Assert.True(worst <= absolute, $"{name} differs by {worst}");
    }

    /// <summary>Writes the weights to a safetensors file under other names; null leaves one out.</summary>
    public void Write(string path, Func<string, string?> rename) => Safetensors.Write(path, Weights
        .Select(w => (Name: rename(w.Key), Tensor: w.Value)).Where(w => w.Name is not null)
        .Select(w => SafetensorsTensor.Of(w.Name!, w.Tensor.data<float>().ToArray(), w.Tensor.shape)));

    private static Tensor Read(SafetensorsFile file, SafetensorsEntry entry)
    {
        if (entry.Type == SafetensorsType.I64) return tensor(file.Elements<long>(entry.Name, 0, (int)entry.Elements).ToArray()).reshape([.. entry.Shape]);
        return tensor(file.Elements<float>(entry.Name, 0, (int)entry.Elements).ToArray()).reshape([.. entry.Shape]);
    }

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
