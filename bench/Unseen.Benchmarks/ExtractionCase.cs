using Unseen.Data;
using Unseen.Features;
using Unseen.Synthetic;

namespace Unseen.Benchmarks;

/// <summary>
/// The extractor, decoding and writing included, against the bare backbone on tensors that are ready: real pictures and MobileNetV2 when
/// UNSEEN_DATA is set, drawn birds and their own backbone otherwise.
/// </summary>
internal static class ExtractionCase
{
    private const int Pictures = 1024;
    private const int WarmUp = 64;
    private const int BareBatch = 1;

    /// <summary>Milliseconds of the extractor and of the bare backbone for the same number of pictures.</summary>
    public static (double Ours, double Reference) Measure()
    {
        var folder = Directory.CreateTempSubdirectory("unseen-bench-").FullName;
        try
        {
            var (backbone, images) = Open(folder);
            using (backbone)
            {
                var reference = Bare(backbone, images.Count);
                Extract(backbone, [.. images.Take(WarmUp)], Path.Combine(folder, "warm-up.safetensors"));
                return (Stopwatches.Once(() => Extract(backbone, images, Path.Combine(folder, "features.safetensors"))), reference);
            }
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static void Extract(IBackbone backbone, IReadOnlyList<ImageSource> images, string output) =>
        FeatureExtractor.Run(backbone, new ExtractionOptions { Images = images, Output = output });

    private static (IBackbone Backbone, IReadOnlyList<ImageSource> Images) Open(string folder)
    {
        if (Environment.GetEnvironmentVariable("UNSEEN_DATA") is not { Length: > 0 } data)
        {
            var drawn = SketchBirds.Render(SketchBirdsOptions.Tiny, Path.Combine(folder, "birds"));
            return (SketchBackbone.Train(drawn, SketchBackboneOptions.Tiny, Path.Combine(folder, "backbone.safetensors")), ImageSource.Of(drawn));
        }
        var backbone = OnnxBackbone.Load(Path.Combine(data, "backbones", "mobilenetv2.onnx"), new BackboneOptions { Threads = 1 });
        return (backbone, [.. ImageSource.Of(DatasetReader.Open(Path.Combine(data, "cub127"))).Take(Pictures)]);
    }

    /// <summary>Every core runs the backbone on its own ready tensor.</summary>
    private static double Bare(IBackbone backbone, int pictures)
    {
        var description = backbone.Description;
        var buffers = new ThreadLocal<(float[] Input, float[] Output)>(
            () => (new float[BareBatch * description.Preprocessing.InputLength], new float[BareBatch * description.OutputLength]));
        void Run(int picture) => backbone.Run(buffers.Value.Input, BareBatch, buffers.Value.Output);
        Parallel.For(0, Environment.ProcessorCount, Run);
        return Stopwatches.Once(() => Parallel.For(0, pictures, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, Run));
    }
}
