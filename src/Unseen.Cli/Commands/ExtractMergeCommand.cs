using System.CommandLine;
using Unseen.Features;

namespace Unseen.Cli.Commands;

/// <summary>`unseen extract merge`.</summary>
internal static class ExtractMergeCommand
{
    private static readonly Argument<string[]> Parts = CommonOptions.Texts("PARTS", "Feature stores of all shards, in any order.");
    private static readonly Option<string> Out = CommonOptions.Output("Feature store to write (.safetensors).", "FILE");
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create() =>
        new Command("merge", "Join the parts of a divided extraction into the store that one run would have made.")
        {
            Parts, Out, Force,
        }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var result = context.WithProgress(progress =>
            FeatureStoreMerge.Run(context.Get(Parts), context.Get(Out)!, context.Get(Force), progress, context.Cancellation));
        context.Output.WriteLine($"{result.Store}: {CommandText.Of(result.Images, "image")}.");
        return ExitCode.Done;
    }
}
