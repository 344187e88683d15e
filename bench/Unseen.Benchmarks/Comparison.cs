using System.Diagnostics;
using System.Globalization;
using Unseen.Evaluation;
using Unseen.Tests.Evaluation;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>
/// The quick mode: ours and the straightforward form side by side in one process. One line per case on standard output,
/// case, ours in ms, reference in ms, reference/ours, separated by tabs; peak memory and machine rates on standard error.
/// </summary>
internal static class Comparison
{
    private const int Attributes = 312;

    private static readonly (string Name, Action<string> Run)[] Cases =
    [
        ("cvsc-step-r49", name => Step(name, new CvscStep(50, Attributes, 49, 2048, Precision.F32))),
        ("cvsc-step-r49-bf16", name => Step(name, new CvscStep(50, Attributes, 49, 2048, Precision.Bf16))),
        ("cvsc-step-r196", name => Step(name, new CvscStep(20, Attributes, 196, 768, Precision.F32))),
        ("cvsc-step-r196-bf16", name => Step(name, new CvscStep(20, Attributes, 196, 768, Precision.Bf16))),
        ("cvsc-step-r196-b50", name => Step(name, new CvscStep(50, Attributes, 196, 768, Precision.F32))),
        ("cvsc-step-r196-b50-bf16", name => Step(name, new CvscStep(50, Attributes, 196, 768, Precision.Bf16))),
        ("msdnpp-step-r49", name => Step(name, new AttentionStep("msdnpp", null, 50, Attributes, 49, 2048, Precision.F32))),
        ("msdnpp-step-r49-bf16", name => Step(name, new AttentionStep("msdnpp", null, 50, Attributes, 49, 2048, Precision.Bf16))),
        ("msdnpp-step-r196", name => Step(name, new AttentionStep("msdnpp", null, 20, Attributes, 196, 768, Precision.F32))),
        ("msdnpp-step-r196-bf16", name => Step(name, new AttentionStep("msdnpp", null, 20, Attributes, 196, 768, Precision.Bf16))),
        ("msdnpp-step-r196-b50", name => Step(name, new AttentionStep("msdnpp", null, 50, Attributes, 196, 768, Precision.F32))),
        ("msdnpp-step-r196-b50-bf16", name => Step(name, new AttentionStep("msdnpp", null, 50, Attributes, 196, 768, Precision.Bf16))),
        ("msdn-step-r49", name => Step(name, new AttentionStep("msdn", null, 50, Attributes, 49, 2048, Precision.F32))),
        ("msdn-step-r196", name => Step(name, new AttentionStep("msdn", null, 20, Attributes, 196, 768, Precision.F32))),
        ("msdn-step-r196-b50", name => Step(name, new AttentionStep("msdn", null, 50, Attributes, 196, 768, Precision.F32))),
        ("dazle-step-r49", name => Step(name, new AttentionStep("dazle", null, 50, Attributes, 49, 2048, Precision.F32))),
        ("dazle-step-r196", name => Step(name, new AttentionStep("dazle", null, 20, Attributes, 196, 768, Precision.F32))),
        ("dazle-step-r196-b50", name => Step(name, new AttentionStep("dazle", null, 50, Attributes, 196, 768, Precision.F32))),
        ("msdn-test-r49-share0", name => Print(name, TestPass())),
        ("ce-gzsl-comparator", name => Print(name, GenerativeCases.Comparator())),
        ("ce-gzsl-critic", name => Print(name, GenerativeCases.CeGzsl(wholeCycle: false))),
        ("ce-gzsl-iteration", name => Print(name, GenerativeCases.CeGzsl(wholeCycle: true))),
        ("f-clswgan-critic", name => Print(name, GenerativeCases.Critic())),
        ("mlis-step", name => Print(name, GenerativeCases.MlisCycle())),
        ("generation-classifier", name => Print(name, GenerativeCases.Classifier())),
        ("duet-grounding", name => Grounding(name, Precision.F32)),
        ("duet-grounding-dropout", name => Grounding(name, Precision.F32, dropout: 0.1)),
        ("duet-grounding-bf16", name => Grounding(name, Precision.Bf16)),
        ("duet-test-pass", name => Print(name, DuetCases.TestPass())),
        ("duet-token-head", name => Print(name, DuetCases.TokenHead())),
        ("evaluation", Evaluation),
        ("extraction", name => Extraction(name, "mobilenetv2.onnx", 1024)),
        ("extraction-resnet101", name => Extraction(name, "resnet101v2-block3.onnx", 128)),
    ];

    public static int Run(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            if (Cases.All(c => c.Name != name)) throw new UnknownNameException("case", name, Cases.Select(c => c.Name));
        Console.Error.WriteLine(ProductRate.Describe());
        foreach (var (name, run) in Cases)
            if (names.Count == 0 || names.Contains(name)) run(name);
        return 0;
    }

    private static void Step(string name, ComparedStep compared)
    {
        using var step = compared;
        var ours = Stopwatches.Median(step.Ours, 7);
        var reference = Stopwatches.Median(step.Reference, 3);
        Print(name, (ours, reference));
        Console.Error.WriteLine(
            $"  {name}: peak memory above the start, ours {PeakMemory.OfMebibytes(step.Ours):F0} MiB, reference {PeakMemory.OfMebibytes(step.Reference):F0} MiB");
    }

    /// <summary>A batch at test with MSDN's options for AWA2, whose second sub-net has no share in the prediction.</summary>
    private static (double Ours, double Reference) TestPass()
    {
        using var step = new AttentionStep("msdn", "msdn-awa2", 50, Attributes, 49, 2048, Precision.F32);
        return (Stopwatches.Median(step.OurPass, 7), Stopwatches.Median(step.ReferencePass, 5));
    }

    /// <summary>All metrics with the whole gamma sweep: the exact one-sort curve against per-class loops at 41 gammas.</summary>
    private static void Evaluation(string name)
    {
        const int images = 100_000, classes = 200, unseen = 50, gammas = 41;
        manual_seed(1);
        using var scope = NewDisposeScope();
        var scores = randn(images, classes).data<float>().ToArray();
        var labels = Array.ConvertAll(randint(classes, images, int64).data<long>().ToArray(), l => (int)l);
        var seen = Enumerable.Range(0, classes).Select(c => c >= unseen).ToArray();
        var sweep = Enumerable.Range(0, gammas).Select(i => -4.0 + i * 0.2).ToArray();
        var table = new ScoreTable(scores, labels, seen);
        var ours = Stopwatches.Median(() => _ = (StackingCurve.Compute(table) is var c, c.Best, c.Ausuc, c.T1), 3);
        var reference = Stopwatches.Once(() =>
        {
            _ = NaiveEvaluation.Best(scores, labels, seen, sweep);
            _ = NaiveEvaluation.Ausuc(scores, labels, seen, sweep);
        });
        Print(name, (ours, reference));
    }

    private static void Grounding(string name, Precision precision, double dropout = 0)
    {
        var (ours, reference, ourPeak, referencePeak) = DuetCases.Grounding(precision, dropout);
        Print(name, (ours, reference));
        Console.Error.WriteLine($"  {name}: peak memory above the start, ours {ourPeak:F0} MiB, reference {referencePeak:F0} MiB");
    }

    private static void Extraction(string name, string backbone, int pictures)
    {
        var (ours, asItComes, onEveryCore) = ExtractionCase.Measure(backbone, pictures);
        Print(name, (ours, asItComes));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {name}: against a single-threaded session on every core {onEveryCore:F1} ms, ratio {onEveryCore / ours:F2}"));
    }

    private static void Print(string name, (double Ours, double Reference) times) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name}\t{times.Ours:F1}\t{times.Reference:F1}\t{times.Reference / times.Ours:F2}"));
}

/// <summary>Times of actions in milliseconds.</summary>
internal static class Stopwatches
{
    public static double Once(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalMilliseconds;
    }

    /// <summary>The median of some runs after one for warming up.</summary>
    public static double Median(Action action, int runs)
    {
        action();
        var times = Enumerable.Range(0, runs).Select(_ => Once(action)).Order().ToArray();
        return times[runs / 2];
    }
}
