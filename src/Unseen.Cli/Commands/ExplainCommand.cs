using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Unseen.Classification;

namespace Unseen.Cli.Commands;

/// <summary>`unseen explain`.</summary>
internal static class ExplainCommand
{
    private const int DefaultAttributes = 8;
    private const int MaximumNameLength = 60;

    private static readonly Argument<string> RunFolder = CommonOptions.Path("RUN", "Run folder or its model folder.");
    private static readonly Argument<string[]> Images =
        CommonOptions.Paths("IMAGE", "Picture files, folders, patterns with * and ?, or - for a list of files on standard input.");
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
        var files = ImageFiles.Expand(context.Get(Images), () => ImageFiles.ReadLines(Console.In, context.Cancellation)).ToList();
        var count = context.Get(Attributes) ?? DefaultAttributes;
        using var classifier = ZeroShotClassifier.Load(context.Get(RunFolder), new()
        {
            Candidates = Enum.Parse<CandidateClasses>(context.Get(Candidates)!, ignoreCase: true),
            Backbones = context.Get(Backbones) ?? [],
            ThreadsPerImage = 0,
        });
        var explanations = Explain(context, classifier, files, out var failed);
        if (explanations.Count > 0) WriteFiles(folder, explanations, count);
        foreach (var explanation in explanations) WriteText(context.Output, explanation, count);
        if (explanations.Count > 0) context.Error.WriteLine($"Written: {Path.Combine(folder, "explanation.html")}");
        return failed == 0 && explanations.Count > 0 ? ExitCode.Done : ExitCode.Problem;
    }

    /// <summary>A file that cannot be read has its line and does not stop the others.</summary>
    private static List<ImageExplanation> Explain(CommandContext context, ZeroShotClassifier classifier, List<string> files, out int failed)
    {
        var progress = new ProgressLines(context.Error, TimeProvider.System);
        var explanations = new List<ImageExplanation>();
        failed = 0;
        foreach (var (i, file) in files.Index())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            try
            {
                explanations.Add(classifier.Explain(file, context.Get(WhyNot)));
            }
            catch (Features.UnreadableImageException e)
            {
                context.Error.WriteLine(PredictionWriter.Printable(e.Message));
                failed++;
            }
            if (files.Count > 1) progress.Report(new("explain", i + 1, files.Count, "images"));
        }
        return explanations;
    }

    private static void WriteFiles(string folder, List<ImageExplanation> explanations, int count)
    {
        Directory.CreateDirectory(folder);
        foreach (var (i, explanation) in explanations.Index())
            foreach (var evidence in ExplanationPage.Strongest(explanation, count))
                if (explanation.Overlay(evidence) is { } png)
                    AtomicFile.Write(Path.Combine(folder, "pictures", PictureName(i, explanation.Name, evidence.Attribute)), target => target.Write(png));
        AtomicFile.WriteText(Path.Combine(folder, "explanation.json"), JsonSerializer.Serialize(explanations, JsonOutput.Options) + "\n");
        ExplanationPage.Write(Path.Combine(folder, "explanation.html"), explanations, count);
    }

    private static void WriteText(TextWriter output, ImageExplanation e, int count)
    {
        output.WriteLine(PredictionWriter.Printable(e.Name));
        var unseen = e.Answer.Unseen ? "unseen" : "seen";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {e.Answer.Class} ({unseen}), {100 * e.Answer.Probability:F1} %"));
        if (e.Rival is not { } rival) return;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  leads {rival.Class} by {e.Lead:F3}; {e.Rest:F3} of it from calibration and margin"));
        if (e.Evidence.Count == 0) output.WriteLine("  The scores of this method do not come from attributes.");
        foreach (var a in ExplanationPage.Strongest(e, count))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ExplanationPage.WithSign(e, a.Contribution),8}  {a.Phrase}  ({a.AnswerValue:F2} against {a.RivalValue:F2})"));
        if (e.Flips.Count > 0 && e.Flips[0] is var flip)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {flip.Phrase} at {flip.To:F3} instead of {flip.From:F3} would make it {flip.Class}"));
    }

    /// <summary>Number, file and attribute; only letters, digits, dots and dashes reach the file system.</summary>
    private static string PictureName(int index, string file, string attribute) =>
        $"{CommandText.Of(index + 1)}-{Safe(Path.GetFileNameWithoutExtension(file))}-{Safe(attribute)}.png";

    private static string Safe(string text) =>
        string.Concat(text.Take(MaximumNameLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-'));
}
