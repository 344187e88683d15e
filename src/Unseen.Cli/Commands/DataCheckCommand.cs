using System.CommandLine;
using Unseen.Data;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data check`.</summary>
internal static class DataCheckCommand
{
    private static readonly Argument<string> Folder = new("DIR") { Description = "Dataset folder." };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() =>
        new Command("check", "Name every problem of a dataset folder with file and line; exit 1 if any is an error.") { Folder, Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var problems = DatasetReader.Read(context.Get(Folder)).Problems;
        if (context.Get(Json)) context.WriteJson(problems);
        else Print(problems, context);
        return problems.Any(problem => !problem.IsWarning) ? ExitCode.Problem : ExitCode.Done;
    }

    private static void Print(IReadOnlyList<DatasetProblem> problems, CommandContext context)
    {
        foreach (var problem in problems)
        {
            var place = problem.Line > 0 ? $"{problem.File}:{problem.Line}" : problem.File;
            context.Output.WriteLine($"{place}: {(problem.IsWarning ? "warning" : "error")}: {problem.Message}");
        }
        var errors = problems.Count(problem => !problem.IsWarning);
        context.Output.WriteLine($"{errors} errors, {problems.Count - errors} warnings.");
    }
}
