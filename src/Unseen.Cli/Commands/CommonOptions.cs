using System.CommandLine;

namespace Unseen.Cli.Commands;

/// <summary>Options that several commands share, so that they read the same everywhere.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Print JSON for programs." };

    public static Option<string?> Dataset(bool required) =>
        new("--dataset") { Description = "Dataset folder.", HelpName = "DIR", Required = required };

    public static Option<string[]> Features() =>
        new("--features") { Description = "Feature store; may be given several times.", HelpName = "FILE", DefaultValueFactory = _ => [] };

    public static Option<int?> Threads()
    {
        var option = new Option<int?>("--threads") { Description = "Threads of the tensor library; all processors by default.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is < 1) result.AddError("--threads must be at least 1.");
        });
        return option;
    }

    public static Option<bool> Force() => new("--force") { Description = "Replace what is in the output folder." };
}
