using System.CommandLine;
using System.Globalization;
using Unseen.Classification;
using Unseen.Features;
using Unseen.Data;

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
        RunFolder, Images, Out, WhyNot, Attributes, Candidates, Backbones, Precision, MaximumPixels, Dataset, Force,
    }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var folder = OutputFolder.Require(context.Get(Out)!, context.Get(Force));
        var input = ImageFiles.Expand(context.Get(Images), () => ImageFiles.ReadLines(Console.In, context.Cancellation));
        foreach (var problem in input.Problems) context.Error.WriteLine(PrintableWriter.OneLine(problem));
        List<string> files = [.. input.Files];
        if (files.Count == 0)
        {
            if (input.Problems.Count == 0) context.Error.WriteLine(ImageFiles.NoPicture);
            return ExitCode.Problem;
        }
        var truth = context.Get(Dataset) is { } dataset ? Truth(DatasetReader.Open(dataset)) : [];
        var count = context.Get(Attributes) ?? DefaultAttributes;
        using var classifier = LoadedClassifier.Load(context.Get(RunFolder), new()
        {
            Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
            Backbones = context.Get(Backbones) ?? [],
            Precision = CommonOptions.PrecisionOf(context.Get(Precision)),
            MaximumPixels = context.Get(MaximumPixels) ?? ImageDecoder.DefaultMaximumPixels,
            ThreadsPerImage = 0,
        });
        var failed = input.Problems.Count;
        var written = new ExplanationFiles(folder, count);
        int Write(IProgress<ProgressUpdate>? progress) => written.Write(Explain(context, classifier, files, progress, () => failed++)
            .Select(e => truth.TryGetValue(Path.GetFullPath(e.Name), out var trueClass) ? classifier.WithTruth(e, trueClass) : e)
            .Select(e => Told(context.Output, e, count)));
        var done = files.Count == 1 ? Write(progress: null) : context.WithProgress(Write, writesResults: true);
        if (done > 0) context.Error.WriteLine($"Written: {string.Join(", ", written.Pages)}");
        return failed == 0 && done > 0 ? ExitCode.Done : ExitCode.Problem;
    }

    /// <summary>A file that cannot be read or scored has its line and does not stop the others; a wrong class stops at once.</summary>
    private static IEnumerable<ImageExplanation> Explain(
        CommandContext context, ZeroShotClassifier classifier, List<string> files, IProgress<ProgressUpdate>? progress, Action fail)
    {
        foreach (var (i, file) in files.Index())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            ImageExplanation? explanation = null;
            try
            {
                explanation = classifier.Explain(file, context.Get(WhyNot));
            }
            catch (UnseenException e) when (e is not UnknownNameException)
            {
                context.Error.WriteLine(PrintableWriter.OneLine(e.Message));
                fail();
            }
            if (explanation is not null) yield return explanation;
            progress?.Report(new("explain", i + 1, files.Count, "images"));
        }
    }

    /// <summary>The true classes of a dataset's pictures, by full path.</summary>
    private static Dictionary<string, string> Truth(DatasetFolder dataset) => dataset.Images
        .ToDictionary(image => Path.GetFullPath(dataset.ImagePath(image)), image => dataset.Classes[image.Class].Name, StringComparer.Ordinal);

    private static ImageExplanation Told(TextWriter output, ImageExplanation explanation, int count)
    {
        WriteText(output, explanation, count);
        return explanation;
    }

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
        if (e.Flips.Count > 0 && e.Flips[0] is var flip)
            output.WriteLine($"  {flip.Phrase} at {ExplanationPage.Plain(e, flip.To)} instead of {ExplanationPage.Plain(e, flip.From)} would {ExplanationPage.Effect(flip)}"
                + (flip.IsWithin ? "" : ", which is beyond all that the model predicts here"));
    }
}
