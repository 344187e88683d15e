using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>What a model says about one picture. Immutable: later changes of the classes do not reach it.</summary>
public sealed class ClassifiedImage
{
    private readonly ScoredClasses classes;
    private readonly float[] scores;
    private readonly CandidateClasses candidates;

    internal ClassifiedImage(string name, ScoredClasses classes, float[] scores, CandidateClasses candidates)
    {
        (Name, this.classes, this.scores, this.candidates) = (name, classes, scores, candidates);
        if (!Array.TrueForAll(scores, float.IsFinite))
            throw new UnseenException($"{name}: the model gives a score that is not a finite number. Try --precision f32.");
    }

    /// <summary>File or name of the picture.</summary>
    public string Name { get; }

    /// <summary>The most probable classes, best first, among the candidates of <see cref="ClassifierOptions.Candidates"/>.</summary>
    /// <param name="count">How many, at least 1; fewer are given when there are fewer candidates.</param>
    public IReadOnlyList<Prediction> Top(int count) => Top(count, candidates);

    /// <summary>The most probable classes, best first.</summary>
    /// <param name="count">How many, at least 1; fewer are given when there are fewer candidates.</param>
    /// <param name="among">Classes that the picture may belong to.</param>
    public IReadOnlyList<Prediction> Top(int count, CandidateClasses among)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var calibrated = Calibrated(among, out var ids);
        if (ids.Length == 0) return [];
        var highest = calibrated.Max();
        var powers = Array.ConvertAll(calibrated, score => Math.Exp((score - highest) / classes.Temperature));
        var sum = powers.Sum();
        // As in evaluation: among equals the unseen class, then the first one.
        return [.. Enumerable.Range(0, ids.Length)
            .OrderByDescending(i => calibrated[i]).ThenBy(i => classes.Entries[ids[i]].Seen).ThenBy(i => ids[i])
            .Take(count).Select(i => Prediction(ids[i], powers[i] / sum))];
    }

    /// <summary>What the model says about one class, among the candidates of <see cref="ClassifierOptions.Candidates"/>.</summary>
    /// <exception cref="UnknownNameException">The class is unknown or no candidate.</exception>
    public Prediction Of(string className) =>
        Find(className) is { } entry && Top(int.MaxValue).FirstOrDefault(p => p.Class == entry.Name) is { } prediction ? prediction : throw NoCandidate(className);

    /// <summary>Calibrated scores of all classes; minus infinity for those that are no candidates.</summary>
    internal double[] Calibrated() => [.. classes.Entries.Select((entry, c) =>
        IsCandidate(entry.Seen, candidates) ? scores[c] - (entry.Seen ? classes.Gamma : 0) : double.NegativeInfinity)];

    private double[] Calibrated(CandidateClasses among, out int[] ids)
    {
        ids = [.. Enumerable.Range(0, scores.Length).Where(c => IsCandidate(classes.Entries[c].Seen, among))];
        return Array.ConvertAll(ids, c => scores[c] - (classes.Entries[c].Seen ? classes.Gamma : 0));
    }

    private static bool IsCandidate(bool seen, CandidateClasses among) => among switch
    {
        CandidateClasses.Seen => seen,
        CandidateClasses.Unseen => !seen,
        _ => true,
    };

    private UnknownNameException NoCandidate(string className) => Find(className) is { } present
        ? new($"'{className}' is {(present.Seen ? "a seen" : "an unseen")} class, and the candidates are the {candidates.ToString().ToLowerInvariant()} classes only. "
            + "Ask with all classes as candidates.")
        : ClassNames.Unknown(className, [.. classes.Entries.Where(c => IsCandidate(c.Seen, candidates))]);

    private ModelClass? Find(string className) => ModelRecord.FindClass(className, classes.Entries);

    private Prediction Prediction(int id, double probability) => new(classes.Entries[id].Name, probability, scores[id], !classes.Entries[id].Seen);
}

/// <summary>A picture file of a batch: its result, or why there is none.</summary>
/// <param name="Path">File as it was given.</param>
/// <param name="Image">What the model says, or null.</param>
/// <param name="Error">Why the file could not be read, or null.</param>
public sealed record ClassifiedFile(string Path, ClassifiedImage? Image, UnseenException? Error);
