using System.CommandLine;
using System.Runtime.CompilerServices;
using Unseen.Experiments;
using Unseen.Experiments.Configuration;

namespace Unseen.Cli.Commands;

/// <summary>`unseen train`.</summary>
internal static class TrainCommand
{
    private static readonly ExperimentArguments Experiment = new();
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: false);
    private static readonly Option<string[]> Features = CommonOptions.Features();
    private static readonly Option<string?> Protocol = new Option<string?>("--protocol")
    {
        Description = "clean chooses on validation classes; published chooses on the test set, as the authors' codes do, and says so.",
    }.AcceptOnlyFromAmong("clean", "published");
    private static readonly Option<string?> Seed = new("--seed") { Description = "Seed of one run; 1 by default.", HelpName = "N" };
    private static readonly Option<string?> Seeds = new("--seeds")
    {
        Description = "Seeds of several runs, for example 1,2,3; reported together.",
        HelpName = "N,N",
    };
    private static readonly Option<string?> Semantics = new("--semantics")
    {
        Description = "Class semantics (semantics/NAME.csv) instead of the attributes.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Precision = new Option<string?>("--precision")
    {
        Description = "Number format of the large matrix products.",
    }
        .AcceptOnlyFromAmong("f32", "bf16");
    private static readonly Option<string?> Folds = new Option<string?>("--folds")
    {
        Description = "Validation columns that gradient methods choose on.",
    }
        .AcceptOnlyFromAmong("first", "all");
    private static readonly Option<string?> Out = new("--out") { Description = "Run folder to write.", HelpName = "RUN" };
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Continue the run in the folder; starts one in an empty folder.",
    };
    private static readonly Option<bool> Force = CommonOptions.Force();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Threads of the tensor library");
    private static readonly Option<string> Device = new("--device")
    {
        Description = "Device to compute on: cpu, cuda, cuda:N or mps. Only cpu is tested.",
        DefaultValueFactory = _ => "cpu",
        HelpName = "NAME",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    static TrainCommand() => Device.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !IsDevice(token.Value))
            result.AddError($"--device must be cpu, cuda, cuda:N or mps, found '{token.Value}'.");
    });

    private static bool IsDevice(string name) => name.Split(':') is ["cpu" or "cuda" or "mps"] || (name.Split(':') is ["cuda", var n] && int.TryParse(n, out _));

    public static Command Create()
    {
        var command = new Command("train", "Train a method on a dataset, choose its settings on validation classes and score test once.")
        {
            Dataset, Features,
        };
        Experiment.AddTo(command);
        Option[] own = [Protocol, Seed, Seeds, Semantics, Precision, Folds, Out, Resume, Force, Threads, Device, Json];
        foreach (var option in own) command.Add(option);
        return command.RefuseBoth(Seed, Seeds).RefuseBoth(Resume, Force).Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var config = ExperimentConfigLoader.Load(Read(context), "dataset", "method", "output");
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        if (context.Has(Device)) TorchDevice.Use(context.Get(Device)!);
        var result = Train(context, config);
        foreach (var warning in result.Warnings) context.Error.WriteLine($"Warning: {warning}");
        if (context.Get(Json)) context.Output.WriteLine(result.Report.ToJson());
        else context.Output.Write($"{result.Report}\nrun folder: {result.Directory.FullPath}\n");
        return ExitCode.Done;
    }

    private static ConfigDocument Read(CommandContext context)
    {
        var document = Experiment.Read(context);
        ExperimentArguments.Overlay(document, context, Dataset, "dataset");
        ExperimentArguments.Overlay(document, context, Protocol, "protocol");
        ExperimentArguments.Overlay(document, context, Semantics, "semantics");
        ExperimentArguments.Overlay(document, context, Precision, "precision");
        ExperimentArguments.Overlay(document, context, Out, "output");
        if (context.Has(Features)) document.SetList("features", context.Get(Features)!, "--features");
        if (context.Get(Seed) is { } seed) document.SetList("seeds", [seed], $"--seed {seed}");
        if (context.Get(Seeds) is { } seeds) document.SetList("seeds", seeds.Split(','), $"--seeds {seeds}");
        if (context.Get(Folds) is { } folds) document.SetText("allFolds", folds == "all" ? "true" : "false", $"--folds {folds}");
        return document;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RunResult Train(CommandContext context, ExperimentConfig config)
    {
        using var dataset = config.OpenDataset();
        return context.WithProgress(progress => Unseen.Experiments.Experiment.Run(config.Options, dataset, config.RunTo(config.Output!) with
        {
            Resume = context.Get(Resume),
            Force = context.Get(Force),
            Progress = progress,
            Cancellation = context.Cancellation,
        }));
    }
}
