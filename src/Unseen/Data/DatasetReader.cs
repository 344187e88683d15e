using System.Globalization;
using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>Reads a dataset folder (docs/reference/dataset-folder.md) and finds everything that is wrong with it at once.</summary>
public static class DatasetReader
{
    private const int ProblemsSpelledOut = 20;

    /// <summary>Reads a dataset folder.</summary>
    /// <param name="path">The folder that holds dataset.yaml.</param>
    /// <exception cref="DatasetFormatException">The folder has errors; the message lists the first 20 and their number.</exception>
    public static DatasetFolder Open(string path)
    {
        var (folder, problems) = Read(path);
        return folder ?? throw new DatasetFormatException(path, Describe("The dataset folder", [.. problems.Where(p => !p.IsWarning)]));
    }

    /// <summary>Reads a dataset folder and returns all problems; the folder is null when at least one of them is an error.</summary>
    /// <param name="path">The folder that holds dataset.yaml.</param>
    public static (DatasetFolder? Folder, IReadOnlyList<DatasetProblem> Problems) Read(string path)
    {
        var reading = ReadAll(path);
        return (reading.Folder, reading.Problems.ToList());
    }

    /// <summary>Reads what can be read, also when other files have errors.</summary>
    internal static DatasetReading ReadAll(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var problems = new DatasetProblems();
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full)) return ReadFiles(full, problems);
        problems.Error(path, 0, "The dataset folder does not exist. Expected a folder with dataset.yaml, classes.csv, attributes.csv, " +
            "class_attributes.csv and images.csv; 'unseen data init' makes one.");
        return new(null, null, ImageTable.Empty, problems);
    }

    private static DatasetReading ReadFiles(string path, DatasetProblems problems)
    {
        var settings = DatasetSettings.Read(path, problems);
        var classes = ClassReader.Read(path, problems);
        var (attributeNames, attributes) = AttributeReader.Read(path, problems);
        if (settings?.Scale != AttributeScale.Raw && AttributeGroups.Of(attributes).Fault is { } fault)
            problems.Warning(AttributeReader.File, 0, fault);
        var values = VectorReader.ReadAttributes(
            path, VectorReader.AttributesFile, classes.Index, attributeNames, value => ScaleFault(value, settings?.Scale), problems);
        var images = ImageReader.Read(path, classes.Index, problems);
        SplitRules.Check(classes, images, problems);
        var words = Has(path, "word_vectors.csv")
            ? VectorReader.ReadVectors(path, "word_vectors.csv", "attribute", attributeNames, problems) : null;
        var parts = Has(path, PartReader.PartsFile) ? PartReader.ReadParts(path, images, attributes, problems) : [];
        var relations = Has(path, PartReader.RelationsFile) ? PartReader.ReadRelations(path, classes.Index, problems) : [];
        var others = ReadSemantics(path, classes.Index, problems);
        if (settings is null || values is null || problems.HasErrors) return new(null, settings?.ImagesPath, images, problems);
        var folder = new DatasetFolder
        {
            Path = path,
            Name = settings.Name,
            Description = settings.Description,
            Licence = settings.Licence,
            Source = settings.Source,
            ImagesPath = settings.ImagesPath,
            Classes = classes.Entries,
            ValidationFolds = classes.Folds,
            Attributes = attributes,
            NegativeAttributeValues = values.Cast<float>().Count(v => v < 0),
            ClassAttributes = new(classes.Index.Names, attributeNames.Names, Clamped(values, settings.Negative), settings.Scale),
            Negative = settings.Negative,
            Images = images.Entries,
            WordVectors = words,
            Parts = parts,
            Relations = relations,
            OtherSemantics = others,
        };
        return new(folder, settings.ImagesPath, images, problems);
    }

    private static bool Has(string path, string file) => File.Exists(Path.Combine(path, file));

    internal static string? ScaleFault(float value, AttributeScale? scale) => scale switch
    {
        AttributeScale.Unit when value > 1 => "a value of 0..1 (scale: unit in dataset.yaml)",
        AttributeScale.Percent when value > 100 => "a value of 0..100 (scale: percent in dataset.yaml)",
        _ => null,
    };

    private static float[,] Clamped(float[,] values, NegativeAttributes negative)
    {
        if (negative == NegativeAttributes.Keep) return values;
        for (var i = 0; i < values.GetLength(0); i++)
            for (var j = 0; j < values.GetLength(1); j++)
                values[i, j] = Math.Max(0, values[i, j]);
        return values;
    }

    private static Dictionary<string, ClassSemantics> ReadSemantics(string path, NameIndex classes, DatasetProblems problems)
    {
        var result = new Dictionary<string, ClassSemantics>(StringComparer.Ordinal);
        var folder = Path.Combine(path, "semantics");
        if (!Directory.Exists(folder)) return result;
        foreach (var file in Directory.EnumerateFiles(folder, "*.csv").Order(StringComparer.Ordinal))
            if (VectorReader.ReadVectors(path, "semantics/" + Path.GetFileName(file), "class", classes, problems) is { } values)
                result[Path.GetFileNameWithoutExtension(file)] = new(classes.Names, Numbered(values.GetLength(1)), values,
                    AttributeScale.Raw);
        return result;
    }

    private static string[] Numbered(int width) =>
        [.. Enumerable.Range(0, width).Select(i => string.Create(CultureInfo.InvariantCulture, $"v{i}"))];

    internal static string Describe(string subject, DatasetProblem[] errors)
    {
        var rest = errors.Length - ProblemsSpelledOut;
        return string.Join(Environment.NewLine,
        [
            $"{subject} has {errors.Length} {(errors.Length == 1 ? "error" : "errors")}:",
            .. errors.Take(ProblemsSpelledOut).Select(p => $"  {p}"),
            .. rest > 0 ? new[] { $"  and {rest} more." } : [],
        ]);
    }
}

/// <summary>What was read of a dataset folder, with its problems; the folder is null when there are errors.</summary>
internal sealed record DatasetReading(DatasetFolder? Folder, string? ImagesPath, ImageTable Images, DatasetProblems Problems);
