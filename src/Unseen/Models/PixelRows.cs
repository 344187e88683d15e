using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Unseen.Data;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>Reads the pixels of some images into one tensor, several images side by side.</summary>
internal static class PixelRows
{
    /// <summary>Normalised pixels, in the dispose scope of the caller.</summary>
    /// <param name="source">A source of pictures.</param>
    /// <param name="images">Image ids of the dataset.</param>
    /// <returns>[images, 3·height·width], 32-bit, on the processor.</returns>
    /// <exception cref="ConfigurationException">The source has no pictures.</exception>
    /// <exception cref="Unseen.Features.UnreadableImageException">A picture cannot be read.</exception>
    public static Tensor Read(IFeatureSource source, ReadOnlySpan<int> images)
    {
        if (source.Pictures is not { } pictures)
        {
            source.ReadPixels(-1, []);                                              // says what is wrong
            throw new InvalidOperationException("The source of features gives pixels without saying how large.");
        }
        var (ids, length) = (images.ToArray(), pictures.InputLength);
        var rows = empty([ids.Length, length], device: CPU);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        try
        {
            Parallel.For(0, ids.Length, threads, i => source.ReadPixels(ids[i], MemoryMarshal.Cast<byte, float>(rows.bytes).Slice(i * length, length)));
        }
        catch (AggregateException e) when (e.InnerExceptions.OfType<UnseenException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
        return rows;
    }
}
