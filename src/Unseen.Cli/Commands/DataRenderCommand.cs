using System.CommandLine;
using Unseen.Experiments.Configuration;
using Unseen.Synthetic;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data render`.</summary>
internal static class DataRenderCommand
{
    private static readonly Option<string> Out = CommonOptions.Output("Dataset folder to write.", "DIR");
    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "Seed of everything that is drawn; 1 by default.",
        HelpName = "N",
    };
    private static readonly Option<bool> Tiny = new("--tiny")
    {
        Description = "Begin from a world small enough for tests: 8 species, 6 pictures each.",
    };
    private static readonly Option<string[]> Set = CommonOptions.Set("imagesPerClass=20");
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create() =>
        new Command("render", "Draw the built-in dataset SketchBirds.") { Out, Seed, Tiny, Set, Force }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var options = Options(context);
        var folder = OutputFolder.Require(context.Get(Out)!, context.Get(Force));
        var rendered = context.WithProgress(progress => SketchBirds.Render(options, folder, progress, context.Cancellation));
        context.Output.WriteLine(CommandText.Of(rendered));
        return ExitCode.Done;
    }

    private static SketchBirdsOptions Options(CommandContext context)
    {
        var document = ConfigDocument.Empty();
        foreach (var assignment in context.Get(Set)!) document.Set(assignment);
        if (context.Get(Seed) is { } seed) document.SetText("seed", CommandText.Of(seed), $"--seed {seed}");
        return OptionsBinder.Bind(document, context.Get(Tiny) ? SketchBirdsOptions.Tiny : new());
    }
}
