using Unseen.Data;

namespace Unseen.Models.Duet;

/// <summary>
/// Which facts the seen classes have, and the random choices of grounding: the masked attribute (Eq. 2), pruning, and the classes to contrast
/// with (Eq. 16-20).
/// </summary>
internal sealed class ClassTexts
{
    private static readonly string[] AbstractPrompts = ["habit", "diet", "behaviour", "role"];

    private readonly DuetOptions options;
    private readonly int[] promptOf;
    private readonly float[,] degrees;  // [classes, facts], 0..1
    private readonly bool[,] has;       // [classes, facts]
    private readonly int[] seen;
    private readonly double[] weights;  // [facts], of Eq. 2
    private readonly double[,] distance; // [classes, classes], of Eq. 18, seen classes only

    /// <summary>Finds presence, weights and distances.</summary>
    /// <param name="options">Threshold, sampling, share of candidates.</param>
    /// <param name="facts">Facts of all classes of the problem; only those of seen classes are read.</param>
    /// <param name="promptOf">Prompt of each fact.</param>
    /// <param name="seen">Ids of the seen classes.</param>
    public ClassTexts(DuetOptions options, ClassFacts facts, int[] promptOf, int[] seen)
    {
        (this.options, this.promptOf, this.seen) = (options, promptOf, seen);
        // The authors' code stretches the values of class vectors of length 1.
        degrees = Scaled(options.LossForm == DuetLossForm.Code ? OfLengthOne(facts.Degrees) : facts.Degrees, seen);
        has = Presence(facts.Degrees, promptOf, seen, options.PresenceThreshold);
        weights = [.. Enumerable.Range(0, promptOf.Length).Select(f => Weight(f, facts.Facts[f].Prompt))];
        distance = Distances(degrees, seen);
    }

    /// <summary>
    /// z_a, how much a seen class has of a fact: values of all seen classes and facts stretched to 0..1 together, in the form of the authors' code those of
    /// rows of length 1.
    /// </summary>
    public float Degree(int seenClass, int fact) => degrees[seenClass, fact];

    /// <summary>Whether a seen class has a fact.</summary>
    public bool Has(int seenClass, int fact) => has[seenClass, fact];

    /// <summary>The facts of a seen class, ascending.</summary>
    public int[] FactsOf(int seenClass) => [.. Enumerable.Range(0, promptOf.Length).Where(f => has[seenClass, f])];

    /// <summary>Draws the attribute to be masked; -1 when the class has none.</summary>
    public int DrawTarget(int seenClass, Random random)
    {
        var facts = FactsOf(seenClass);
        return facts.Length == 0 ? -1 : facts[WeightedDraw.One(Chances(facts), random)];
    }

    /// <summary>Probabilities with which the facts of a class are masked.</summary>
    internal double[] Chances(int[] facts)
    {
        double[] chances = options.MaskSampling == DuetMaskSampling.Uniform ? [.. facts.Select(_ => 1.0)] : [.. facts.Select(f => weights[f])];
        if (options.MaskSampling == DuetMaskSampling.LinearWeightedStretched && chances.Max() > chances.Min())
        {
            var (low, high) = (chances.Min(), chances.Max());
            chances = Array.ConvertAll(chances, c => (c - low) / (high - low));
        }
        var sum = chances.Sum();
        return Array.ConvertAll(chances, c => c / sum);
    }

    /// <summary>
    /// Random attribute pruning: the target and what is left of the others, ascending. Which others go is drawn uniformly, all alike (Eq. 2 is about the
    /// target only); of those that stay beyond the limit, the ones to keep are drawn with the weights of masking, as in the authors' code.
    /// </summary>
    public int[] Prune(int seenClass, int target, Random random)
    {
        var others = FactsOf(seenClass).Where(f => f != target).ToArray();
        random.Shuffle(others);
        int[] kept = options.Pruning == DuetPruning.Independent
            ? [.. others.Where(_ => random.NextDouble() >= options.PruningRatio)]
            : [.. others.Take(others.Length - (int)Math.Round(options.PruningRatio * others.Length, MidpointRounding.AwayFromZero))];
        return [.. (options.AttributeLimit > 0 && kept.Length > options.AttributeLimit ? Limited(kept, target, random) : kept).Append(target).Order()];
    }

    /// <summary>As many as the limit allows; weights are stretched, if they are, over the target too.</summary>
    private IEnumerable<int> Limited(int[] others, int target, Random random) =>
        WeightedDraw.Several(Chances([.. others, target])[..^1], options.AttributeLimit, random).Select(place => others[place]);

    /// <summary>
    /// Draws a class c+ that has the target as well and is unlike otherwise (Eq. 20), and classes c- that have another attribute of its prompt
    /// instead and are alike (Eq. 19); null when there is none of either.
    /// </summary>
    /// <remarks>
    /// Classes c- are drawn one after the other, each in proportion to 1/Dist² among those that are left; with fewer candidates than
    /// <see cref="DuetOptions.NegativeClasses"/> each comes before any comes again. Which of several attributes of c- becomes a^{c-} is drawn
    /// uniformly (inferred: the paper does not say; as in the authors' code).
    /// </remarks>
    /// <param name="own">Seen class of the image.</param>
    /// <param name="target">a_t, which it has.</param>
    /// <param name="random">Random numbers.</param>
    public AttributeContrast? DrawContrast(int own, int target, Random random)
    {
        var positives = seen.Where(c => c != own && has[c, target]).ToArray();
        var negatives = seen.Where(c => c != own && !has[c, target]).Select(c => (Class: c, Facts: Instead(own, c, promptOf[target])))
            .Where(n => n.Facts.Length > 0).ToArray();
        if (positives.Length == 0 || negatives.Length == 0) return null;
        var farther = Best(positives, c => Square(distance[own, c]));
        var nearer = Best(negatives, n => 1 / Math.Max(Square(distance[own, n.Class]), 1e-12));
        var chosen = WeightedDraw.Several(nearer.Weights, options.NegativeClasses, random).Select(place => nearer.Items[place])
            .Select(n => (n.Class, n.Facts[random.Next(n.Facts.Length)])).ToArray();
        return new(farther.Items[WeightedDraw.One(farther.Weights, random)], chosen);
    }

    /// <summary>a^{c-}: facts of the same prompt that the other class has and the own class lacks (Eq. 17).</summary>
    private int[] Instead(int own, int other, int prompt) =>
        [.. Enumerable.Range(0, promptOf.Length).Where(f => promptOf[f] == prompt && has[other, f] && !has[own, f])];

    /// <summary>The best share of the candidates and one more, as the authors' code counts its half, with their weights.</summary>
    private (T[] Items, double[] Weights) Best<T>(T[] candidates, Func<T, double> weight)
    {
        T[] best = [.. candidates.OrderByDescending(weight).Take(1 + (int)(options.CandidateShare * candidates.Length))];
        return (best, Array.ConvertAll(best, c => weight(c)));
    }

    private double Weight(int fact, string prompt)
    {
        var count = seen.Count(c => has[c, fact]);
        if (options.MaskSampling == DuetMaskSampling.LinearWeightedStretched && AbstractPrompts.Contains(prompt, StringComparer.Ordinal)) count += 3;
        return 1.0 / Math.Max(count, 1);
    }

    /// <summary>At or above the threshold, and the strongest of each prompt if the class has anything of it.</summary>
    internal static bool[,] Presence(float[,] degrees, int[] promptOf, int[] classes, double threshold)
    {
        var has = new bool[degrees.GetLength(0), promptOf.Length];
        var least = (float)threshold;       // a value that was written like the threshold reaches it
        foreach (var c in classes)
        {
            for (var f = 0; f < promptOf.Length; f++) has[c, f] = degrees[c, f] >= least && degrees[c, f] > 0;
            foreach (var prompt in Enumerable.Range(0, promptOf.Length).GroupBy(f => promptOf[f]))
                if (prompt.MaxBy(f => degrees[c, f]) is var strongest && degrees[c, strongest] > 0) has[c, strongest] = true;
        }
        return has;
    }

    private static float[,] OfLengthOne(float[,] values)
    {
        var unit = new float[values.GetLength(0), values.GetLength(1)];
        for (var c = 0; c < values.GetLength(0); c++)
        {
            var length = Math.Sqrt(Enumerable.Range(0, values.GetLength(1)).Sum(f => Square(values[c, f])));
            for (var f = 0; f < values.GetLength(1); f++) unit[c, f] = (float)(values[c, f] / Math.Max(length, 1e-12));
        }
        return unit;
    }

    private static float[,] Scaled(float[,] values, int[] classes)
    {
        var all = classes.SelectMany(c => Enumerable.Range(0, values.GetLength(1)).Select(f => values[c, f])).DefaultIfEmpty().ToArray();
        var (low, range) = (all.Min(), Math.Max(all.Max() - all.Min(), 1e-12f));
        var scaled = new float[values.GetLength(0), values.GetLength(1)];
        foreach (var c in classes)
            for (var f = 0; f < values.GetLength(1); f++) scaled[c, f] = (values[c, f] - low) / range;
        return scaled;
    }

    /// <summary>Manhattan distances (Eq. 18).</summary>
    private static double[,] Distances(float[,] degrees, int[] classes)
    {
        var distances = new double[degrees.GetLength(0), degrees.GetLength(0)];
        foreach (var a in classes)
            foreach (var b in classes)
                for (var f = 0; f < degrees.GetLength(1); f++)
                    distances[a, b] += Math.Abs(degrees[a, f] - degrees[b, f]);
        return distances;
    }

    private static double Square(double x) => x * x;
}

/// <summary>Classes to contrast an attribute with.</summary>
/// <param name="Positive">c+, which has the attribute as well.</param>
/// <param name="Negatives">c- with the attribute it has instead.</param>
internal sealed record AttributeContrast(int Positive, IReadOnlyList<(int Class, int Fact)> Negatives);
