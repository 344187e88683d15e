using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import awa2|sun|flo|apy`: official layouts that need nothing but a folder and the Proposed Split.</summary>
internal sealed class DataImportLayoutCommand
{
    private readonly ImportArguments shared = new();
    private readonly Argument<string> root;
    private readonly Option<string> split = new("--split")
    {
        Description = "att_splits.mat of the dataset (Proposed Split).",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> allowMissing = new("--allow-missing-images")
    {
        Description = "Leave out images whose file is missing.",
    };
    private readonly Option<string?> classNames = ImportArguments.Text("--class-names",
        "Class names, one per line in label order.", "FILE");
    private readonly Option<string?> wordVectors = ImportArguments.Text("--word-vectors",
        "Attribute word vectors, one line of numbers each.", "FILE");

    private DataImportLayoutCommand(string what) => root = CommonOptions.Text("DIR", what);

    /// <summary>Animals with Attributes 2.</summary>
    public static Command Awa2() => new DataImportLayoutCommand("Folder with JPEGImages and predicates.txt.").Create("awa2",
        "Import the official layout of Animals with Attributes 2.", Awa2Importer.Import, canMiss: false);

    /// <summary>SUN attribute database.</summary>
    public static Command Sun() => new DataImportLayoutCommand("Folder with SUNAttributeDB (images.mat, attributes.mat) and images.")
        .Create("sun", "Import the official layout of the SUN attribute database.", SunImporter.Import, canMiss: true);

    /// <summary>Oxford Flowers 102.</summary>
    public static Command Flowers() => new DataImportLayoutCommand("Folder with imagelabels.mat, setid.mat and jpg.").Create("flo",
        "Import the official layout of Oxford Flowers 102.", FlowersImporter.Import, canMiss: true);

    /// <summary>aPascal and aYahoo.</summary>
    public static Command Apy() => new DataImportLayoutCommand("Folder with attribute_data, VOCdevkit and ayahoo_test_images.")
        .Create("apy", "Import the official layout of aPascal and aYahoo, every object cut out of its picture.", ApyImporter.Import,
        canMiss: true);

    private delegate ImportResult Importer(
        LayoutImportOptions options, IProgress<ProgressUpdate>? progress, CancellationToken cancellation);

    private Command Create(string name, string description, Importer importer, bool canMiss)
    {
        var command = new Command(name, description) { root, split, classNames, wordVectors };
        if (canMiss) command.Add(allowMissing);
        return shared.AddTo(command, withStore: false).Handle(context => shared.Run(context, null,
            (_, progress) => importer(Options(context), progress, context.Cancellation)));
    }

    private LayoutImportOptions Options(CommandContext context) => new()
    {
        Root = context.Get(root),
        SplitFile = context.Get(split)!,
        Output = shared.Output(context),
        ImagesFolder = shared.Images(context),
        AllowMissingImages = context.Get(allowMissing),
        ClassListFolder = shared.ClassLists(context),
        PromptsFile = shared.Prompts(context),
        PromptMappingFile = shared.PromptMapping(context),
        ClassNamesFile = context.Get(classNames),
        WordVectorsFile = context.Get(wordVectors),
        Name = shared.Name(context),
        Force = shared.Force(context),
    };
}
