namespace Unseen.Training;

/// <summary>Draws the batches of a training run; the batch of a step depends only on the seed and the step.</summary>
public sealed class BatchSampler
{
    private readonly TrainingRecipe recipe;
    private readonly int seed;
    private readonly int[][] imagesOfClass;
    private readonly int count;
    private (long Epoch, int[] Order) shuffle = (-1, []);

    /// <summary>Creates a sampler.</summary>
    /// <param name="recipe">Sampler kind, batch size, ways and shots.</param>
    /// <param name="labels">Class id of every training image.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <exception cref="ConfigurationException">There are no images.</exception>
    public BatchSampler(TrainingRecipe recipe, int[] labels, int seed)
    {
        if (labels.Length == 0) throw new ConfigurationException(["There are no training images: no image of a seen class is in split trainval."]);
        (this.recipe, this.seed, count) = (recipe, seed, labels.Length);
        imagesOfClass = [.. labels.Select((label, index) => (label, index)).GroupBy(p => p.label).OrderBy(g => g.Key)
            .Select(g => g.Select(p => p.index).ToArray())];
    }

    /// <summary>Steps of one epoch: as many as it takes to see about as many images as there are.</summary>
    public int StepsPerEpoch => recipe.Sampler switch
    {
        SamplerKind.Shuffled => (count + BatchSize - 1) / BatchSize,
        _ => Math.Max(1, count / BatchSize),
    };

    private int BatchSize => recipe.Sampler switch
    {
        SamplerKind.ClassBalanced => Math.Min(recipe.BatchSize, imagesOfClass.Length),
        SamplerKind.Episodes => Math.Min(recipe.Ways, imagesOfClass.Length) * recipe.Shots,
        _ => Math.Min(recipe.BatchSize, count),
    };

    /// <summary>Indices into the training images of step 0, 1, ...</summary>
    public int[] Batch(long step)
    {
        var random = new Random(StepSeed.Of(seed, StepSeed.Sampling, step));
        return recipe.Sampler switch
        {
            SamplerKind.Random => Choose(random, count, BatchSize),
            SamplerKind.Shuffled => ShuffledBatch(step),
            SamplerKind.ClassBalanced => Episode(random, BatchSize, 1),
            _ => Episode(random, Math.Min(recipe.Ways, imagesOfClass.Length), recipe.Shots),
        };
    }

    private int[] ShuffledBatch(long step)
    {
        var (epoch, position) = Math.DivRem(step, StepsPerEpoch);
        if (shuffle.Epoch != epoch)
            shuffle = (epoch, Choose(new Random(StepSeed.Of(seed, StepSeed.Sampling, -1 - epoch)), count, count));
        return [.. shuffle.Order.Skip((int)position * BatchSize).Take(BatchSize)];
    }

    private int[] Episode(Random random, int ways, int shots) =>
        [.. Choose(random, imagesOfClass.Length, ways).SelectMany(c => ChooseOrRepeat(random, imagesOfClass[c], shots))];

    /// <summary>Without replacement while the class has enough images.</summary>
    private static IEnumerable<int> ChooseOrRepeat(Random random, int[] images, int shots)
    {
        var order = Choose(random, images.Length, Math.Min(shots, images.Length));
        return Enumerable.Range(0, shots).Select(i => images[order[i % order.Length]]);
    }

    /// <summary>The first <paramref name="take"/> entries of a random permutation (partial Fisher-Yates).</summary>
    private static int[] Choose(Random random, int count, int take)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < take; i++)
        {
            var j = random.Next(i, count);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order[..take];
    }
}
