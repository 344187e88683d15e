using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN import FILE`.</summary>
internal static class ClassesImportCommand
{
    private static readonly Argument<string> Table = CommonOptions.Text("FILE", "CSV file: class, attributes, perhaps split.");
    private static readonly Option<bool> Replace = new("--replace") { Description = "Also change classes that the model has already." };

    public static Command Create() => new Command("import", "Add the classes of a CSV file, in the scale of the dataset.")
    {
        Table, Replace, ClassesCommand.DryRun, ClassesCommand.Json,
    }
        .WithFilling().Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var additions = classes.Import(context.Get(Table), ClassesCommand.Filling(context), context.Get(Replace));
        return ClassesCommand.Finish(context, classes, "Imported", additions);
    }
}
