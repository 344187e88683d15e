namespace Unseen.Synthetic;

/// <summary>Word vectors as real ones behave: attributes that share a word are alike.</summary>
internal static class SketchWordVectors
{
    /// <summary>One row per attribute: the sum of one random direction per word of its phrase.</summary>
    public static float[,] Of(SketchBirdsOptions options)
    {
        var table = SketchAttributes.Table;
        var vectors = new float[table.Count, options.WordVectorLength];
        for (var a = 0; a < table.Count; a++)
            foreach (var word in table[a].Phrase.Split(' '))
            {
                var direction = Direction(word, options);
                for (var d = 0; d < direction.Length; d++)
                    vectors[a, d] += (float)direction[d];
            }
        return vectors;
    }

    /// <summary>A random unit vector that depends on the seed and the word only.</summary>
    private static double[] Direction(string word, SketchBirdsOptions options)
    {
        var random = SketchRandom.For(options.Seed, "word " + word);
        double[] values = [.. Enumerable.Range(0, options.WordVectorLength).Select(_ => random.Normal())];
        var length = Math.Sqrt(values.Sum(v => v * v));
        return [.. values.Select(v => v / length)];
    }
}
