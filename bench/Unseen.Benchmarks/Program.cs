using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Unseen.Benchmarks;

// serve: the server under load. predict: what it costs above the backbone. compare: every case against its straightforward form, within a minute. dry: every benchmark once. Otherwise BenchmarkDotNet's own arguments.
switch (args)
{
    case ["compare", .. var names]:
        return Comparison.Run(names);
    case ["serve", .. var options]:
        return ServeCase.Run(options);
    case ["predict", .. var options]:
        return PredictCase.Run(options);
    case ["dry"]:
        var summaries = BenchmarkRunner.Run(typeof(Program).Assembly, DefaultConfig.Instance.AddJob(Job.InProcess.WithStrategy(
            BenchmarkDotNet.Engines.RunStrategy.ColdStart).WithLaunchCount(1).WithWarmupCount(0).WithIterationCount(1)));
        return summaries.All(s => !s.HasCriticalValidationErrors && s.Reports.All(r => r.Success))
            ? Math.Max(ServeCase.Run(["--requests", "40", "--pictures", "8"]), PredictCase.Run(["--pictures", "16", "--rounds", "1"])) : 1;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(Job.InProcess));
        return 0;
}
