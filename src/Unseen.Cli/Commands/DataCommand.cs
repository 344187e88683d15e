using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data`: everything about dataset folders.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Make, check and describe dataset folders.")
    {
        DataInitCommand.Create(),
        DataCheckCommand.Create(),
        DataInfoCommand.Create(),
        DataImportCommand.Create(),
        DataRenderCommand.Create(),
    };
}
