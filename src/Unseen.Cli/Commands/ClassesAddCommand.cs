using System.CommandLine;
using Unseen.Classification;

namespace Unseen.Cli.Commands;

/// <summary>`unseen classes RUN add CLASS`.</summary>
internal static class ClassesAddCommand
{
    private static readonly Argument<string> Name = CommonOptions.Text("CLASS", "Name of the new class.");
    private static readonly Option<string?> Describe = new("--describe")
    {
        Description = "Sentence that names attributes by their phrases; each gets the value 1.",
        HelpName = "TEXT",
    };

    public static Command Create() => new Command("add", "Add an unseen class that is described by attributes.")
    {
        Name, AttributeArguments.Optional, Describe, ClassesCommand.DryRun, ClassesCommand.Json,
    }
        .WithFilling().Handle(Run);

    private static int Run(CommandContext context)
    {
        var classes = ClassesCommand.Open(context);
        var attributes = new Dictionary<string, float>();
        classes.RequireAttributes();
        if (context.Get(Describe) is { } sentence) Read(context, classes, sentence, attributes);
        foreach (var (name, value) in AttributeArguments.Parse(context.Get(AttributeArguments.Optional))) attributes[name] = value;
        var addition = classes.Add(context.Get(Name), attributes, ClassesCommand.Filling(context));
        return ClassesCommand.Finish(context, classes, "Added", [addition]);
    }

    private static void Read(CommandContext context, ModelClasses classes, string sentence, Dictionary<string, float> attributes)
    {
        var described = DescribedAttributes.Read(sentence, classes.Record.Attributes);
        foreach (var note in described.Notes) context.Error.WriteLine(note);
        foreach (var match in described.Matches) attributes[match.Attribute] = 1;
        if (described.Matches.Count == 0)
            throw new UnseenException("The sentence names no attribute of the model. Use words of the phrases in attributes.csv, for example "
                + $"'{classes.Record.Attributes[0].Phrase}', or give attributes as name=value.");
    }
}
