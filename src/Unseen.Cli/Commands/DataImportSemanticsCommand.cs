using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import semantics`.</summary>
internal static class DataImportSemanticsCommand
{
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: true);
    private static readonly Option<string> Name = new("--name")
    {
        Description = "Name of the semantics, as --semantics NAME takes it.",
        HelpName = "NAME",
        Required = true,
    };
    private static readonly Option<string[]> Triples = new("--triples")
    {
        Description = "Knowledge graph: lines of head, relation and tail, separated by tabs; may be given several times.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Labels = ImportArguments.Text("--labels",
        "Names of the graph's entities: lines of entity, any relation and names.", "FILE");
    private static readonly Option<int> Hops = new("--hops")
    {
        Description = "Length of the shortest path from a class to what describes it; 1 by default.",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };
    private static readonly Option<string[]> SkipRelations = new("--skip-relation")
    {
        Description = "Relation of the graph to leave out, for example subClassOf; may be given several times.",
        HelpName = "NAME",
        DefaultValueFactory = _ => [],
    };
    private static readonly Option<string?> Vectors = ImportArguments.Text("--vectors",
        "Class vectors: a .mat file or a text table with one line of numbers per class.", "FILE");
    private static readonly Option<string?> Variable = ImportArguments.Text("--variable",
        "Variable of the .mat file with the vectors.", "NAME");
    private static readonly Option<string?> ClassNames = ImportArguments.Text("--class-names",
        "Class of each vector: a text file, or a .mat file with allclasses_names.", "FILE");
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create()
    {
        Hops.Validators.Add(result => CommonOptions.Require(result, hops => hops >= 1, "at least 1"));
        var command = new Command("semantics", "Add class semantics to a dataset folder: a knowledge graph, or ready class vectors.")
        {
            Dataset, Name, Triples, Labels, Hops, SkipRelations, Vectors, Variable, ClassNames, Force,
        };
        command.Validators.Add(result =>
        {
            var (vectors, graph) = (result.GetResult(Vectors) is not null, result.GetResult(Triples) is { Implicit: false });
            if (vectors == graph)
                result.AddError("Give either --triples or --vectors.");
        });
        return command.Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var result = context.Get(Vectors) is { } vectors
            ? SemanticsImporter.ImportVectors(Target(context), new()
            {
                File = vectors,
                Variable = context.Get(Variable),
                ClassNamesFile = context.Get(ClassNames),
            })
            : SemanticsImporter.ImportGraph(Target(context), new()
            {
                Triples = context.Get(Triples)!,
                LabelsFile = context.Get(Labels),
                Hops = context.Get(Hops),
                SkipRelations = context.Get(SkipRelations)!,
            });
        var facts = result.Facts > 0 ? $", {result.Facts} facts in relations.csv" : "";
        context.Output.WriteLine($"{result.Path}: {CommandText.Of(result.Classes, "class", "classes")}, {CommandText.Of(result.Width, "value")} each{facts}.");
        return ExitCode.Done;
    }

    private static SemanticsTarget Target(CommandContext context) =>
        new(context.Get(Dataset)!, context.Get(Name)!, context.Get(Force));
}
