using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen config`.</summary>
internal static class ConfigCommand
{
    public static Command Create() => new("config", "Show the configuration of an experiment.") { ConfigPrintCommand.Create() };
}
