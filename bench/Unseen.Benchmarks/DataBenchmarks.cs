using BenchmarkDotNet.Attributes;
using Unseen.Data.Formats;
using Unseen.Evaluation;

namespace Unseen.Benchmarks;

/// <summary>Reading feature rows through the memory map, and the whole evaluation of a test set of CUB's size.</summary>
public class DataBenchmarks
{
    private const int Rows = 64, Regions = 49, Visual = 1280, Images = 4731, Classes = 200;
    private readonly float[] row = new float[Regions * Visual];
    private string path = "";
    private SafetensorsFile file = null!;
    private ScoreTable table = null!;

    [GlobalSetup]
    public void Open()
    {
        path = Path.Combine(Path.GetTempPath(), $"unseen-bench-{Environment.ProcessId}.safetensors");
        var random = new Random(1);
        var values = new Half[Rows * row.Length];
        for (var i = 0; i < values.Length; i++) values[i] = (Half)random.NextSingle();
        Safetensors.Write(path, [SafetensorsTensor.Of("region_features", values, Rows, Regions, Visual)]);
        file = SafetensorsFile.Open(path);
        var scores = new float[Images * Classes];
        for (var i = 0; i < scores.Length; i++) scores[i] = random.NextSingle();
        table = new ScoreTable(scores, [.. Enumerable.Range(0, Images).Select(i => i % Classes)], [.. Enumerable.Range(0, Classes).Select(c => c >= 50)]);
    }

    [GlobalCleanup]
    public void Close()
    {
        file.Dispose();
        File.Delete(path);
    }

    [Benchmark]
    public void ReadRows()
    {
        for (var i = 0; i < Rows; i++) file.ReadSingle("region_features", (long)i * row.Length, row);
    }

    [Benchmark]
    public double Evaluate() => StackingCurve.Compute(table).Ausuc ?? 0;
}
