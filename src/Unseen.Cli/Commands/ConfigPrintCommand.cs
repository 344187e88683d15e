using System.CommandLine;
using Unseen.Experiments.Configuration;

namespace Unseen.Cli.Commands;

/// <summary>`unseen config print`.</summary>
internal static class ConfigPrintCommand
{
    private static readonly ExperimentArguments Experiment = new();
    private static readonly Option<bool> Plain = new("--no-comments") { Description = "Leave the explanations out." };

    public static Command Create()
    {
        var command = new Command("print", "Print the complete configuration as YAML, with every key explained.") { Plain };
        Experiment.AddTo(command);
        return command.Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var config = ExperimentConfigLoader.Load(Experiment.Read(context));
        context.Output.Write(ConfigWriter.Write(config, comments: !context.Get(Plain)));
        return ExitCode.Done;
    }
}
