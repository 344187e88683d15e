using Unseen.Data.Import;
using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>Starts a dataset folder from a folder of class folders and a table of attributes.</summary>
public static class DatasetInit
{
    private static readonly string[] Outputs = [DatasetSettings.File, ClassReader.File, AttributeReader.File, VectorReader.AttributesFile,
        ImageReader.File];
    private static readonly string[] FoldNames = ["validation", "validation2", "validation3"];

    /// <summary>
    /// Writes dataset.yaml, classes.csv, attributes.csv, class_attributes.csv and images.csv. Classes without pictures, and those
    /// listed, become unseen; a seeded fifth of the images of every seen class becomes test_seen; with at least 6 seen classes, three
    /// folds of a third each are marked for validation.
    /// </summary>
    /// <param name="options">Where from and where to.</param>
    /// <exception cref="DatasetFormatException">The pictures and the table do not fit, or the target is not empty; nothing was
    /// written.</exception>
    public static DatasetInitResult Create(DatasetInitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        RefuseTarget(options);
        var problems = new DatasetProblems();
        var notes = new List<string>();
        var table = AttributeTable.Read(options.Attributes, options.Scale, problems);
        var pictures = ClassPictures.Find(options.Images, problems, notes);
        CheckNames(options, table.Classes, pictures, problems);
        if (problems.HasErrors)
            throw new DatasetFormatException(options.Attributes,
                DatasetReader.Describe("The material", [.. problems.ToList().Where(p => !p.IsWarning)]));
        DatasetFolderWriter.Write(Assemble(options, table, pictures, notes), force: true);
        return new(DatasetReader.Open(options.Target), notes);
    }

    private static void RefuseTarget(DatasetInitOptions options)
    {
        var target = Path.GetFullPath(options.Target);
        var inputs = new[] { Path.GetFullPath(options.Attributes), Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Images)) };
        if (Outputs.Select(f => Path.Combine(target, f)).FirstOrDefault(inputs.Contains) is { } overwritten)
            throw new DatasetFormatException(overwritten,
                "This file would be overwritten by the new dataset. Rename it or choose another target folder.");
        DatasetFolderWriter.CheckTarget(options.Target, options.Force, inputs);
    }

    private static void CheckNames(DatasetInitOptions options, NameIndex classes, SortedDictionary<string, string[]> pictures,
        DatasetProblems problems)
    {
        if (!classes.Complete) return;
        foreach (var name in pictures.Keys.Where(n => !classes.TryGet(n, out _)))
            problems.Error(options.Images, 0,
                $"The folder {DatasetProblems.Shown(name)} is no class of {Path.GetFileName(options.Attributes)}." +
                $"{DatasetProblems.Suggestion(name, classes.Names)} Rename the folder or add a line for it.");
        foreach (var name in options.Unseen.Where(n => !classes.TryGet(n, out _)))
            problems.Error(options.Attributes, 0,
                $"The class {DatasetProblems.Shown(name)}, listed as unseen, has no line." +
                DatasetProblems.Suggestion(name, classes.Names));
        if (!classes.Names.Any(n => pictures.ContainsKey(n) && !options.Unseen.Contains(n)))
            problems.Error(options.Images, 0,
                "No class would be seen. Expected at least one folder of pictures named like a class that is not listed as unseen.");
    }

    private static DatasetFolder Assemble(
        DatasetInitOptions options, AttributeTable table, SortedDictionary<string, string[]> pictures, List<string> notes)
    {
        var names = table.Classes.Names;
        var seen = names.Where(n => pictures.ContainsKey(n) && !options.Unseen.Contains(n)).ToHashSet(StringComparer.Ordinal);
        var folds = Folds(seen, options.Seed, notes);
        var scale = options.Scale ?? table.GuessScale(notes);
        notes.Insert(0, $"{seen.Count} seen and {names.Count - seen.Count} unseen classes, {table.Attributes.Count} attributes.");
        var target = Path.GetFullPath(options.Target);
        return new()
        {
            Path = target,
            Name = options.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(target)),
            ImagesPath = Path.GetFullPath(options.Images),
            ValidationFolds = FoldNames[..folds.Length],
            Classes = [.. names.Select(n => new ClassEntry(n, seen.Contains(n), [.. folds.Select(f => f.Contains(n))]))],
            Attributes = [.. table.Attributes.Select(AttributeWords.Entry)],
            ClassAttributes = new(names, table.Attributes, table.Values, scale),
            Negative = scale == AttributeScale.Raw ? NegativeAttributes.Keep : NegativeAttributes.Clamp,
            Images = [.. names.SelectMany((name, id) =>
                Images(name, id, seen.Contains(name), pictures.GetValueOrDefault(name, []), options.Seed))],
        };
    }

    private static HashSet<string>[] Folds(HashSet<string> seen, int seed, List<string> notes)
    {
        if (seen.Count < ValidationSplit.FewestClasses)
        {
            notes.Add($"Fewer than {ValidationSplit.FewestClasses} seen classes: no validation columns were written.");
            return [];
        }
        var order = SeededOrder.Shuffle(seen, seed, "validation classes");
        notes.Add("Three validation columns were written; each marks another third of the seen classes.");
        return [.. Enumerable.Range(0, FoldNames.Length)
            .Select(f => order.Where((_, i) => i % FoldNames.Length == f).ToHashSet(StringComparer.Ordinal))];
    }

    private static IEnumerable<ImageEntry> Images(string name, int id, bool seen, string[] files, int seed)
    {
        var test = seen ? SeededOrder.Shuffle(files, seed, name).Take(SeededOrder.Fifth(files.Length)).ToHashSet(StringComparer.Ordinal)
            : [];
        return files.Select(f => new ImageEntry(f, id, !seen ? ImageSplit.TestUnseen : test.Contains(f) ? ImageSplit.TestSeen
            : ImageSplit.Trainval));
    }
}
