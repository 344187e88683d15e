using System.CommandLine;
using System.Globalization;
using Unseen.Models.Encoders;

namespace Unseen.Cli.Commands;

/// <summary>`unseen weights check`.</summary>
internal static class WeightsCheckCommand
{
    private static readonly Argument<string> File = CommonOptions.Text("FILE", "Safetensors file of weights, or folder with one npy file per weight.");
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() =>
        new Command("check", "Say what a weight file is and whether it fits; exit 1 if it does not.") { File, Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var file = WeightFile.Inspect(context.Get(File));
        if (context.Get(Json)) context.WriteJson(file);
        else Print(file, context.Output);
        return file.Fits ? ExitCode.Done : ExitCode.Problem;
    }

    private static void Print(WeightFile file, TextWriter output)
    {
        var table = new TextTable("architecture", file.Architecture ?? "unknown");
        foreach (var (name, value) in file.Sizes) table.Add(name, value);
        table.Add("tensors", file.Tensors.ToString(CultureInfo.InvariantCulture));
        table.Add("numbers", file.Parameters.ToString("N0", CultureInfo.InvariantCulture));
        table.Add("types", string.Join(", ", file.Types));
        table.Write(output);
        if (file.Report is { } report) output.WriteLine(report.ToString().ReplaceLineEndings(output.NewLine));
        if (file.Problem is { } problem) output.WriteLine(problem);
        output.WriteLine(file.Fits ? "The file fits." : "The file does not fit.");
    }
}
