using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Features;

namespace Unseen.Cli.Commands;

/// <summary>`unseen extract`.</summary>
internal static class ExtractCommand
{
    private static readonly Option<string?> Dataset = CommonOptions.Dataset(required: true);
    private static readonly Option<string> Backbone = new("--backbone") { Description = "ONNX file.", HelpName = "FILE", Required = true };
    private static readonly Option<string> Out = CommonOptions.Output("Feature store to write (.safetensors).", "FILE");
    private static readonly Option<string?> Layer = new("--layer")
    {
        Description = "Output or inner result to read; the model's only output by default.",
        HelpName = "NAME",
    };
    private static readonly Option<string?> Grid = new("--grid")
    {
        Description = "Regions as rows x columns, for example 7x7.",
        HelpName = "HxW",
    };
    private static readonly Option<int?> DropTokens = new("--drop-tokens")
    {
        Description = "Leading tokens to leave out of a token output.",
        HelpName = "N",
    };
    private static readonly Option<string> ElementType = new Option<string>("--dtype")
    {
        Description = "Number format of the store.",
        DefaultValueFactory = _ => "f16",
    }
        .AcceptOnlyFromAmong("f16", "bf16", "f32");
    private static readonly Option<string?> Part = new("--shard")
    {
        Description = "Extract part i of n (i from 0); taken from the job scheduler's environment by default.",
        HelpName = "i/n",
    };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Continue what an earlier process began." };
    private static readonly Option<bool> SkipUnreadable = new("--skip-unreadable")
    {
        Description = "Leave out pictures that cannot be decoded.",
    };
    private static readonly Option<bool> Force = CommonOptions.Force();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Pictures in work at the same time");

    static ExtractCommand()
    {
        Part.Validators.Add(result => Refuse(result, text => Shard.Parse(text)));
        Grid.Validators.Add(result => Refuse(result, text => FeatureGrid.Parse(text)));
    }

    private static void Refuse(OptionResult result, Action<string> parse)
    {
        try
        {
            if (result.Tokens is [var token]) parse(token.Value);
        }
        catch (ConfigurationException e)
        {
            result.AddError($"{result.Option.Name}: {e.Message}");
        }
    }

    public static Command Create()
    {
        var command = new Command("extract", "Compute the features of all pictures of a dataset with an ONNX backbone.")
        {
            Dataset, Backbone, Out, Layer, Grid, DropTokens, ElementType, Part, Resume, SkipUnreadable, Force, Threads,
            ExtractMergeCommand.Create(),
        };
        return command.RefuseBoth(Resume, Force).Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var options = Options(context, DatasetReader.Open(context.Get(Dataset)!));
        using var backbone = OnnxBackbone.Load(context.Get(Backbone)!, new BackboneOptions
        {
            Layer = context.Get(Layer),
            Grid = context.Get(Grid) is { } grid ? FeatureGrid.Parse(grid) : null,
            DropTokens = context.Get(DropTokens),
            Threads = 1,
        });
        var result = context.WithProgress(progress => FeatureExtractor.Run(backbone, options, progress, context.Cancellation));
        foreach (var picture in result.Unreadable) context.Error.WriteLine($"left out: {picture.Message}");
        context.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Store}: {CommandText.Of(result.Images, "image")}, {result.Resumed} of them from before, {result.ImagesPerSecond:0.0} images/s."));
        return ExitCode.Done;
    }

    private static ExtractionOptions Options(CommandContext context, DatasetFolder dataset)
    {
        var shard = context.Get(Part) is { } part ? Shard.Parse(part) : Shard.FromEnvironment(Environment.GetEnvironmentVariable);
        return new ExtractionOptions
        {
            Images = ImageSource.Of(dataset),
            Output = context.Get(Out)!,
            ElementType = Enum.Parse<SafetensorsType>(context.Get(ElementType)!, ignoreCase: true),
            Shard = shard,
            Resume = context.Get(Resume),
            Force = context.Get(Force),
            SkipUnreadable = context.Get(SkipUnreadable),
            Workers = context.Get(Threads) ?? 0,
        };
    }
}
