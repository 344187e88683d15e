using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Unseen.Features;
using Unseen.Web;

namespace Unseen.Benchmarks;

/// <summary>
/// The server under load on loopback against the extraction of the same pictures on the same machine in the same run. Client and server share
/// the process and its cores. Every answer is compared with the one that the picture gets alone: nothing is lost and nothing is mixed up.
/// With UNSEEN_DATA MobileNetV2 and real pictures, otherwise a tiny backbone and drawn birds, which measure the HTTP side more than the model.
/// </summary>
internal static class ServeCase
{
    private static readonly int[] Concurrencies = [1, 8, 64];
    private static readonly Dictionary<string, string> Defaults =
        new() { ["--run"] = "", ["--precision"] = "", ["--requests"] = "512", ["--pictures"] = "128", ["--memory"] = "0" };

    /// <summary>`serve [--run RUN] [--precision f32|bf16] [--requests N] [--pictures N] [--memory N]`; 0 when every answer was right.</summary>
    public static int Run(string[] arguments)
    {
        var options = CaseOptions.Parse(arguments, Defaults);
        var folder = Directory.CreateTempSubdirectory("unseen-serve-").FullName;
        try { return Measure(folder, options).GetAwaiter().GetResult() ? 0 : 1; }
        finally { Directory.Delete(folder, recursive: true); }
    }

    private static async Task<bool> Measure(string folder, Dictionary<string, string> options)
    {
        int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);
        var files = ServedModel.Pictures(folder, Number("--pictures"));
        var run = options["--run"] is { Length: > 0 } given ? given : ServedModel.Train(folder);
        await using var server = await UnseenServer.StartAsync(new ServerOptions
        {
            Models = [ModelSource.Parse("bench=" + run)],
            Urls = ["http://127.0.0.1:0"],
            Precision = options["--precision"] is { Length: > 0 } precision ? Enum.Parse<Precision>(precision, ignoreCase: true) : null,
        });
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { BaseAddress = new(server.Addresses[0]) };
        var load = new Load(client, [.. files.Select(f => File.ReadAllBytes(f.Path))]);
        await load.Learn();
        var right = true;
        foreach (var concurrency in Concurrencies)
        {
            var before = ExtractionRate(folder, run, files);
            var result = await load.Send(concurrency, concurrency == 1 ? Math.Max(1, Number("--requests") / 4) : Number("--requests"));
            var extraction = (before + ExtractionRate(folder, run, files)) / 2;      // the load of the machine changes: before and after
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"serve-{concurrency}\t{result.Rate:F1} images/s\textraction {extraction:F1} images/s\t"
                + $"{result.Rate / extraction:F2}\tp50 {result.Percentile(50):F0} ms\tp99 {result.Percentile(99):F0} ms\twrong or lost {result.Wrong}"));
            right &= result.Wrong == 0;
        }
        if (Number("--memory") is > 0 and var many) right &= await Memory(load, many);
        return right;
    }

    private static async Task<bool> Memory(Load load, int requests)
    {
        var wrong = 0;
        for (var done = 0; done < requests; done += requests / 10)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory\tafter {done} requests\t{Environment.WorkingSet >> 20} MiB resident"));
            wrong += (await load.Send(64, requests / 10)).Wrong;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory\tafter {requests} requests\t{Environment.WorkingSet >> 20} MiB resident\twrong or lost {wrong}"));
        return wrong == 0;
    }

    private static double ExtractionRate(string folder, string run, IReadOnlyList<ImageSource> files)
    {
        using var backbone = ServedModel.Backbone(run);
        var output = Path.Combine(folder, "extraction.safetensors");
        var milliseconds = Stopwatches.Once(() => FeatureExtractor.Run(backbone, new ExtractionOptions { Images = files, Output = output, Force = true }));
        return files.Count / milliseconds * 1000;
    }

    /// <summary>Sends pictures and checks the answers.</summary>
    private sealed class Load(HttpClient client, byte[][] pictures)
    {
        private readonly string[] expected = new string[pictures.Length];

        /// <summary>Asks for each picture alone.</summary>
        public async Task Learn()
        {
            for (var i = 0; i < pictures.Length; i++) expected[i] = await Ask(i);
        }

        /// <summary>Sends as many requests at once as the concurrency says, until all were answered.</summary>
        public async Task<LoadResult> Send(int concurrency, int requests)
        {
            var (times, wrong, next) = (new double[requests], 0, -1);
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(async () =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < requests;)
                {
                    var start = clock.Elapsed;
                    if (await Ask(i % pictures.Length) != expected[i % pictures.Length]) Interlocked.Increment(ref wrong);
                    times[i] = (clock.Elapsed - start).TotalMilliseconds;
                }
            })));
            return new(requests / clock.Elapsed.TotalSeconds, times, wrong);
        }

        private async Task<string> Ask(int picture)
        {
            using var content = new ByteArrayContent(pictures[picture]) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
            using var response = await client.PostAsync("/v1/classify?top=1", content);
            var text = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode) return text;
            var best = JsonDocument.Parse(text).RootElement.GetProperty("top")[0];
            return string.Create(CultureInfo.InvariantCulture, $"{best.GetProperty("class").GetString()} {best.GetProperty("score").GetDouble():F2}");
        }
    }

    private sealed record LoadResult(double Rate, double[] Times, int Wrong)
    {
        public double Percentile(int percent)
        {
            var sorted = Times.Order().ToArray();
            return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
        }
    }
}
