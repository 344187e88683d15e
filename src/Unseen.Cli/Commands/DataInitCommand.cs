using System.CommandLine;
using Unseen.Data;
using Unseen.Semantics;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data init`.</summary>
internal static class DataInitCommand
{
    private static readonly Argument<string> Folder = CommonOptions.Text("DIR", "Dataset folder to write.");
    private static readonly Option<string> Images = new("--images")
    {
        Description = "Folder with one folder of pictures per class.",
        HelpName = "DIR",
        Required = true,
    };
    private static readonly Option<string> Attributes = new("--attributes")
    {
        Description = "CSV file: the first column is the class, every other column an attribute.",
        HelpName = "FILE",
        Required = true,
    };
    private static readonly Option<string?> Name = new("--name")
    {
        Description = "Name of the dataset; the folder's name by default.",
        HelpName = "NAME",
    };
    private static readonly Option<string[]> Unseen = new("--unseen")
    {
        Description = "Class that becomes unseen although it has pictures; may be given several times.",
        HelpName = "CLASS",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Scale = new Option<string?>("--scale")
    {
        Description = "Scale of the values; guessed from their range by default.",
    }
        .AcceptOnlyFromAmong("unit", "percent", "raw");
    private static readonly Option<int> Seed = new("--seed")
    {
        Description = "Seed of the splits; 1 by default.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create() =>
        new Command("init", "Start a dataset folder from pictures in class folders and a table of attributes.")
    {
        Folder, Images, Attributes, Name, Unseen, Scale, Seed, Force,
    }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var result = DatasetInit.Create(new DatasetInitOptions
        {
            Target = context.Get(Folder),
            Images = context.Get(Images)!,
            Attributes = context.Get(Attributes)!,
            Name = context.Get(Name),
            Unseen = context.Get(Unseen)!,
            Scale = context.Get(Scale) is { } scale ? Enum.Parse<AttributeScale>(scale, ignoreCase: true) : null,
            Seed = context.Get(Seed),
            Force = context.Get(Force),
        });
        foreach (var note in result.Notes) context.Error.WriteLine(note);
        var folder = result.Folder;
        context.Output.WriteLine(CommandText.Of(folder));
        return ExitCode.Done;
    }
}
