using System.Diagnostics;
using TorchSharp;
using Unseen;
using Unseen.Benchmarks;

foreach (var (name, b, k, r, d, p) in new[] { ("cvsc-step-r49", 50, 312, 49, 2048, Precision.F32), ("cvsc-step-r49-bf16", 50, 312, 49, 2048, Precision.Bf16), ("cvsc-step-r196", 20, 312, 196, 768, Precision.F32), ("cvsc-step-r196-bf16", 20, 312, 196, 768, Precision.Bf16) })
{
    using var c = new CvscStep(b, k, r, d, p);
    double T(Action a, int n) { a(); var l = new List<double>(); for (var i = 0; i < n; i++) { var w = Stopwatch.StartNew(); a(); l.Add(w.Elapsed.TotalMilliseconds); } l.Sort(); return l[n / 2]; }
    var (o, q) = (T(c.Ours, 10), T(c.Reference, 4));
    Console.WriteLine($"{name}\t{o:F1}\t{q:F1}\t{q / o:F2}");
}
