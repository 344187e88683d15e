using CsCheck;
using Unseen.Data;
using Unseen.Semantics;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class ValidationSplitTests
{
    [Fact]
    public void A_fold_follows_its_column()
    {
        var folder = Folder([10, 5, 3, 1], c => c is 1 or 3);

        var split = ValidationSplit.Create(folder, 0, seed: 7)!;

        Assert.Equal([0, 2], split.TrainingClasses);
        Assert.Equal([1, 3], split.ValidationClasses);
        Assert.Equal([2, 1], split.ValidationSeen.CountBy(i => folder.Images[i].Class).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Equal([8, 2], split.Train.CountBy(i => folder.Images[i].Class).OrderBy(c => c.Key).Select(c => c.Value));
        Assert.Equal(folder.ImagesOf(ImageSplit.Trainval).Where(i => folder.Images[i].Class is 1 or 3), split.ValidationUnseen);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(5, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(100, 20)]
    public void A_fifth_of_a_class_is_held_out_but_never_all(int images, int held) =>
        Assert.Equal(held, ValidationSplit.Create(Folder([images, 4], c => c == 1), 0, 1)!.ValidationSeen.Length);

    [Theory]
    [InlineData(6, 2)]
    [InlineData(8, 3)]
    [InlineData(30, 10)]
    public void Without_a_column_a_seeded_third_validates(int classes, int validation)
    {
        var folder = Folder([.. Enumerable.Repeat(4, classes)], null);
        var splits = Enumerable.Range(1, 20).Select(seed => ValidationSplit.Create(folder, 0, seed)!).ToList();
        Assert.Equal(1, ValidationSplit.FoldCount(folder));
        Assert.All(splits, s => Assert.Equal((validation, classes - validation), (s.ValidationClasses.Length, s.TrainingClasses.Length)));
        Assert.True(splits.Select(s => string.Join(' ', s.ValidationClasses)).Distinct().Count() > 3);
    }

    [Fact]
    public void Fewer_than_six_seen_classes_without_a_column_give_no_fold()
    {
        var folder = Folder([4, 4, 4, 4, 4], null);
        Assert.Equal(0, ValidationSplit.FoldCount(folder));
        Assert.Null(ValidationSplit.Create(folder, 0, 1));
    }

    [Fact]
    public void An_unknown_fold_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ValidationSplit.Create(Folder([4, 4], c => c == 1), 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ValidationSplit.Create(Folder([4, 4], c => c == 1), -1, 1));
    }

    [Fact]
    public void The_split_is_the_same_on_every_machine()
    {
        // Worked out by hand from SplitMix64 and FNV-1a in another language.
        var split = ValidationSplit.Create(Folder([10, 5, 3, 1], c => c is 1 or 3), 0, seed: 7)!;
        Assert.Equal(PinnedValidationSeen, split.ValidationSeen.Select(i => Folder([10, 5, 3, 1], c => c is 1 or 3).Images[i].File));
    }

    private static readonly string[] PinnedValidationSeen = ["class 0/7.jpg", "class 0/10.jpg", "class 2/3.jpg"];

    [Fact]
    public void The_order_of_lines_does_not_matter() => Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 12].Array[6, 9], Gen.Bool)
        .Sample((seed, counts, column) =>
    {
        var folder = Folder(counts, column ? c => c % 3 == 0 : null);
        var reversed = folder with { Images = [.. folder.Images.Reverse()] };
        string[][] Files(DatasetFolder f)
        {
            var split = ValidationSplit.Create(f, 0, seed)!;
            return [.. new[] { split.Train, split.ValidationSeen, split.ValidationUnseen }
                .Select(ids => ids.Select(i => f.Images[i].File).Order().ToArray())];
        }
        var (expected, actual) = (Files(folder), Files(reversed));
        return expected.Zip(actual).All(p => p.First.SequenceEqual(p.Second)) && expected.Sum(f => f.Length) == counts.Sum()
            && expected.SelectMany(f => f).Distinct().Count() == counts.Sum();
    });

    [Fact]
    public void Overlap_with_a_test_set_is_impossible_and_checked()
    {
        var folder = Folder([10, 5, 3, 1], c => c is 1 or 3);
        var test = folder.ImagesOf(ImageSplit.TestSeen).Concat(folder.ImagesOf(ImageSplit.TestUnseen)).ToHashSet();
        var split = ValidationSplit.Create(folder, 0, 1)!;
        Assert.NotEmpty(test);
        Assert.DoesNotContain(split.Train.Concat(split.ValidationSeen).Concat(split.ValidationUnseen), test.Contains);
    }

    [Fact]
    public void The_folds_of_the_real_benchmark_split_all_of_trainval()
    {
        var folder = DatasetReader.Open(Cub127Tests.Cub127());
        for (var fold = 0; fold < 3; fold++)
        {
            var split = ValidationSplit.Create(folder, fold, seed: 1)!;
            Assert.Equal(4402, split.Train.Length + split.ValidationSeen.Length + split.ValidationUnseen.Length);
            Assert.Equal(94, split.TrainingClasses.Length + split.ValidationClasses.Length);
            Assert.InRange(split.ValidationSeen.Length / (double)(split.Train.Length + split.ValidationSeen.Length), 0.19, 0.21);
        }
    }

    // Seen classes with the given numbers of trainval images, each with one more test_seen image, and one unseen class with two.
    private static DatasetFolder Folder(int[] trainval, Func<int, bool>? validation)
    {
        var images = trainval.SelectMany((count, c) => Enumerable.Range(0, count + 1)
            .Select(i => new ImageEntry($"class {c}/{i}.jpg", c, i == 0 ? ImageSplit.TestSeen : ImageSplit.Trainval))).ToList();
        for (var i = 0; i < 2; i++) images.Add(new($"unseen/{i}.jpg", trainval.Length, ImageSplit.TestUnseen));
        var names = trainval.Select((_, c) => $"class {c}").Append("unseen").ToArray();
        return new()
        {
            Path = "",
            Name = "test",
            ImagesPath = "",
            Classes = [.. names.Select((n, c) => new ClassEntry(n, c < trainval.Length, validation is null ? []
                : [c < trainval.Length && validation(c)]))],
            ValidationFolds = validation is null ? [] : ["validation"],
            Attributes = [new("a", "g", "p", [])],
            ClassAttributes = new ClassSemantics(names, ["a"], new float[names.Length, 1], AttributeScale.Unit),
            Images = images,
        };
    }
}
