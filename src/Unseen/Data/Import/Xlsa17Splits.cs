using Unseen.Data.Formats;
using Unseen.Semantics;

namespace Unseen.Data.Import;

/// <summary>
/// The content of an att_splits.mat of the Proposed Split (Xian et al., "Zero-Shot Learning - A Comprehensive Evaluation of the Good, the
/// Bad and the Ugly", 2018), with indices from 0 and the class matrix turned to [classes, attributes].
/// </summary>
public sealed record Xlsa17Splits
{
    /// <summary>More images than any index may name.</summary>
    private const int MaximumImages = 1 << 26;

    private static readonly string[] TuningLists = ["train_loc", "val_loc"];

    /// <summary>Full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Class names in label order; null when the file has none (FLO).</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Class semantic vectors [classes, attributes]: original_att, or att where that is missing.</summary>
    public required float[,] Values { get; init; }

    /// <summary>Scale of the values; raw for att.</summary>
    public required AttributeScale Scale { get; init; }

    /// <summary>Images of seen classes to train on, from 0.</summary>
    public required int[] Trainval { get; init; }

    /// <summary>Held-out images of seen classes, from 0.</summary>
    public required int[] TestSeen { get; init; }

    /// <summary>Images of unseen classes, from 0.</summary>
    public required int[] TestUnseen { get; init; }

    /// <summary>How many images of <see cref="TestSeen"/> the file's train_loc and val_loc contain: they are never used.</summary>
    public required int LeakedTestImages { get; init; }

    /// <summary>Number of classes.</summary>
    public int Classes => Values.GetLength(0);

    /// <summary>One more than the largest image index of the three lists.</summary>
    public int MinimumImages => Trainval.Concat(TestSeen).Concat(TestUnseen).DefaultIfEmpty(-1).Max() + 1;

    /// <summary>Number of entries below 0 (AWA1 and AWA2 have four of -1, which stand for missing values).</summary>
    public int NegativeValues => Values.Cast<float>().Count(v => v < 0);

    /// <summary>What the user of a dataset with this split should know.</summary>
    internal IEnumerable<string> Warnings(int folds)
    {
        if (folds == 0)
            yield return "No valclasses1.txt was found: the dataset has no validation column, and a third of the seen classes will be " +
                "chosen by seed.";
        if (NegativeValues > 0 && Scale != AttributeScale.Raw)
            yield return $"{NegativeValues} class attribute values are negative, which stands for missing; dataset.yaml says " +
                "to read them as 0.";
    }

    /// <summary>Reads a file and checks that no image is in two lists.</summary>
    /// <exception cref="DatasetFormatException">The file is damaged, lacks a variable, or its lists overlap.</exception>
    public static Xlsa17Splits Read(string path)
    {
        var file = Mat5File.Read(path);
        var original = file.Has("original_att");
        var values = ClassAttributes.Transpose(file.Numbers(original ? "original_att" : "att").ToMatrix());
        var names = file.Has("allclasses_names") ? file.Texts("allclasses_names") : null;
        if (names is not null && names.Length != values.GetLength(0))
            throw new DatasetFormatException(file.Path, $"the class matrix has {values.GetLength(0)} columns, but allclasses_names " +
                $"has {names.Length} names.");
        var testSeen = Indices(file, "test_seen_loc");
        var splits = new Xlsa17Splits
        {
            Path = file.Path,
            ClassNames = names,
            Values = values,
            Scale = original ? ClassAttributes.ScaleOf(values) : AttributeScale.Raw,
            Trainval = Indices(file, "trainval_loc"),
            TestSeen = testSeen,
            TestUnseen = Indices(file, "test_unseen_loc"),
            LeakedTestImages = Leaked(file, testSeen),
        };
        splits.Of(splits.MinimumImages);
        return splits;
    }

    /// <summary>The split of each of some images; null for images in none.</summary>
    internal ImageSplit?[] Of(int images) => MinimumImages <= images
        ? ProposedSplit.Of(Path, images, ("trainval_loc", Trainval), ("test_seen_loc", TestSeen), ("test_unseen_loc", TestUnseen))
        : throw new DatasetFormatException(Path, $"the splits name image {MinimumImages}, but there are only {images} images. Do the " +
            "files belong together?");

    private static int[] Indices(Mat5File file, string name) => [.. file.Integers(name, 1, MaximumImages).Select(i => i - 1)];

    private static int Leaked(Mat5File file, int[] testSeen)
    {
        var tuning = TuningLists.Where(file.Has).SelectMany(name => Indices(file, name)).ToHashSet();
        return testSeen.Count(tuning.Contains);
    }
}
