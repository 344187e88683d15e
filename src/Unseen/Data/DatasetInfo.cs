using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>The figures of a dataset, as in the papers' table of datasets.</summary>
public sealed record DatasetInfo
{
    /// <summary>Name of the dataset.</summary>
    public required string Name { get; init; }

    /// <summary>Number of seen classes.</summary>
    public required int SeenClasses { get; init; }

    /// <summary>Number of unseen classes.</summary>
    public required int UnseenClasses { get; init; }

    /// <summary>Number of all classes.</summary>
    public int Classes => SeenClasses + UnseenClasses;

    /// <summary>Number of all images.</summary>
    public int Images => Trainval + TestSeen + TestUnseen;

    /// <summary>The benchmark of that name, or null.</summary>
    public PublishedDataset? Published => PublishedDataset.Of(Name);

    /// <summary>Where the dataset differs from the published figures of that name; empty when it agrees or there are none.</summary>
    public IReadOnlyList<string> PublishedDifferences => Published?.Differences(this) ?? [];

    /// <summary>Number of classes without any picture.</summary>
    public required int ClassesWithoutImages { get; init; }

    /// <summary>Number of trainval images.</summary>
    public required int Trainval { get; init; }

    /// <summary>Number of test_seen images.</summary>
    public required int TestSeen { get; init; }

    /// <summary>Number of test_unseen images.</summary>
    public required int TestUnseen { get; init; }

    /// <summary>The validation columns, in file order.</summary>
    public required IReadOnlyList<FoldInfo> Folds { get; init; }

    /// <summary>Images per class, over the classes that have pictures.</summary>
    public required ImagesPerClass ImagesPerClass { get; init; }

    /// <summary>The values of class_attributes.csv.</summary>
    public required AttributeInfo Attributes { get; init; }

    /// <summary>Number of groups in attributes.csv.</summary>
    public int AttributeGroups { get; init; }

    /// <summary>Groups with a single attribute.</summary>
    public int GroupsOfOneAttribute { get; init; }

    /// <summary>How often attributes occur and come together; null for values of scale raw unless it was said which of them count.</summary>
    public AttributeStatistics? Statistics { get; init; }

    /// <summary>The same for the facts of relations.csv; null without any.</summary>
    public AttributeStatistics? RelationStatistics { get; init; }

    /// <summary>Width of the attribute word vectors; 0 without them.</summary>
    public required int WordVectorWidth { get; init; }

    /// <summary>Names of the parts that occur in attributes.csv or parts.csv, in ordinal order.</summary>
    public required IReadOnlyList<string> PartNames { get; init; }

    /// <summary>Number of part places in parts.csv.</summary>
    public required int PartPlaces { get; init; }

    /// <summary>Number of facts in relations.csv.</summary>
    public required int Relations { get; init; }

    /// <summary>Width of every other class semantics, by name.</summary>
    public required IReadOnlyDictionary<string, int> OtherSemantics { get; init; }

    /// <summary>Counts a dataset; a class has the attributes whose value (0..1) is at least 0.5.</summary>
    public static DatasetInfo Of(DatasetFolder folder) => Of(folder, presence: null);

    /// <summary>Counts a dataset.</summary>
    /// <param name="folder">Dataset.</param>
    /// <param name="presence">
    /// A class has an attribute when its value (0..1) reaches this and is above 0; for <see cref="Statistics"/>. 0.5 when null. Values of scale raw are
    /// compared as they stand, and are not counted when null.
    /// </param>
    public static DatasetInfo Of(DatasetFolder folder, double? presence)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var groups = Data.AttributeGroups.Of(folder.Attributes);
        var perClass = folder.Images.CountBy(i => i.Class).Select(c => c.Value).Order().ToArray();
        return new()
        {
            Name = folder.Name,
            SeenClasses = folder.Classes.Count(c => c.Seen),
            UnseenClasses = folder.Classes.Count(c => !c.Seen),
            ClassesWithoutImages = folder.Classes.Count - perClass.Length,
            Trainval = folder.Images.Count(i => i.Split == ImageSplit.Trainval),
            TestSeen = folder.Images.Count(i => i.Split == ImageSplit.TestSeen),
            TestUnseen = folder.Images.Count(i => i.Split == ImageSplit.TestUnseen),
            Folds = [.. folder.ValidationFolds.Select((name, fold) => FoldInfo.Of(folder, name, fold))],
            ImagesPerClass = ImagesPerClass.Of(perClass),
            Attributes = AttributeInfo.Of(folder),
            AttributeGroups = groups.Count,
            GroupsOfOneAttribute = groups.OfOne,
            Statistics = presence is null && folder.ClassAttributes.Scale == AttributeScale.Raw ? null
                : AttributeStatistics.Of(folder, presence ?? AttributeStatistics.DefaultThreshold, AttributeStatistics.DefaultPairs),
            RelationStatistics = folder.Relations.Count == 0 ? null : AttributeStatistics.OfRelations(folder, AttributeStatistics.DefaultPairs),
            WordVectorWidth = folder.WordVectors?.GetLength(1) ?? 0,
            PartNames = [.. folder.Attributes.SelectMany(a => a.Parts).Concat(folder.Parts.Select(p => p.Part)).Distinct()
                .Order(StringComparer.Ordinal)],
            PartPlaces = folder.Parts.Count,
            Relations = folder.Relations.Count,
            OtherSemantics = folder.OtherSemantics.ToDictionary(s => s.Key, s => s.Value.Attributes),
        };
    }
}

/// <summary>One validation column of classes.csv, counted over trainval images.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="TrainingClasses">Seen classes that train.</param>
/// <param name="ValidationClasses">Seen classes that play the unseen classes.</param>
/// <param name="TrainingImages">Trainval images of the training classes (a fifth of them is held out as val-seen).</param>
/// <param name="ValidationImages">Trainval images of the validation classes.</param>
public sealed record FoldInfo(string Name, int TrainingClasses, int ValidationClasses, int TrainingImages, int ValidationImages)
{
    internal static FoldInfo Of(DatasetFolder folder, string name, int fold)
    {
        var trainval = folder.Images.Where(i => i.Split == ImageSplit.Trainval).CountBy(i => folder.Classes[i.Class].Validation[fold])
            .ToDictionary();
        var validation = folder.Classes.Count(c => c.Seen && c.Validation[fold]);
        return new(name, folder.Classes.Count(c => c.Seen) - validation, validation, trainval.GetValueOrDefault(false),
            trainval.GetValueOrDefault(true));
    }
}

/// <summary>How many images the classes have.</summary>
/// <param name="Minimum">Fewest.</param>
/// <param name="Median">Median; the mean of the two middle values when their number is even.</param>
/// <param name="Maximum">Most.</param>
public sealed record ImagesPerClass(int Minimum, double Median, int Maximum)
{
    internal static ImagesPerClass Of(int[] sorted) => sorted.Length == 0
        ? new(0, 0, 0)
        : new(sorted[0], (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0, sorted[^1]);
}

/// <summary>The values of class_attributes.csv on the dataset's scale.</summary>
/// <param name="Count">Number of attributes.</param>
/// <param name="Scale">Scale of the values.</param>
/// <param name="Minimum">Least value, negatives already handled as dataset.yaml says.</param>
/// <param name="Maximum">Greatest value.</param>
/// <param name="Mean">Mean value, negatives already handled.</param>
/// <param name="Zeros">Values that are 0, negatives already handled.</param>
/// <param name="Negatives">Values below 0 in the file.</param>
public sealed record AttributeInfo(int Count, AttributeScale Scale, float Minimum, float Maximum, double Mean, int Zeros, int Negatives)
{
    internal static AttributeInfo Of(DatasetFolder folder)
    {
        var values = folder.ClassAttributes.Values.Cast<float>().ToArray();
        return new(folder.Attributes.Count, folder.ClassAttributes.Scale, values.Min(), values.Max(), values.Average(v => (double)v),
            values.Count(v => v == 0), folder.NegativeAttributeValues);
    }
}
