using System.CommandLine;
using System.Globalization;
using Unseen.Classification;
using Unseen.Data;
using Unseen.Features;

namespace Unseen.Cli.Commands;

/// <summary>`unseen explain`.</summary>
internal static class ExplainCommand
{
    private const int DefaultAttributes = 8;

    private static readonly Argument<string> RunFolder = CommonOptions.Text("RUN", "Run folder or its model folder.");
    private static readonly Argument<string[]> Images =
        CommonOptions.Texts("IMAGE", "Picture files, folders, patterns with *, ? and **, or - for a list of files on standard input.");
    private static readonly Option<string> Out = CommonOptions.Output("Folder for the page, the JSON and the pictures.", "DIR");
    private static readonly Option<string?> WhyNot = new("--why-not")
    {
        Description = "Class to compare the answer with, instead of the second best.",
        HelpName = "CLASS",
    };
    private static readonly Option<int?> Attributes =
        CommonOptions.AtLeastOne("--attributes", $"Attributes shown of each picture, the strongest for or against; {DefaultAttributes} by default.");
    private static readonly Option<string> Candidates = CommonOptions.Candidates();
    private static readonly Option<string[]> Backbones = CommonOptions.Backbones();
    private static readonly Option<int?> Threads = CommonOptions.Threads("Threads of the backbone and of the tensor library");
    private static readonly Option<string?> Precision = CommonOptions.Precision();
    private static readonly Option<long?> MaximumPixels = CommonOptions.MaximumPixels(ImageDecoder.DefaultMaximumPixels);
    private static readonly Option<string?> Dataset = new("--dataset")
    {
        Description = "Dataset folder that holds the pictures: what their true classes have stands beside what prompts read.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create() => new Command("explain", "Say why pictures get their answers: attributes, where the model looks, what would flip the answer.")
    {
        RunFolder, Images, Out, WhyNot, Attributes, Candidates, Backbones, Threads, Precision, MaximumPixels, Dataset, Force,
    }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var folder = OutputFolder.Require(context.Get(Out)!, context.Get(Force));
        var input = ImageFiles.Expand(context.Get(Images), () => StandardInput.Lines(context.Cancellation));
        input.Tell(context.Error);
        List<string> files = [.. input.Files];
        if (files.Count == 0)
        {
            if (input.Problems.Count == 0) context.Error.WriteLine(ImageFiles.NoPicture);
            return ExitCode.Problem;
        }
        var truth = context.Get(Dataset) is { } dataset ? Truth(DatasetReader.Open(dataset)) : [];
        var count = context.Get(Attributes) ?? DefaultAttributes;
        if (context.Get(Threads) is { } threads) TorchThreads.Use(threads);
        using var classifier = LoadedClassifier.Load(context.Get(RunFolder), new()
        {
            Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
            Backbones = context.Get(Backbones) ?? [],
            Precision = CommonOptions.PrecisionOf(context.Get(Precision)),
            MaximumPixels = context.Get(MaximumPixels) ?? ImageDecoder.DefaultMaximumPixels,
            ThreadsPerImage = context.Get(Threads) ?? 0,
        });
        var failed = input.Problems.Count;
        var written = new ExplanationFiles(folder, count);
        int Write(IProgress<ProgressUpdate>? progress) => written.Write(Explain(context, classifier, files, progress).Select(Told));
        try
        {
            var done = files.Count == 1 ? Write(progress: null) : context.WithProgress(Write, writesResults: true);
            return failed == 0 && done > 0 ? ExitCode.Done : ExitCode.Problem;
        }
        finally
        {
            if (written.Pages.Count > 0) context.Error.WriteLine($"Written: {string.Join(", ", written.Pages)}");
        }

        ExplainedFile Told(ExplainedFile file)
        {
            if (file.Error is { } error)
            {
                context.Error.WriteLine(PrintableWriter.OneLine(error));
                failed++;
            }
            if (file.Explanation is not { } e) return file;
            if (truth.TryGetValue(Path.GetFullPath(e.Name), out var trueClass)) e = classifier.WithTruth(e, trueClass);
            WriteText(context.Output, e, count);
            return file with { Explanation = e };
        }
    }

    /// <summary>A file that cannot be read or scored does not stop the others; a wrong class stops at once.</summary>
    private static IEnumerable<ExplainedFile> Explain(
        CommandContext context, ZeroShotClassifier classifier, List<string> files, IProgress<ProgressUpdate>? progress)
    {
        foreach (var (i, file) in files.Index())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            yield return Explain(classifier, file, context.Get(WhyNot));
            progress?.Report(new("explain", i + 1, files.Count, "images"));
        }
    }

    private static ExplainedFile Explain(ZeroShotClassifier classifier, string file, string? whyNot)
    {
        try { return new(file, classifier.Explain(file, whyNot), null); }
        catch (UnseenException e) when (e is not UnknownNameException) { return new(file, null, e.Message); }
    }

    /// <summary>The true classes of a dataset's pictures, by full path.</summary>
    private static Dictionary<string, string> Truth(DatasetFolder dataset) => dataset.Images
        .ToDictionary(image => Path.GetFullPath(dataset.ImagePath(image)), image => dataset.Classes[image.Class].Name, StringComparer.Ordinal);

    private static void WriteText(TextWriter output, ImageExplanation e, int count)
    {
        output.WriteLine(PrintableWriter.OneLine(e.Name));
        var unseen = e.Answer.Unseen ? "unseen" : "seen";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {e.Answer.Class} ({unseen}), {100 * e.Answer.Probability:F1} %{(e.TrueClass is { } truth ? $"; the dataset says {truth}" : "")}"));
        if (e.Rival is not { } rival) return;
        var rest = e.Evidence.Count == 0 ? "" : $"; {ExplanationPage.Plain(e, e.Rest)} of it from calibration and margin";
        output.WriteLine($"  leads {rival.Class} by {ExplanationPage.Plain(e, e.Lead)}{rest}");
        if (e.Evidence.Count == 0) output.WriteLine("  The scores of this method do not come from attributes.");
        foreach (var a in ExplanationPage.Strongest(e, count))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ExplanationPage.WithSign(e, a.Contribution),8}  {a.Phrase}  ({a.AnswerValue:F2} against {a.RivalValue:F2})"));
        if (e.DecidingCount > 0) output.WriteLine($"  without {ExplanationPage.Deciding(e, count)} it would not lead");
        if (e.Flips.FirstOrDefault(f => f.IsWithin) is { } flip)
            output.WriteLine($"  {flip.Phrase} at {ExplanationPage.Plain(e, flip.To)} instead of {ExplanationPage.Plain(e, flip.From)} would {ExplanationPage.Effect(flip)}");
        else if (e.Evidence.Count > 0)
            output.WriteLine($"  {ExplanationPage.Changed(e, count)}");
    }
}
