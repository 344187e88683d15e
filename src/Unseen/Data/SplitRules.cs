namespace Unseen.Data;

/// <summary>What must hold between classes, validation columns and image splits.</summary>
internal static class SplitRules
{
    public static void Check(ClassTable classes, ImageTable images, DatasetProblems problems)
    {
        if (problems.HasErrorsIn(ClassReader.File)) return;
        if (!classes.Entries.Any(c => c.Seen))
            problems.Error(ClassReader.File, 0, "No class is seen. Mark the classes with training pictures as seen.");
        if (classes.Entries.All(c => c.Seen))
            problems.Warning(ClassReader.File, 0,
                "No class is unseen: there is nothing to recognise without pictures until a class is added.");
        for (var fold = 0; fold < classes.Folds.Count; fold++) CheckFold(classes, fold, problems);
        CheckImages(classes, images, problems);
        if (!problems.HasErrorsIn(ImageReader.File)) CheckTrainingImages(classes, images, problems);
    }

    private static void CheckFold(ClassTable classes, int fold, DatasetProblems problems)
    {
        var column = classes.Folds[fold];
        foreach (var c in classes.Entries.Where(c => !c.Seen && c.Validation[fold]))
            problems.Error(ClassReader.File, 0, $"Class {DatasetProblems.Shown(c.Name)} is unseen and has {column} = true. " +
                "Validation classes are taken from the seen classes: write false.");
        var seen = classes.Entries.Count(c => c.Seen);
        var validation = classes.Entries.Count(c => c.Seen && c.Validation[fold]);
        if (seen > 0 && (validation == 0 || validation == seen))
            problems.Error(ClassReader.File, 0, $"Column '{column}' marks {validation} of {seen} seen classes. " +
                "Expected at least one marked and one left for training; about a third is usual. " +
                "Without the column, Unseen chooses by itself.");
    }

    private static void CheckImages(ClassTable classes, ImageTable images, DatasetProblems problems)
    {
        for (var i = 0; i < images.Entries.Count; i++)
        {
            var image = images.Entries[i];
            if (image.Class == ImageTable.Wrong) continue;
            var c = classes.Entries[image.Class];
            if (c.Seen != (image.Split != ImageSplit.TestUnseen))
                problems.Error(ImageReader.File, images.Lines[i], $"Split {ImageReader.SplitNames[(int)image.Split]} does not fit class " +
                    $"{DatasetProblems.Shown(c.Name)}, which is " +
                    $"{(c.Seen ? "seen: expected trainval or test_seen" : "unseen: expected test_unseen")}. " +
                    $"Change the split here or in {ClassReader.File}.");
        }
    }

    private static void CheckTrainingImages(ClassTable classes, ImageTable images, DatasetProblems problems)
    {
        var trained = images.Entries.Where(i => i.Split == ImageSplit.Trainval).Select(i => i.Class).ToHashSet();
        for (var c = 0; c < classes.Entries.Count; c++)
            if (classes.Entries[c].Seen && !trained.Contains(c))
                problems.Error(ImageReader.File, 0,
                    $"The seen class {DatasetProblems.Shown(classes.Entries[c].Name)} has no trainval image. " +
                    $"Add one or make the class unseen in {ClassReader.File}.");
    }
}
