using Unseen.Data;
using Unseen.Features;
using static TorchSharp.torch;

namespace Unseen.Synthetic;

/// <summary>The trainval pictures of the seen classes in memory, as bytes. Disposes its tensors.</summary>
internal sealed class SketchPictures : IDisposable
{
    private SketchPictures(Tensor pixels, Tensor labels, int classes) => (Pixels, Labels, Classes) = (pixels, labels, classes);

    /// <summary>Pixels [images, 3, height, width], bytes.</summary>
    public Tensor Pixels { get; }

    /// <summary>Class per picture [images], 0..classes-1 among the seen classes.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of seen classes.</summary>
    public int Classes { get; }

    /// <summary>Number of pictures.</summary>
    public int Count => (int)Labels.shape[0];

    /// <summary>Reads the pictures on all processors.</summary>
    public static SketchPictures Read(DatasetFolder folder, int size, CancellationToken cancellation)
    {
        var images = folder.ImagesOf(ImageSplit.Trainval);
        if (images.Length < 2)
            throw new DatasetFormatException(
                folder.Path, $"a backbone needs at least 2 trainval pictures to learn from, found {images.Length}.");
        var seen = Enumerable.Range(0, folder.Classes.Count).Where(c => folder.Classes[c].Seen).ToArray();
        var length = 3 * size * size;
        var pixels = new byte[(long)images.Length * length];
        var asBytes = SketchBackbone.Preprocessing(size) with { Scale = 1, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] };
        var preprocessor = new ImagePreprocessor(asBytes);
        Parallel.For(0, images.Length, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            var input = new float[length];
            preprocessor.ReadFile(folder.ImagePath(folder.Images[images[i]]), input);
            for (var p = 0; p < length; p++)
                pixels[i * (long)length + p] = (byte)(input[p] + 0.5f);
        });
        long[] labels = [.. images.Select(i => (long)Array.IndexOf(seen, folder.Images[i].Class))];
        return new(Owned(() => tensor(pixels, [images.Length, 3, size, size])), Owned(() => tensor(labels)), seen.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }

    /// <summary>A tensor that outlives the scope of the caller.</summary>
    private static Tensor Owned(Func<Tensor> make) => make().DetachFromDisposeScope();
}
