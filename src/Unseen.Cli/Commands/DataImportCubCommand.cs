using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import cub`.</summary>
internal static class DataImportCubCommand
{
    private static readonly ImportArguments Shared = new();
    private static readonly Argument<string> Root = CommonOptions.Text("DIR", "Folder CUB_200_2011 with images.txt.");
    private static readonly Option<string> Split = new("--split")
    {
        Description = "att_splits.mat of CUB, or a CSV with the columns image and split.",
        HelpName = "FILE",
        Required = true,
    };
    private static readonly Option<bool> Crop = new("--crop") { Description = "Cut every picture to its bounding box." };
    private static readonly Option<bool> AllowMissing = new("--allow-missing-images")
    {
        Description = "Leave out images whose file is missing.",
    };
    private static readonly Option<string?> WordVectors = ImportArguments.Text("--word-vectors",
        "Attribute word vectors, one line of numbers each.", "FILE");

    public static Command Create() => Shared
        .AddTo(new Command("cub", "Import the official layout of CUB-200-2011, with attributes and part places.")
        {
            Root, Split, Crop, AllowMissing, WordVectors,
        }, withStore: false)
        .Handle(Run);

    private static int Run(CommandContext context) =>
        Shared.Run(context, null, (_, progress) => CubImporter.Import(Options(context), progress, context.Cancellation));

    private static CubImportOptions Options(CommandContext context)
    {
        var options = new CubImportOptions
        {
            Root = context.Get(Root),
            SplitFile = context.Get(Split)!,
            Output = Shared.Output(context),
            ImagesFolder = Shared.Images(context),
            Crop = context.Get(Crop) ? CubCrop.BoundingBox : CubCrop.None,
            AllowMissingImages = context.Get(AllowMissing),
            ClassListFolder = Shared.ClassLists(context),
            PromptsFile = Shared.Prompts(context),
            PromptMappingFile = Shared.PromptMapping(context),
            WordVectorsFile = context.Get(WordVectors),
            Force = Shared.Force(context),
        };
        return Shared.Name(context) is { } name ? options with { Name = name } : options;
    }
}
