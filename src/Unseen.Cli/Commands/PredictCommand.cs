using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Unseen.Classification;

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
    private static readonly Option<string?> Precision = new Option<string?>("--precision")
    {
        Description = "Number format of the large matrix products of the model; as in training by default.",
    }
        .AcceptOnlyFromAmong("f32", "bf16");

    public static Command Create()
    {
        var command = new Command("predict", "Name what pictures show, with probabilities, by a trained model.")
        {
            RunFolder, Images, Top, Json, Csv, Candidates, Backbones, Threads, Precision,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(Json) is { Implicit: false } && result.GetResult(Csv) is { Implicit: false })
                result.AddError("Give --json or --csv, not both.");
        });
        return command.Handle(Run);
    }

    private static int Run(CommandContext context)
    {
        var input = ImageFiles.Expand(context.Get(Images), () => ImageFiles.ReadLines(Console.In, context.Cancellation));
        foreach (var problem in input.Problems) context.Error.WriteLine(PredictionWriter.Printable(problem));
        if (input.Files is IReadOnlyList<string> { Count: 0 }) return ExitCode.Problem;
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        var single = input.Files is IReadOnlyList<string> { Count: 1 };
        using var classifier = LoadedClassifier.Load(context.Get(RunFolder), Options(context, single));
        if (!classifier.IsCalibrated)
            context.Error.WriteLine("The model has no temperature from validation: probabilities are softmax with T = 1. Ranks do not depend on it.");
        var clock = Stopwatch.StartNew();
        var (done, failed) = Write(context, classifier, input.Files, single ? null : new ProgressLines(context.Error, TimeProvider.System));
        if (!single)
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{done} images in {clock.Elapsed.TotalSeconds:0.0} s, {done / clock.Elapsed.TotalSeconds:0.0} images/s, {failed} not readable."));
        if (done + failed == 0) context.Error.WriteLine("There was no picture: the list on standard input was empty.");
        return failed + input.Problems.Count == 0 && done > 0 ? ExitCode.Done : ExitCode.Problem;
    }

    private static (int Done, int Failed) Write(
        CommandContext context, ZeroShotClassifier classifier, IEnumerable<string> files, IProgress<ProgressUpdate>? progress)
    {
        var top = context.Get(Top) ?? DefaultTop;
        var (done, failed) = (0, 0);
        using PredictionWriter writer = context.Get(Json) ? new JsonPredictions(context.Output)
            : context.Get(Csv) ? new CsvPredictions(context.Output) : new TextPredictions(context.Output);
        foreach (var file in classifier.ClassifyFiles(files, progress, context.Cancellation))
        {
            if (file.Image is { } image)
            {
                writer.Write(file.Path, image.Top(top));
                done++;
                continue;
            }
            writer.WriteFailed(file.Path, file.Error!.Message);
            context.Error.WriteLine(PredictionWriter.Printable(file.Error!.Message));
            failed++;
        }
        return (done, failed);
    }

    private static ClassifierOptions Options(CommandContext context, bool single) => new()
    {
        Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
        Precision = context.Get(Precision) is { } precision ? Enum.Parse<Precision>(precision, ignoreCase: true) : null,
        Workers = context.Get(Threads) ?? 0,
        ThreadsPerImage = single ? context.Get(Threads) ?? 0 : 1,
        Backbones = context.Get(Backbones) ?? [],
    };
}
