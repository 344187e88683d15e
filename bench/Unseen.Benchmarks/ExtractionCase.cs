using Unseen.Data;
using Unseen.Features;
using Unseen.Synthetic;

namespace Unseen.Benchmarks;

/// <summary>
/// The extractor, decoding and writing included, against the bare backbone on tensors that are ready: real pictures and a real backbone
/// when UNSEEN_DATA is set, drawn birds and their own backbone otherwise. The reference is ONNX Runtime as it comes, one session that divides every
/// product among all cores; the harder one runs a single-threaded session on every core, as the extractor itself does.
/// </summary>
internal static class ExtractionCase
{
    private const int WarmUp = 32;

    /// <summary>Milliseconds of the extractor, of the backbone as it comes, and of the backbone on every core, for the same number of pictures.</summary>
    /// <param name="file">ONNX file of the backbone below UNSEEN_DATA.</param>
    /// <param name="pictures">Real pictures to take.</param>
    public static (double Ours, double AsItComes, double OnEveryCore) Measure(string file, int pictures)
    {
        var folder = Directory.CreateTempSubdirectory("unseen-bench-").FullName;
        try
        {
            var images = Images(folder, pictures);
            using var backbone = Open(folder, file, threads: 1);
            using var divided = Open(folder, file, threads: 0);
            Extract(backbone, [.. images.Take(WarmUp)], Path.Combine(folder, "warm-up.safetensors"));
            var onEveryCore = OnEveryCore(backbone, images.Count);
            var ours = Stopwatches.Once(() => Extract(backbone, images, Path.Combine(folder, "features.safetensors")));
            return (ours, Math.Min(AsItComes(divided, images.Count, batch: 1), AsItComes(divided, images.Count, batch: 8)), onEveryCore);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static void Extract(IBackbone backbone, IReadOnlyList<ImageSource> images, string output) =>
        FeatureExtractor.Run(backbone, new ExtractionOptions { Images = images, Output = output });

    private static IReadOnlyList<ImageSource> Images(string folder, int pictures) => ServedModel.Data is { } data
        ? [.. ImageSource.Of(DatasetReader.Open(Path.Combine(data, "cub127"))).Take(pictures)]
        : ImageSource.Of(SketchBirds.Render(SketchBirdsOptions.Tiny, Path.Combine(folder, "birds")));

    private static IBackbone Open(string folder, string file, int threads) => ServedModel.Data is { } data
        ? OnnxBackbone.Load(Path.Combine(data, "backbones", file), new BackboneOptions { Threads = threads })
        : SketchBackbone.Train(DatasetReader.Open(Path.Combine(folder, "birds")), SketchBackboneOptions.Tiny,
            Path.Combine(folder, $"backbone-{threads}.safetensors"));

    private static double OnEveryCore(IBackbone backbone, int pictures)
    {
        using var buffers = new ThreadLocal<(float[] Input, float[] Output)>(() => Buffers(backbone, 1));
        void Run(int picture) => backbone.Run(buffers.Value.Input, 1, buffers.Value.Output);
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, WarmUp, cores, Run);
        return Stopwatches.Once(() => Parallel.For(0, pictures, cores, Run));
    }

    private static double AsItComes(IBackbone backbone, int pictures, int batch)
    {
        var (input, output) = Buffers(backbone, batch);
        backbone.Run(input, batch, output);
        var rounds = Math.Max(1, pictures / 2 / batch);                                      // half of the pictures say enough
        return Stopwatches.Once(() =>
        {
            for (var round = 0; round < rounds; round++) backbone.Run(input, batch, output);
        }) * pictures / (rounds * batch);
    }

    private static (float[] Input, float[] Output) Buffers(IBackbone backbone, int batch) =>
        (new float[batch * backbone.Description.Preprocessing.InputLength], new float[batch * backbone.Description.OutputLength]);
}
