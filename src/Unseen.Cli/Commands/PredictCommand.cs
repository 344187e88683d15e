using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Unseen.Classification;
using Unseen.Features;

namespace Unseen.Cli.Commands;

/// <summary>`unseen predict`.</summary>
internal static class PredictCommand
{
    private const int DefaultTop = 5;

    private static readonly Argument<string> RunFolder = CommonOptions.Text("RUN", "Run folder or its model folder.");
    private static readonly Argument<string[]> Images =
        CommonOptions.Texts("IMAGE", "Picture files, folders, patterns with *, ? and **, or - for a list of files on standard input.");
    private static readonly Option<int?> Top = CommonOptions.AtLeastOne("--top", $"Classes per picture, best first; {DefaultTop} by default.");
    private static readonly Option<bool> Json = CommonOptions.Json();
    private static readonly Option<bool> Csv = new("--csv") { Description = "Print CSV, a line per class." };
    private static readonly Option<string> Candidates = CommonOptions.Candidates();
    private static readonly Option<string[]> Backbones = CommonOptions.Backbones();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Pictures in work at the same time, and threads of the tensor library");
    private static readonly Option<string?> Precision = CommonOptions.Precision();
    private static readonly Option<long?> MaximumPixels = CommonOptions.MaximumPixels(ImageDecoder.DefaultMaximumPixels);

    public static Command Create()
    {
        var command = new Command("predict", "Name what pictures show, with probabilities, by a trained model.")
        {
            RunFolder, Images, Top, Json, Csv, Candidates, Backbones, Threads, Precision, MaximumPixels,
        };
        return command.RefuseBoth(Json, Csv).Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var input = ImageFiles.Expand(context.Get(Images), () => StandardInput.Lines(context.Cancellation));
        input.Tell(context.Error);
        if (input.Files is IReadOnlyList<string> { Count: 0 })
        {
            Writer(context).Dispose();          // an empty table
            return ExitCode.Problem;
        }
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        var single = input.Files is IReadOnlyList<string> { Count: 1 };
        using var classifier = LoadedClassifier.Load(context.Get(RunFolder), Options(context, single));
        if (!classifier.IsCalibrated)
            context.Error.WriteLine("The model has no temperature from validation: probabilities are softmax with T = 1. Ranks do not depend on it.");
        var clock = Stopwatch.StartNew();
        var (done, failed) = single ? Write(context, classifier, input.Files, progress: null)
            : context.WithProgress(progress => Write(context, classifier, input.Files, progress), writesResults: true);
        if (!single)
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{CommandText.Of(done + failed, "image")} in {clock.Elapsed.TotalSeconds:0.0} s, {(done + failed) / clock.Elapsed.TotalSeconds:0.0} images/s, {failed} not readable."));
        if (done + failed == 0) context.Error.WriteLine(ImageFiles.NoPicture);
        return failed + input.Problems.Count == 0 && done > 0 ? ExitCode.Done : ExitCode.Problem;
    }

    private static (int Done, int Failed) Write(
        CommandContext context, ZeroShotClassifier classifier, IEnumerable<string> files, IProgress<ProgressUpdate>? progress)
    {
        var top = context.Get(Top) ?? DefaultTop;
        var (done, failed) = (0, 0);
        using var writer = Writer(context);
        foreach (var file in classifier.ClassifyFiles(files, progress, context.Cancellation))
        {
            if (file.Image is { } image)
            {
                writer.Write(file.Path, image.Top(top));
                done++;
                continue;
            }
            writer.WriteFailed(file.Path, file.Error!.Message);
            context.Error.WriteLine(PrintableWriter.OneLine(file.Error!.Message));
            failed++;
        }
        return (done, failed);
    }

    private static PredictionWriter Writer(CommandContext context) => context.Get(Json) ? new JsonPredictions(context.Output)
        : context.Get(Csv) ? new CsvPredictions(context.Raw) : new TextPredictions(context.Output);

    private static ClassifierOptions Options(CommandContext context, bool single) => new()
    {
        Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
        Precision = CommonOptions.PrecisionOf(context.Get(Precision)),
        MaximumPixels = context.Get(MaximumPixels) ?? ImageDecoder.DefaultMaximumPixels,
        Workers = context.Get(Threads) ?? 0,
        ThreadsPerImage = single ? context.Get(Threads) ?? 0 : 1,
        Backbones = context.Get(Backbones) ?? [],
    };
}
