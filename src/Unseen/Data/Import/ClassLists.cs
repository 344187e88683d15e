namespace Unseen.Data.Import;

/// <summary>The class lists beside att_splits.mat: validation folds, and a check of seen and unseen classes.</summary>
internal static class ClassLists
{
    /// <summary>Validation classes of each fold found (valclasses1.txt and so on), as flags in the order of the classes.</summary>
    internal static List<bool[]> ReadFolds(string? folder, IReadOnlyList<string> classes)
    {
        var folds = new List<bool[]>();
        for (var fold = 1; folder is not null && File.Exists(Path.Combine(folder, $"valclasses{fold}.txt")); fold++)
            folds.Add(Flags(Path.Combine(folder, $"valclasses{fold}.txt"), classes));
        return folds;
    }

    /// <summary>Refuses a list of unseen classes (testclasses.txt) that contradicts the split.</summary>
    internal static void CheckUnseen(string? folder, IReadOnlyList<string> classes, bool?[] seen)
    {
        if (folder is null || !File.Exists(Path.Combine(folder, "testclasses.txt")))
            return;
        var path = Path.Combine(folder, "testclasses.txt");
        var unseen = Flags(path, classes);
        for (var c = 0; c < classes.Count; c++)
            if (seen[c] is { } isSeen && isSeen == unseen[c])
                throw new DatasetFormatException(path, $"class '{classes[c]}' is {(isSeen ? "seen" : "unseen")} by its images, but " +
                    "the list says otherwise.");
    }

    /// <summary>Names of the validation columns: validation, validation2, validation3.</summary>
    internal static string[] FoldNames(int folds) => [.. Enumerable.Range(1, folds).Select(f => f == 1 ? "validation" : $"validation{f}")];

    internal static ClassEntry[] Entries(IReadOnlyList<string> names, bool?[] seen, IReadOnlyList<bool[]> folds) =>
        [.. names.Select((name, c) => new ClassEntry(name, seen[c] ?? false, [.. folds.Select(fold => fold[c] && seen[c] == true)]))];

    private static bool[] Flags(string path, IReadOnlyList<string> classes)
    {
        var flags = new bool[classes.Count];
        var indices = classes.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index, StringComparer.Ordinal);
        foreach (var name in TextTable.Lines(path))
        {
            if (!indices.TryGetValue(name, out var index))
                throw new DatasetFormatException(path, NearestName.Unknown("class", name, classes));
            flags[index] = true;
        }
        return flags;
    }
}
