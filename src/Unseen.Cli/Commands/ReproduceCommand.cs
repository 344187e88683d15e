using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Unseen.Evaluation;
using Unseen.Experiments.Reproduction;

namespace Unseen.Cli.Commands;

/// <summary>`unseen reproduce`.</summary>
internal static class ReproduceCommand
{
    private const int MostSeeds = 1000;

    private static readonly Argument<string> Experiment = CommonOptions.Text("EXPERIMENT", "Name of an experiment, or a .yaml file.");
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: true);
    private static readonly Option<string[]> Features = CommonOptions.Features();
    private static readonly Option<string> Seeds = new("--seeds")
    {
        Description = "Number of seeds (3 gives 1, 2, 3), or the seeds themselves with commas between; 3 by default.",
        HelpName = "N",
        DefaultValueFactory = _ => "3",
    };
    private static readonly Option<bool> Ablation = new("--ablation") { Description = "Also run the rows of the ablation tables." };
    private static readonly Option<bool> Curves = new("--curves") { Description = "Also run the curves of the paper's figures, one run per value." };
    private static readonly Option<string?> Preset = new("--preset") { Description = "Another preset of the method.", HelpName = "NAME" };
    private static readonly Option<string?> Semantics = new("--semantics")
    {
        Description = "Other class semantics than the publication's: attributes, or semantics/NAME.csv.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Protocol = new Option<string?>("--protocol")
    {
        Description = "Another protocol than the publication's.",
    }.AcceptOnlyFromAmong("clean", "published");
    private static readonly Option<string[]> Set = CommonOptions.Set("training.epochs=5");
    private static readonly Option<string?> Folder = ExperimentsFolder();
    private static readonly Option<string> Out = CommonOptions.Output("Folder to write.", "DIR");
    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Go on with what is in the folder; finished rows are not run again.",
    };
    private static readonly Option<bool> Force = CommonOptions.Force();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Threads of the tensor library");
    private static readonly Option<bool> Json = CommonOptions.Json();

    /// <summary>The option for the user's own experiments.</summary>
    public static Option<string?> ExperimentsFolder() => new("--experiments")
    {
        Description = "Folder of your own experiments (.yaml), beside the shipped ones.",
        HelpName = "DIR",
    };

    public static Command Create()
    {
        Seeds.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && ReadSeeds(token.Value) is null)
                result.AddError($"--seeds must be a number from 1 to {MostSeeds}, or seeds such as 1,2,3, found '{token.Value}'.");
        });
        var command = new Command("reproduce", "Run a published experiment and print our figures beside the published ones.")
        {
            Experiment, Dataset, Features, Seeds, Ablation, Curves, Preset, Semantics, Protocol, Set, Folder, Out, Resume, Force, Threads, Json,
        };
        return command.RefuseBoth(Resume, Force).Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var experiment = ExperimentCatalog.Find(context.Get(Experiment), context.Get(Folder));
        OutputFolder.Require(context.Get(Out)!, context.Get(Force) || context.Get(Resume));
        var report = Reproduce(context, experiment);
        context.Output.Write(context.Get(Json) ? report.ToJson() + "\n" : $"{report}\nfolder: {Path.GetFullPath(context.Get(Out)!)}\n");
        return ExitCode.Done;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReproductionReport Reproduce(CommandContext context, PublishedExperiment experiment)
    {
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        return context.WithProgress(progress => Reproducer.Run(experiment, new()
        {
            Dataset = context.Get(Dataset)!,
            Features = context.Get(Features)!,
            Output = context.Get(Out)!,
            Seeds = ReadSeeds(context.Get(Seeds)!)!,
            Ablation = context.Get(Ablation),
            Curves = context.Get(Curves),
            Preset = context.Get(Preset),
            Semantics = context.Get(Semantics),
            Protocol = context.Get(Protocol) is { } protocol ? Enum.Parse<EvaluationProtocol>(protocol, ignoreCase: true) : null,
            Settings = context.Get(Set)!,
            Resume = context.Get(Resume),
            Force = context.Get(Force),
            Progress = progress,
            Cancellation = context.Cancellation,
        }));
    }

    /// <summary>"3" is 1, 2, 3; "4,7" is 4 and 7; null when it is neither.</summary>
    private static int[]? ReadSeeds(string text)
    {
        var numbers = text.Split(',').Select(part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : (int?)null).ToList();
        if (numbers.Contains(null)) return null;
        if (numbers.Count > 1) return numbers.Distinct().Count() == numbers.Count ? [.. numbers.OfType<int>()] : null;
        return numbers[0] is >= 1 and <= MostSeeds and var count ? [.. Enumerable.Range(1, count)] : null;
    }
}
