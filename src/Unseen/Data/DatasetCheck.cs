using SkiaSharp;
using Unseen.Data.Formats;

namespace Unseen.Data;

/// <summary>What <see cref="DatasetCheck"/> looks at.</summary>
public sealed record DatasetCheckOptions
{
    /// <summary>
    /// Decodes every picture, which finds truncated and damaged ones; without it, only their presence is checked. Default true.
    /// </summary>
    public bool DecodeImages { get; init; } = true;
}

/// <summary>Checks a dataset folder and its pictures.</summary>
public static class DatasetCheck
{
    private const int ImagesPerUpdate = 64;

    /// <summary>Finds every problem of a dataset folder, in the order of files and lines; none means it is ready for use.</summary>
    /// <param name="path">The folder that holds dataset.yaml.</param>
    /// <param name="options">What to look at; default: everything.</param>
    /// <param name="progress">Told about the pictures checked.</param>
    /// <param name="cancellation">Stops the check with an <see cref="OperationCanceledException"/>.</param>
    public static IReadOnlyList<DatasetProblem> Run(
        string path, DatasetCheckOptions? options = null, IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var reading = DatasetReader.ReadAll(path);
        if (reading.ImagesPath is not null && reading.Images.Entries.Count > 0)
            CheckImages(reading.ImagesPath, reading, options ?? new(), progress, cancellation);
        return reading.Problems.ToList();
    }

    private static void CheckImages(
        string images, DatasetReading reading, DatasetCheckOptions options, IProgress<ProgressUpdate>? progress,
        CancellationToken cancellation)
    {
        if (!Directory.Exists(images))
        {
            reading.Problems.Error(DatasetSettings.File, 0,
                $"The images folder {DatasetProblems.Shown(images)} does not exist. Correct 'images'.");
            return;
        }
        var faults = new string?[reading.Images.Entries.Count];
        var done = 0;
        Parallel.For(0, faults.Length,
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            faults[i] = Fault(Path.Combine(images, reading.Images.Entries[i].File), options.DecodeImages);
            var count = Interlocked.Increment(ref done);
            if (count % ImagesPerUpdate == 0 || count == faults.Length) progress?.Report(new("check", count, faults.Length, "images"));
        });
        for (var i = 0; i < faults.Length; i++)
            if (faults[i] is { } fault)
                reading.Problems.Error(ImageReader.File, reading.Images.Lines[i],
                    $"The image {DatasetProblems.Shown(reading.Images.Entries[i].File)} {fault}");
    }

    private static string? Fault(string path, bool decode)
    {
        try
        {
            var file = new FileInfo(path);
            if (!FileErrors.Exists(path)) return "is missing in the images folder. Put it there or delete the line.";
            if (file.Length == 0) return "is an empty file. Replace it or delete the line.";
            if (!decode) return null;
            File.OpenRead(path).Dispose(); // the decoder does not say why it cannot open a file
            return DecodeFault(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"cannot be read: {e.Message}";
        }
    }

    private static string? DecodeFault(string path)
    {
        using var codec = SKCodec.Create(path, out var opened);
        if (codec is null) return $"cannot be decoded ({opened}). Expected a JPEG, PNG, WebP, BMP or GIF file: convert or replace it.";
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width < 1 || height < 1) return $"has no pixels ({width}x{height}). Replace it or delete the line.";
        if ((long)width * height > DatasetLimits.Pixels)
            return $"has {width}x{height} pixels; the limit is {DatasetLimits.Pixels}. Make it smaller.";
        using var bitmap = new SKBitmap();
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Unpremul;
        if (!bitmap.TryAllocPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, alpha)))
            return $"needs too much memory ({width}x{height}).";
        var decoded = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return decoded == SKCodecResult.Success ? null : $"is damaged or cut off ({decoded}). Replace it or delete the line.";
    }
}
