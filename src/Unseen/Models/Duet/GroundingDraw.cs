namespace Unseen.Models.Duet;

/// <summary>Everything that was drawn for an image of a grounding step; what follows is computation.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Target">The masked attribute a_t; -1 when its class has none.</param>
/// <param name="Masked">The pruned sentence with the target masked, or the template without a target.</param>
/// <param name="Contrast">Images to contrast with, or null when no class suits.</param>
internal sealed record GroundingDraw(int Class, int Target, Sentence Masked, ContrastImages? Contrast)
{
    public bool HasTarget => Target >= 0;
}

/// <summary>Images to contrast one image with: one of c+, then some of each c-; images of a class share its sentence.</summary>
/// <param name="Positive">c+.</param>
/// <param name="Images">Image ids.</param>
/// <param name="Sentences">Pruned sentences with the attribute in sight, of c+ and each c-.</param>
/// <param name="SentenceOf">Sentence of each image.</param>
internal sealed record ContrastImages(int Positive, IReadOnlyList<int> Images, IReadOnlyList<Sentence> Sentences, IReadOnlyList<int> SentenceOf);

/// <summary>Draws targets, sentences and contrasts of a batch.</summary>
internal sealed class GroundingSampler(DuetOptions options, ClassTexts texts, PromptText text, IReadOnlyDictionary<int, int[]> imagesOf)
{
    /// <summary>A draw for every image; null when none of the classes has an attribute to mask.</summary>
    public IReadOnlyList<GroundingDraw>? Draw(int[] classes, Random random)
    {
        GroundingDraw[] draws = [.. classes.Select(c => Draw(c, random))];
        return draws.Any(d => d.HasTarget) ? draws : null;
    }

    private GroundingDraw Draw(int own, Random random)
    {
        var target = texts.DrawTarget(own, random);
        if (target < 0) return new(own, target, new(text.Template(), 0, []), null);
        var sentence = text.Write(texts.Prune(own, target, random), target, masked: true);
        return new(own, target, sentence, options.AttributeContrastWeight > 0 ? DrawContrast(own, target, random) : null);
    }

    /// <summary>Min(z_a, z_a+) of Eq. 15.</summary>
    public float ContrastWeight(GroundingDraw draw) => Math.Min(texts.Degree(draw.Class, draw.Target), texts.Degree(draw.Contrast!.Positive, draw.Target));

    /// <summary>z_a of Eq. 5.</summary>
    public float Degree(GroundingDraw draw) => texts.Degree(draw.Class, draw.Target);

    private ContrastImages? DrawContrast(int own, int target, Random random)
    {
        if (texts.DrawContrast(own, target, random) is not { } contrast) return null;
        var pairs = contrast.Negatives.Prepend((Class: contrast.Positive, Fact: target)).ToArray();
        int[] sentenceOf = [0, .. Enumerable.Range(1, pairs.Length - 1).SelectMany(p => Enumerable.Repeat(p, options.NegativeImages))];
        var stock = new Dictionary<int, Queue<int>>();
        return new(contrast.Positive,
            [.. sentenceOf.Select(p => Take(stock, pairs[p].Class, random))],
            [.. pairs.Select(p => text.Write(texts.Prune(p.Class, p.Fact, random), p.Fact, masked: false))],
            sentenceOf);
    }

    /// <summary>An image of a class; within a contrast none comes twice before all of its class have come once.</summary>
    private int Take(Dictionary<int, Queue<int>> stock, int seenClass, Random random)
    {
        if (!stock.TryGetValue(seenClass, out var images) || images.Count == 0) stock[seenClass] = images = new(Shuffled(imagesOf[seenClass], random));
        return images.Dequeue();
    }

    private static int[] Shuffled(int[] images, Random random)
    {
        int[] copy = [.. images];
        random.Shuffle(copy);
        return copy;
    }
}
