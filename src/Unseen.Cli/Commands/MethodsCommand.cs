using System.CommandLine;
using Unseen.Experiments;

namespace Unseen.Cli.Commands;

/// <summary>`unseen methods`.</summary>
internal static class MethodsCommand
{
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() => new Command("methods", "List the methods with their papers and presets.") { Json }.Handle(Run);

    private static int Run(CommandContext context)
    {
        if (context.Get(Json)) context.WriteJson(MethodCatalog.All.Select(Describe));
        else Print(context.Output);
        return ExitCode.Done;
    }

    private static void Print(TextWriter output)
    {
        var methods = new TextTable("method", "title", "paper");
        var presets = new TextTable("method", "preset", "description");
        foreach (var method in MethodCatalog.All)
        {
            methods.Add(method.Id, method.Title, method.Paper);
            foreach (var preset in method.Presets) presets.Add(method.Id, preset.Name, preset.Description);
        }
        methods.Write(output);
        output.WriteLine();
        presets.Write(output);
    }

    private static object Describe(MethodDescriptor method) => new
    {
        method.Id,
        method.Title,
        method.Paper,
        method.ScoreScale,
        method.UsesUnseenSemantics,
        Presets = method.Presets.Select(preset => new { preset.Name, preset.Description }),
    };
}
