using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import xlsa17`.</summary>
internal static class DataImportXlsa17Command
{
    private static readonly ImportArguments Shared = new();
    private static readonly Option<string> Splits = new("--splits")
    {
        Description = "att_splits.mat of the Proposed Split.",
        HelpName = "FILE",
        Required = true,
    };
    private static readonly Option<string?> Features = ImportArguments.Text("--features",
        "res101.mat with labels, image files and features.", "FILE");
    private static readonly Option<string?> ImageList = ImportArguments.Text("--image-list",
        "CSV (image, label0_xlsa17, split) instead of res101.mat.", "FILE");
    private static readonly Option<string?> ClassNames = ImportArguments.Text("--class-names", "Class names, one per line in label order.",
        "FILE");
    private static readonly Option<string?> AttributeNames = ImportArguments.Text("--attribute-names", "Attribute names, one per line.",
        "FILE");
    private static readonly Option<string?> WordVectors = ImportArguments.Text("--word-vectors",
        "Attribute word vectors, one line of numbers each.", "FILE");

    public static Command Create()
    {
        var command = new Command("xlsa17", "Import att_splits.mat and res101.mat (Xian et al., Proposed Split).")
        {
            Splits, Features, ImageList, ClassNames, AttributeNames, WordVectors,
        };
        return Shared.AddTo(command, withStore: true).Handle(Run);
    }

    private static int Run(CommandContext context) =>
        Shared.Run(context, context.Get(Features),
            (sink, progress) => Xlsa17Importer.Import(Options(context) with { Features = sink }, progress, context.Cancellation));

    private static Xlsa17Options Options(CommandContext context) => new()
    {
        SplitsFile = context.Get(Splits)!,
        Output = Shared.Output(context),
        FeaturesFile = context.Get(Features),
        ImageListFile = context.Get(ImageList),
        ClassNamesFile = context.Get(ClassNames),
        AttributeNamesFile = context.Get(AttributeNames),
        WordVectorsFile = context.Get(WordVectors),
        ClassListFolder = Shared.ClassLists(context),
        PromptsFile = Shared.Prompts(context),
        PromptMappingFile = Shared.PromptMapping(context),
        ImagesFolder = Shared.Images(context),
        Name = Shared.Name(context),
        Force = Shared.Force(context),
    };
}
