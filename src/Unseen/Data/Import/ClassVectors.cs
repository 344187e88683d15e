using Unseen.Data.Formats;

namespace Unseen.Data.Import;

/// <summary>Reads class vectors of other sources into the order of a dataset's classes.</summary>
internal static class ClassVectors
{
    private const string NamesVariable = "allclasses_names";

    /// <summary>Vectors [classes, width].</summary>
    internal static float[,] Read(VectorSemanticsOptions options, IReadOnlyList<string> classes)
    {
        var isMat = IsMat(options.File);
        if (!isMat && options.Variable is not null)
            throw new ConfigurationException([$"{options.File} is no .mat file: it has no variables."]);
        var names = Names(options);
        var values = isMat ? FromMat(options, names.Count) : TextTable.Numbers(options.File);
        if (values.GetLength(0) != names.Count)
            throw new DatasetFormatException(options.File, $"expected a vector for each of the {names.Count} class names, found " +
                $"{values.GetLength(0)}.");
        return Select(options.File, values, names, classes);
    }

    private static bool IsMat(string path) => Path.GetExtension(path).Equals(".mat", StringComparison.OrdinalIgnoreCase);

    /// <summary>Never guessed: lists of the same classes stand in different orders (CUB).</summary>
    private static IReadOnlyList<string> Names(VectorSemanticsOptions options)
    {
        var source = options.ClassNamesFile ?? options.File;
        if (!IsMat(source) && options.ClassNamesFile is not null) return TextTable.Names(source);
        var file = IsMat(source) ? Mat5File.Read(source) : null;
        return file?.Has(NamesVariable) == true ? file.Texts(NamesVariable) : throw new ConfigurationException(
            [$"{source} does not say which class each vector belongs to. Give class names: a text file with a name per line, or a " +
                $".mat file with {NamesVariable} such as att_splits.mat."]);
    }

    private static float[,] FromMat(VectorSemanticsOptions options, int classes)
    {
        var file = Mat5File.Read(options.File);
        var name = options.Variable ?? OnlyMatrix(file, classes);
        var matrix = file.Numbers(name).ToMatrix();
        return matrix.GetLength(0) != classes && matrix.GetLength(1) == classes ? ClassAttributes.Transpose(matrix) : matrix;
    }

    private static string OnlyMatrix(Mat5File file, int classes)
    {
        var fitting = file.Variables.Where(v => v.Value is Mat5Numbers { Rows: > 1, Columns: > 1 } m
                && (m.Rows == classes || m.Columns == classes))
            .Select(v => v.Key).ToList();
        return fitting.Count == 1 ? fitting[0] : throw new DatasetFormatException(file.Path,
            $"expected one matrix with a row or a column for each of the {classes} classes, found {fitting.Count} among " +
            $"{string.Join(", ", file.Variables.Keys)}. Name the variable.");
    }

    private static float[,] Select(string path, float[,] values, IReadOnlyList<string> names, IReadOnlyList<string> classes)
    {
        var rows = names.Index().ToLookup(n => n.Item, n => n.Index, StringComparer.Ordinal);
        var selected = new float[classes.Count, values.GetLength(1)];
        for (var c = 0; c < classes.Count; c++)
        {
            if (rows[classes[c]].Count() != 1)
                throw new DatasetFormatException(path, $"class '{classes[c]}' of the dataset must be named once, found " +
                    $"{rows[classes[c]].Count()} times.");
            for (var i = 0; i < selected.GetLength(1); i++)
                selected[c, i] = float.IsFinite(values[rows[classes[c]].Single(), i]) ? values[rows[classes[c]].Single(), i]
                    : throw new DatasetFormatException(path, $"value {i + 1} of class '{classes[c]}' is not finite.");
        }
        return selected;
    }
}
