namespace Unseen.Data;

/// <summary>
/// One fold of the clean protocol: some seen classes play the unseen ones, and a fifth of the images of the other seen classes plays
/// the seen test images. All images are trainval images. It depends on names and the seed only, not on the order of lines in the files.
/// </summary>
public sealed record ValidationSplit
{
    /// <summary>Fewest seen classes for which a fold is made when classes.csv has no validation column.</summary>
    public const int FewestClasses = 6;

    private ValidationSplit() { }

    /// <summary>Ids of the seen classes that train, ascending.</summary>
    public required int[] TrainingClasses { get; init; }

    /// <summary>Ids of the seen classes that play the unseen classes, ascending.</summary>
    public required int[] ValidationClasses { get; init; }

    /// <summary>Ids of the images that train, ascending: at least one per training class.</summary>
    public required int[] Train { get; init; }

    /// <summary>
    /// Ids of the held-out images of the training classes (a fifth per class, none of a class with a single image), ascending.
    /// </summary>
    public required int[] ValidationSeen { get; init; }

    /// <summary>Ids of all trainval images of the validation classes, ascending.</summary>
    public required int[] ValidationUnseen { get; init; }

    /// <summary>Number of folds: the validation columns; without any, one when there are enough seen classes, else none.</summary>
    public static int FoldCount(DatasetFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (folder.ValidationFolds.Count > 0) return folder.ValidationFolds.Count;
        return folder.Classes.Count(c => c.Seen) >= FewestClasses ? 1 : 0;
    }

    /// <summary>
    /// Makes a fold; null when classes.csv has no validation column and fewer than <see cref="FewestClasses"/> seen classes (the
    /// caller then uses gamma 0 and says so). Without a column, a seeded third of the seen classes validates.
    /// </summary>
    /// <param name="folder">The dataset.</param>
    /// <param name="fold">Index of the validation column, from 0; 0 when there is none.</param>
    /// <param name="seed">Seed of the held-out images, and of the validation classes when there is no column.</param>
    public static ValidationSplit? Create(DatasetFolder folder, int fold, int seed)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(fold);
        var folds = FoldCount(folder);
        if (folds == 0) return null;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(fold, folds);
        var validation = ValidationNames(folder, fold, seed);
        var seen = Enumerable.Range(0, folder.Classes.Count).Where(c => folder.Classes[c].Seen)
            .ToLookup(c => validation.Contains(folder.Classes[c].Name));
        var split = Split(folder, [.. seen[false]], [.. seen[true]], seed);
        split.RequireDisjoint(folder);
        return split;
    }

    private static HashSet<string> ValidationNames(DatasetFolder folder, int fold, int seed)
    {
        var seen = folder.Classes.Where(c => c.Seen).ToList();
        return folder.ValidationFolds.Count > 0
            ? [.. seen.Where(c => c.Validation[fold]).Select(c => c.Name)]
            : [.. SeededOrder.Shuffle(seen.Select(c => c.Name), seed, "validation classes").Take(SeededOrder.Third(seen.Count))];
    }

    private static ValidationSplit Split(DatasetFolder folder, int[] training, int[] validation, int seed)
    {
        var images = folder.ImagesOf(ImageSplit.Trainval).ToLookup(i => folder.Images[i].Class);
        var held = training.SelectMany(c => HeldOut(folder, c, images[c], seed)).ToHashSet();
        return new()
        {
            TrainingClasses = training,
            ValidationClasses = validation,
            Train = [.. training.SelectMany(c => images[c]).Where(i => !held.Contains(i)).Order()],
            ValidationSeen = [.. held.Order()],
            ValidationUnseen = [.. validation.SelectMany(c => images[c]).Order()],
        };
    }

    private static IEnumerable<int> HeldOut(DatasetFolder folder, int @class, IEnumerable<int> images, int seed)
    {
        var ids = images.ToDictionary(i => folder.Images[i].File, StringComparer.Ordinal);
        return SeededOrder.Shuffle(ids.Keys, seed, folder.Classes[@class].Name).Take(SeededOrder.Fifth(ids.Count))
            .Select(file => ids[file]);
    }

    private void RequireDisjoint(DatasetFolder folder)
    {
        var all = (int[])[.. Train, .. ValidationSeen, .. ValidationUnseen];
        if (all.Distinct().Count() < all.Length || all.Any(i => folder.Images[i].Split != ImageSplit.Trainval))
            throw new InvalidOperationException("Training and validation images overlap each other or the test images.");
    }
}
