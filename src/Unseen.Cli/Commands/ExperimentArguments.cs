using System.CommandLine;
using Unseen.Experiments.Configuration;

namespace Unseen.Cli.Commands;

/// <summary>The options that describe an experiment. Options of their own win over --set, and --set wins over --config.</summary>
internal sealed class ExperimentArguments
{
    private readonly Option<string?> config = new("--config") { Description = "Configuration file (YAML).", HelpName = "FILE" };
    private readonly Option<string[]> set = CommonOptions.Set("training.epochs=5");
    private readonly Option<string?> method = new("--method") { Description = "Method; 'unseen methods' lists them.", HelpName = "M" };
    private readonly Option<string?> preset = new("--preset")
    {
        Description = "Named options of the method to begin from.",
        HelpName = "NAME",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(method);
        command.Add(preset);
        command.Add(config);
        command.Add(set);
    }

    /// <summary>The configuration as the user wrote it.</summary>
    public ConfigDocument Read(CommandContext context)
    {
        var document = context.Get(config) is { } file ? ConfigDocument.Load(file) : ConfigDocument.Empty();
        foreach (var assignment in context.Get(set)!) document.Set(assignment);
        Overlay(document, context, method, "method");
        Overlay(document, context, preset, "preset");
        return document;
    }

    /// <summary>Gives a key the value of an option, when the user wrote the option.</summary>
    public static void Overlay(ConfigDocument document, CommandContext context, Option<string?> option, string key)
    {
        if (context.Get(option) is { } value) document.SetText(key, value, $"{option.Name} {value}");
    }
}
