using static TorchSharp.torch;

namespace Unseen;

/// <summary>Shape checks at public entries: libtorch itself may abort the process on wrong shapes.</summary>
public static class Shape
{
    /// <summary>Requires a number of dimensions and their sizes; -1 stands for any size.</summary>
    /// <exception cref="ShapeException">The tensor has another shape.</exception>
    public static void Require(Tensor tensor, string name, params ReadOnlySpan<long> sizes)
    {
        var shape = tensor.shape;
        if (!Fits(shape, sizes)) throw new ShapeException($"'{name}' must have shape {Text(sizes)}, found {Text(shape)}.");
    }

    internal static bool Fits(ReadOnlySpan<long> shape, ReadOnlySpan<long> sizes)
    {
        var fits = shape.Length == sizes.Length;
        for (var i = 0; fits && i < sizes.Length; i++) fits = sizes[i] < 0 || sizes[i] == shape[i];
        return fits;
    }

    internal static string Text(ReadOnlySpan<long> sizes)
    {
        var words = new List<string>();
        foreach (var size in sizes) words.Add(size < 0 ? "any" : $"{size}");
        return $"[{string.Join(", ", words)}]";
    }
}
