using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import`: one command per layout.</summary>
internal static class DataImportCommand
{
    public static Command Create() => new("import", "Make a dataset folder from the files of a published benchmark.")
    {
        DataImportXlsa17Command.Create(),
        DataImportHdf5Command.Create(),
        DataImportCubCommand.Create(),
        DataImportLayoutCommand.Awa2(),
        DataImportLayoutCommand.Sun(),
        DataImportLayoutCommand.Flowers(),
        DataImportLayoutCommand.Apy(),
        DataImportSemanticsCommand.Create(),
    };
}
