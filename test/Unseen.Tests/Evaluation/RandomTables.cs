using CsCheck;
using Unseen.Evaluation;

namespace Unseen.Tests.Evaluation;

/// <summary>Score tables for tests.</summary>
internal static class RandomTables
{
    /// <summary>Small tables with both kinds of classes; half of them have integer scores, so that ties are common.</summary>
    public static readonly Gen<ScoreTable> Any =
        from classes in Gen.Int[2, 40]
        from images in Gen.Int[1, 60]
        from ties in Gen.Bool
        from seed in Gen.Int[0, 1_000_000]
        select Create(classes, images, seed, ties ? 3 : 0);

    /// <summary>
    /// A seeded table: class 0 is seen, the last class unseen, the others by chance; right classes score somewhat higher. Levels: number
    /// of distinct scores, 0 for continuous.
    /// </summary>
    public static ScoreTable Create(int classes, int images, int seed, int levels = 0)
    {
        var random = new Random(seed);
        var seen = Enumerable.Range(0, classes).Select(c => c == 0 || (c < classes - 1 && random.NextDouble() < 0.7)).ToArray();
        var labels = Enumerable.Range(0, images).Select(_ => random.Next(classes)).ToArray();
        var scores = new float[images * classes];
        for (var i = 0; i < scores.Length; i++)
        {
            var value = random.NextSingle() * 4 - 2 + (i % classes == labels[i / classes] ? 1f : 0f) + (seen[i % classes] ? 0.5f : 0f);
            scores[i] = levels == 0 ? value : MathF.Round(value * levels / 4);
        }
        return new(scores, labels, seen);
    }

    /// <summary>The table with multiples of 1/256 as scores, in the same order and all distinct: classes never tie, margins of images often do.</summary>
    public static ScoreTable WithoutTies(ScoreTable table)
    {
        var order = Enumerable.Range(0, table.Images * table.Classes).OrderBy(i => table.Row(i / table.Classes)[i % table.Classes]).ToArray();
        var scores = new float[order.Length];
        foreach (var (rank, place) in order.Index()) scores[place] = rank / 256f;
        return new(scores, table.Labels, table.SeenClass);
    }

    /// <summary>A table whose true class always scores highest, by the same distance.</summary>
    public static ScoreTable Perfect(bool[] seenClass, int[] labels)
    {
        var scores = new float[labels.Length * seenClass.Length];
        for (var i = 0; i < labels.Length; i++) scores[i * seenClass.Length + labels[i]] = 1;
        return new(scores, labels, seenClass);
    }
}
