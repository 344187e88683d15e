using System.CommandLine;
using Unseen.Data.Import;

namespace Unseen.Cli.Commands;

/// <summary>`unseen data import hdf5`.</summary>
internal static class DataImportHdf5Command
{
    private static readonly ImportArguments Shared = new();
    private static readonly Argument<string> Source = CommonOptions.Text("FILE",
        "Feature map file, for example feature_map_ResNet_101_CUB.hdf5.");
    private static readonly Option<string?> ClassNames = ImportArguments.Text("--class-names", "Class names, one per line in label order.",
        "FILE");
    private static readonly Option<string?> AttributeNames = ImportArguments.Text("--attribute-names", "Attribute names, one per line.",
        "FILE");
    private static readonly Option<string?> ImageNames = ImportArguments.Text("--image-names", "Image files, one per line in row order.",
        "FILE");

    public static Command Create() => Shared
        .AddTo(new Command("hdf5", "Import an HDF5 file of region features (DAZLE family).")
        {
            Source, ClassNames, AttributeNames, ImageNames,
        }, withStore: true)
        .Handle(Run);

    private static int Run(CommandContext context) =>
        Shared.Run(context, context.Get(Source),
            (sink, progress) => Hdf5Importer.Import(Options(context) with { Features = sink }, progress, context.Cancellation));

    private static Hdf5ImportOptions Options(CommandContext context) => new()
    {
        FeaturesFile = context.Get(Source),
        Output = Shared.Output(context),
        ClassNamesFile = context.Get(ClassNames),
        AttributeNamesFile = context.Get(AttributeNames),
        ImageNamesFile = context.Get(ImageNames),
        ClassListFolder = Shared.ClassLists(context),
        PromptsFile = Shared.Prompts(context),
        PromptMappingFile = Shared.PromptMapping(context),
        ImagesFolder = Shared.Images(context),
        Name = Shared.Name(context),
        Force = Shared.Force(context),
    };
}
