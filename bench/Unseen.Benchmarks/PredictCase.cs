using System.Diagnostics;
using System.Globalization;
using Unseen.Classification;
using Unseen.Features;

namespace Unseen.Benchmarks;

/// <summary>
/// What `predict` costs above the bare backbone: both process the same number of pictures in turn, in one process, on every core. The backbone gets an
/// input that is ready; predict reads files, decodes, resizes and scores. Each round is judged by the two passes of the backbone around it, since the machine's own
/// speed changes. Pictures that are read and sent through the backbone, but not scored, show where the cost lies.
/// </summary>
internal static class PredictCase
{
    private static readonly Dictionary<string, string> Defaults =
        new() { ["--run"] = "", ["--precision"] = "", ["--pictures"] = "256", ["--rounds"] = "31" };

    /// <summary>`predict [--run RUN] [--precision f32|bf16] [--pictures N] [--rounds N]`; 0 when every picture had an answer.</summary>
    public static int Run(string[] arguments)
    {
        var options = CaseOptions.Parse(arguments, Defaults);
        var folder = Directory.CreateTempSubdirectory("unseen-predict-").FullName;
        try
        {
            int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
            string[] files = [.. ServedModel.Pictures(folder, Number("--pictures")).Select(p => p.Path)];
            var run = options["--run"] is { Length: > 0 } given ? given : ServedModel.Train(folder);
            Precision? precision = options["--precision"] is { Length: > 0 } name ? Enum.Parse<Precision>(name, ignoreCase: true) : null;
            using var backbone = ServedModel.Backbone(run);
            using var classifier = ZeroShotClassifier.Load(run, new() { Precision = precision });
            return Measure(files, backbone, classifier, Number("--rounds")) ? 0 : 1;
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static bool Measure(string[] files, OnnxBackbone backbone, ZeroShotClassifier classifier, int rounds)
    {
        var preprocessor = new ImagePreprocessor(backbone.Description.Preprocessing);
        using var buffers = new ThreadLocal<(float[] Input, float[] Output)>(() =>
            (new float[backbone.Description.Preprocessing.InputLength], new float[backbone.Description.OutputLength]));
        Cost OnEveryCore(Action<string, float[]> read) => Cost.Of(files.Length, () => Parallel.ForEach(
            files, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, file =>
            {
                read(file, buffers.Value.Input);
                backbone.Run(buffers.Value.Input, 1, buffers.Value.Output);
            }));
        Cost Bare() => OnEveryCore((_, _) => { });
        Cost Read() => OnEveryCore((file, input) => preprocessor.ReadFile(file, input));
        var answered = true;
        Cost Predict() => Cost.Of(files.Length, () => answered &= classifier.ClassifyFiles(files).All(file => file.Image?.Top(1) is not null));

        foreach (var warmUp in (Func<Cost>[])[Read, Predict, Read, Predict]) warmUp();
        var (bare, read, predicted, above) = (new List<Cost>(), new List<Cost>(), new List<Cost>(), new List<Cost>());
        for (var round = 0; round < rounds; round++)
        {
            bare.Add(Bare());
            predicted.Add(Predict());
            var around = bare[^1].And(Bare());
            read.Add(Read());
            above.Add(new(predicted[^1].Time / around.Time, predicted[^1].Processor / around.Processor));
        }
        foreach (var (name, costs) in new[] { ("backbone", bare), ("read", read), ("predict", predicted) })
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name}\t{1000 / Cost.Median(costs).Time:F1} images/s\t{Cost.Median(costs).Processor:F2} ms of processor time a picture"));
        var median = Cost.Median(above);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"above the backbone, median of {rounds} rounds\ttime {median.Time - 1:P1}\tprocessor time {median.Processor - 1:P1}, half of the rounds {Quarter(above, 1) - 1:P1} to {Quarter(above, 3) - 1:P1}"));
        return answered;
    }

    private static double Quarter(List<Cost> costs, int quarters) =>
        costs.Select(c => c.Processor).Order().ElementAt((costs.Count - 1) * quarters / 4);

    /// <summary>Milliseconds a picture, by the clock and of all processors; or ratios of them.</summary>
    private sealed record Cost(double Time, double Processor)
    {
        public static Cost Of(int pictures, Action work)
        {
            var processor = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            work();
            return new(clock.Elapsed.TotalMilliseconds / pictures, (Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / pictures);
        }

        public static Cost Median(List<Cost> costs) => new(Middle(costs.Select(c => c.Time)), Middle(costs.Select(c => c.Processor)));

        public Cost And(Cost other) => new((Time + other.Time) / 2, (Processor + other.Processor) / 2);

        private static double Middle(IEnumerable<double> values)
        {
            double[] sorted = [.. values.Order()];
            return sorted[sorted.Length / 2];
        }
    }
}
