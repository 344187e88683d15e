using System.Runtime.InteropServices;
using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>Reads features of some images into one tensor.</summary>
internal static class FeatureTensor
{
    /// <summary>Features as a model takes them, in the dispose scope of the caller.</summary>
    /// <param name="source">Where features come from.</param>
    /// <param name="kind">Which features.</param>
    /// <param name="images">Image ids of the dataset.</param>
    /// <returns>[images, regions, visual], [images, visual] or [images, 3·height·width], 32-bit, on the current device.</returns>
    /// <exception cref="ConfigurationException">The source does not have what is asked for.</exception>
    public static Tensor Read(IFeatureSource source, FeatureKind kind, ReadOnlySpan<int> images)
    {
        if (kind == FeatureKind.Pixels) return PixelRows.Read(source, images).to(ComputeDevice.Current, disposeAfter: true);
        var visual = source.Visual();
        var features = kind == FeatureKind.Regions
            ? empty([images.Length, source.Regions, visual], device: CPU)
            : empty([images.Length, visual], device: CPU);
        var values = MemoryMarshal.Cast<byte, float>(features.bytes);
        var width = values.Length / Math.Max(1, images.Length);
        for (var i = 0; i < images.Length; i++)
        {
            var row = values.Slice(i * width, width);
            if (kind == FeatureKind.Regions) source.ReadRegions(images[i], row);
            else source.ReadGlobal(images[i], row);
        }
        return features.to(ComputeDevice.Current, disposeAfter: true);
    }
}
