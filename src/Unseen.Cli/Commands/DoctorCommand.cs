using System.CommandLine;
using Unseen.Cli.Diagnostics;

namespace Unseen.Cli.Commands;

/// <summary>`unseen doctor`.</summary>
internal static class DoctorCommand
{
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() =>
        new Command("doctor", "Show versions, native libraries, instruction sets and memory; exit 0 only if all is usable.")
        {
            Json,
        }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var checks = Doctor.Examine();
        if (context.Get(Json)) context.WriteJson(checks);
        else Print(checks, context.Output);
        return checks.All(check => check.Usable) ? ExitCode.Done : ExitCode.Problem;
    }

    internal static void Print(IReadOnlyList<DoctorCheck> checks, TextWriter output)
    {
        var width = checks.Max(check => check.Name.Length);
        foreach (var check in checks)
        {
            output.WriteLine($"{(check.Usable ? "ok    " : "FAILED")}  {check.Name.PadRight(width)}  {check.Found}");
            if (check.Cure is not null) output.WriteLine($"{new string(' ', width + 10)}{check.Cure}");
        }
    }
}
