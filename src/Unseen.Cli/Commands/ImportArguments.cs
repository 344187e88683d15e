using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>The options that all layouts of `unseen data import` share, and the way a finished import is told.</summary>
internal sealed class ImportArguments
{
    private readonly Option<string> output = CommonOptions.Output("Dataset folder to write.", "DIR");
    private readonly Option<string?> name = Text("--name", "Name of the dataset.", "NAME");
    private readonly Option<string?> images = Text("--images", "Folder of the pictures.", "DIR");
    private readonly Option<string?> classLists = Text("--class-lists",
        "Folder with valclasses1.txt and so on, for the validation columns.", "DIR");
    private readonly Option<string?> prompts = Text("--prompts",
        "Prompt group of every attribute by its index (JSON), as DUET's attributeindex2prompt.json.", "FILE");
    private readonly Option<string?> mapping = Text("--mapping", "Words of some attributes by their index (JSON), as DUET's mapping.json.", "FILE");
    private readonly Option<string?> store = Text("--store", "Also write the features to this feature store (.safetensors).", "FILE");
    private readonly Option<bool> force = CommonOptions.Force();

    /// <summary>An option with a text or file.</summary>
    public static Option<string?> Text(string name, string description, string helpName) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>Adds the shared options; layouts without features have no --store.</summary>
    public Command AddTo(Command command, bool withStore)
    {
        foreach (var option in (Option[])[output, name, images, classLists, prompts, mapping, force]) command.Add(option);
        if (withStore) command.Add(store);
        return command;
    }

    public string Output(CommandContext context) => context.Get(output)!;

    public string? Name(CommandContext context) => context.Get(name);

    public string? Images(CommandContext context) => context.Get(images);

    public string? ClassLists(CommandContext context) => context.Get(classLists);

    public string? Prompts(CommandContext context) => context.Get(prompts);

    public string? PromptMapping(CommandContext context) => context.Get(mapping);

    public bool Force(CommandContext context) => context.Get(force);

    /// <summary>Imports, with the features into a store when the user asked for one.</summary>
    public int Run(CommandContext context, string? features, Func<FeatureStoreSink?, IProgress<ProgressUpdate>, ImportResult> import)
    {
        using var sink = context.Get(store) is { } file
            ? new FeatureStoreSink(file, features ?? throw new ConfigurationException(["--store needs a file with features."]),
                Images(context) ?? Path.Combine(Output(context), "images"), force: Force(context))
            : null;
        var result = context.WithProgress(progress => import(sink, progress));
        sink?.Complete();
        foreach (var warning in result.Warnings) context.Error.WriteLine($"warning: {warning}");
        context.Output.WriteLine($"{result.Path}: {result.SeenClasses} seen and {result.UnseenClasses} unseen classes, "
            + $"{result.Attributes} attributes, "
            + $"{result.Trainval} trainval, {result.TestSeen} test_seen and {result.TestUnseen} test_unseen images.");
        return ExitCode.Done;
    }
}
