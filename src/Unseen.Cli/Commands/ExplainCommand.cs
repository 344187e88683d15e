using System.CommandLine;
using System.Globalization;
using Unseen.Classification;

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
    private static readonly Option<bool> Force = CommonOptions.Force();

    public static Command Create() => new Command("explain", "Say why pictures get their answers: attributes, where the model looks, what would flip the answer.")
    {
        RunFolder, Images, Out, WhyNot, Attributes, Candidates, Backbones, Force,
    }.Handle(Run);

    private static int Run(CommandContext context)
    {
        var folder = OutputFolder.Require(context.Get(Out)!, context.Get(Force));
        var input = ImageFiles.Expand(context.Get(Images), () => ImageFiles.ReadLines(Console.In, context.Cancellation));
        foreach (var problem in input.Problems) context.Error.WriteLine(PredictionWriter.Printable(problem));
        var count = context.Get(Attributes) ?? DefaultAttributes;
        using var classifier = LoadedClassifier.Load(context.Get(RunFolder), new()
        {
            Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
            Backbones = context.Get(Backbones) ?? [],
            ThreadsPerImage = 0,
        });
        var failed = input.Problems.Count;
        var written = new ExplanationFiles(folder, count);
        var done = written.Write(Explain(context, classifier, [.. input.Files], count, () => failed++));
        if (done > 0) context.Error.WriteLine($"Written: {string.Join(", ", written.Pages)}");
        return failed == 0 && done > 0 ? ExitCode.Done : ExitCode.Problem;
    }

    /// <summary>A file that cannot be read or scored has its line and does not stop the others; a wrong class stops at once.</summary>
    private static IEnumerable<ImageExplanation> Explain(
        CommandContext context, ZeroShotClassifier classifier, List<string> files, int attributes, Action fail)
    {
        var progress = new ProgressLines(context.Error, TimeProvider.System);
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
                context.Error.WriteLine(PredictionWriter.Printable(e.Message));
                fail();
            }
            if (explanation is not null)
            {
                WriteText(context.Output, explanation, attributes);
                yield return explanation;
            }
            if (files.Count > 1) progress.Report(new("explain", i + 1, files.Count, "images"));
        }
    }

    private static void WriteText(TextWriter output, ImageExplanation e, int count)
    {
        output.WriteLine(PredictionWriter.Printable(e.Name));
        var unseen = e.Answer.Unseen ? "unseen" : "seen";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {e.Answer.Class} ({unseen}), {100 * e.Answer.Probability:F1} %"));
        if (e.Rival is not { } rival) return;
        var rest = e.Evidence.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; {Math.Round(e.Rest, 3) + 0.0:F3} of it from calibration and margin");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  leads {rival.Class} by {e.Lead:F3}{rest}"));
        if (e.Evidence.Count == 0) output.WriteLine("  The scores of this method do not come from attributes.");
        foreach (var a in ExplanationPage.Strongest(e, count))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ExplanationPage.WithSign(e, a.Contribution),8}  {a.Phrase}  ({a.AnswerValue:F2} against {a.RivalValue:F2})"));
        if (e.DecidingCount > 0) output.WriteLine($"  without {ExplanationPage.Deciding(e, count)} it would not lead");
        if (e.Flips.Count > 0 && e.Flips[0] is var flip)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {flip.Phrase} at {flip.To:F3} instead of {flip.From:F3} would {ExplanationPage.Effect(flip)}")
                + (flip.IsWithin ? "" : ", which is beyond all that the model predicts here"));
    }
}
