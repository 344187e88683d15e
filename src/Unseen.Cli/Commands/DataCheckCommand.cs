using System.CommandLine;
using Unseen.Data;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data check`.</summary>
internal static class DataCheckCommand
{
    private static readonly Argument<string> Folder = CommonOptions.Text("DIR", "Dataset folder.");
    private static readonly Option<bool> NoDecode = new("--no-decode")
    {
        Description = "Only look whether pictures are there, do not decode them.",
    };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() =>
        new Command("check", "Name every problem of a dataset folder with file and line; exit 1 if any is an error.")
        {
            Folder, NoDecode, Json,
        }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var options = new DatasetCheckOptions { DecodeImages = !context.Get(NoDecode) };
        var problems = context.WithProgress(progress => DatasetCheck.Run(context.Get(Folder), options, progress, context.Cancellation));
        if (context.Get(Json)) context.WriteJson(problems);
        else Print(problems, context.Output);
        return problems.Any(problem => !problem.IsWarning) ? ExitCode.Problem : ExitCode.Done;
    }

    private static void Print(IReadOnlyList<DatasetProblem> problems, TextWriter output)
    {
        foreach (var problem in problems)
        {
            var place = problem.Line > 0 ? $"{problem.File}:{problem.Line}" : problem.File;
            output.WriteLine($"{place}: {(problem.IsWarning ? "warning" : "error")}: {problem.Message}");
        }
        var errors = problems.Count(problem => !problem.IsWarning);
        output.WriteLine($"Errors: {errors}, warnings: {problems.Count - errors}.");
    }
}
