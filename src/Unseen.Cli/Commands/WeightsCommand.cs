using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen weights`: files of published weights.</summary>
internal static class WeightsCommand
{
    public static Command Create() => new("weights", "Look into files of published weights.") { WeightsCheckCommand.Create() };
}
