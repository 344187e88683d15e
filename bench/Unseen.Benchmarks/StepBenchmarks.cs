using BenchmarkDotNet.Attributes;

namespace Unseen.Benchmarks;

/// <summary>A training step of CVsC against the straightforward port.</summary>
public class StepBenchmarks
{
    private CvscStep step = null!;

    [Params(Precision.F32, Precision.Bf16)]
    public Precision Precision { get; set; }

    [Params(49, 196)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Open() => step = Regions == 49 ? new CvscStep(50, 312, 49, 2048, Precision) : new CvscStep(20, 312, 196, 768, Precision);

    [GlobalCleanup]
    public void Close() => step.Dispose();

    [Benchmark]
    public void Ours() => step.Ours();

    [Benchmark(Baseline = true)]
    public void Reference() => step.Reference();
}
