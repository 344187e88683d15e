using BenchmarkDotNet.Attributes;

namespace Unseen.Benchmarks;

/// <summary>A training step of an attention method against the straightforward port.</summary>
public class StepBenchmarks
{
    private ComparedStep step = null!;

    [Params("cvsc", "msdnpp", "msdn", "dazle")]
    public string Method { get; set; } = "cvsc";

    [Params(Precision.F32, Precision.Bf16)]
    public Precision Precision { get; set; }

    [Params(49, 196)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Open()
    {
        const int attributes = 312;
        var (batch, visual) = Regions == 49 ? (50, 2048) : (20, 768);
        step = Method == "cvsc"
            ? new CvscStep(batch, attributes, Regions, visual, Precision)
            : new AttentionStep(Method, null, batch, attributes, Regions, visual, Precision);
    }

    [GlobalCleanup]
    public void Close() => step.Dispose();

    [Benchmark]
    public void Ours() => step.Ours();

    [Benchmark(Baseline = true)]
    public void Reference() => step.Reference();
}
