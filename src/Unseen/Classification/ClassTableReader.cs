using System.Globalization;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Semantics;

namespace Unseen.Classification;

/// <summary>A class of a CSV file: NaN where no value is given.</summary>
internal sealed record ClassRow(string Name, bool Seen, float[] Values, IReadOnlyList<string> Notes);

/// <summary>Reads classes for a model from a CSV file in the scale of its dataset; names every problem with its line.</summary>
internal sealed class ClassTableReader(ModelRecord record, bool replace)
{
    private const int MaximumClasses = 10_000;
    private const float ClampFrom = -1;

    private readonly DatasetProblems problems = new();
    private readonly ILookup<string, ModelClass> known = record.Classes.ToLookup(c => ComposedText.Of(c.Name), StringComparer.Ordinal);
    private readonly bool keepsNegatives = record.Scale == AttributeScale.Raw || record.Classes.Any(c => c.Values.Any(v => v < 0));

    /// <summary>Reads the file.</summary>
    /// <exception cref="ConfigurationException">Anything is wrong with it.</exception>
    public IReadOnlyList<ClassRow> Read(string path)
    {
        var full = Path.GetFullPath(path);
        if (!File.Exists(full)) throw new ConfigurationException([$"{path}: there is no such file. Give a CSV file with the column class and columns of attributes."]);
        using var table = CsvTable.Open(Path.GetDirectoryName(full)!, Path.GetFileName(full), problems, StringComparer.Ordinal);
        return Read(table, path);
    }

    /// <summary>Reads text in memory.</summary>
    /// <param name="text">Can be set back to its start; is closed.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ConfigurationException">Anything is wrong with it.</exception>
    public IReadOnlyList<ClassRow> Read(Stream text, string name)
    {
        using var table = CsvTable.Open(() => Utf8Text.Open(text), name, problems, StringComparer.Ordinal);
        return Read(table, name);
    }

    private List<ClassRow> Read(CsvTable? table, string path)
    {
        var rows = new List<ClassRow>();
        var areAllKnown = true;
        if (table is not null)
        {
            var columns = Columns(table);
            areAllKnown = !problems.HasErrors;
            ReadRows(table, columns, areAllKnown, rows);
        }
        if (areAllKnown && IsOfUnitScale(rows)) problems.Error(path, 0, "All values are at most 1, but the scale of the model is percent, 0..100. Multiply them by 100.");
        if (rows.Count == 0 && !problems.HasErrors) problems.Error(path, 0, "There is no class. Add at least one line.");
        var errors = problems.ToList().Where(p => !p.IsWarning).Select(p => p.Line > 0 ? $"{path}:{p.Line}: {p.Message}" : $"{path}: {p.Message}").ToList();
        return errors.Count == 0 ? rows : throw new ConfigurationException(errors);
    }

    /// <summary>Column of the class, of the split and of every attribute, or -1; those that are wrong are problems, and the rest of the lines is checked all the same.</summary>
    private (int Class, int Split, int[] Attributes) Columns(CsvTable table)
    {
        var (name, split) = (table.Required("class"), table.Optional("split"));
        var vectors = new ClassVectorTable(record);
        var attributes = Enumerable.Repeat(-1, record.Attributes.Count).ToArray();
        foreach (var (index, column) in table.Columns.Index().Select(c => (c.Index, c.Item)))
        {
            if (index == name || index == split) continue;
            if (vectors.ColumnOf(column) is >= 0 and var id) attributes[id] = index;
            else problems.Error(table.File, 1, $"Column {DatasetProblems.Shown(column)}: {vectors.UnknownAttribute(column)}");
        }
        if (attributes.All(a => a < 0)) problems.Error(table.File, 1, "There is no column of an attribute of the model.");
        return (name, split, attributes);
    }

    /// <summary>Reads the lines; where a column is wrong, what a line lacks may stand in it.</summary>
    private void ReadRows(CsvTable table, (int Class, int Split, int[] Attributes) columns, bool areAllKnown, List<ClassRow> rows)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (table.Next())
        {
            var name = columns.Class < 0 ? "" : Name(table, columns.Class, names);
            var notes = new List<string>();
            var values = Array.ConvertAll(columns.Attributes, column => column < 0 ? float.NaN : Value(table, column, notes));
            if (areAllKnown && values.All(float.IsNaN)) table.Error("The line has no value. Give at least one.");
            rows.Add(new(name, IsSeen(table, columns.Split, name), values, notes));
            if (rows.Count < MaximumClasses) continue;
            table.Error($"There are more than {MaximumClasses} classes, which is the limit of one import.");
            return;
        }
    }

    /// <summary>The name of a class, as the model writes it when it has the class.</summary>
    private string Name(CsvTable table, int column, HashSet<string> names)
    {
        var name = ComposedText.Of(table.Row[column]);
        if (ClassNames.Fault(name) is { } fault) table.Error(fault);
        else if (!names.Add(name)) table.Error($"The class {DatasetProblems.Shown(name)} appears twice. Delete one of the lines.");
        else if (!replace && known.Contains(name))
            table.Error($"The model has a class {DatasetProblems.Shown(name)} already. Remove it first, or import with --replace (over HTTP replace=true).");
        return known[name].FirstOrDefault()?.Name ?? name;
    }

    /// <summary>Values 0..1 given to a model of percents; zeros alone are the same on both scales.</summary>
    private bool IsOfUnitScale(IReadOnlyList<ClassRow> rows) =>
        record.Scale == AttributeScale.Percent && rows.SelectMany(row => row.Values).Where(value => value > 0).DefaultIfEmpty(float.MaxValue).Max() <= 1;

    private bool IsSeen(CsvTable table, int column, string name)
    {
        var text = column < 0 ? "" : table.Row[column];
        if (text.Length == 0) return known[ComposedText.Of(name)].Any(present => present.Seen);
        if (text is not ("seen" or "unseen")) table.Error($"Column 'split' must be seen or unseen, found {DatasetProblems.Shown(text)}.");
        return text == "seen";
    }

    private float Value(CsvTable table, int column, List<string> notes)
    {
        var text = table.Row[column];
        if (text.Length == 0) return float.NaN;
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || Fault(value) is not null)
        {
            var expected = float.IsFinite(value) ? Fault(value) ?? "a finite number with a decimal point" : "a finite number with a decimal point";
            table.Error($"Column {DatasetProblems.Shown(table.Columns[column])}: expected {expected}, found {DatasetProblems.Shown(text)}.");
            return 0;
        }
        if (value >= 0 || keepsNegatives) return value;
        notes.Add($"{table.Columns[column]}: {text} became 0");
        return 0;
    }

    private string? Fault(float value) => record.Scale switch
    {
        _ when !float.IsFinite(value) => "a finite number with a decimal point",
        AttributeScale.Unit when value > 1 => "a value of 0..1, the scale of the model",
        AttributeScale.Percent when value > 100 => "a value of 0..100, the scale of the model",
        AttributeScale.Unit or AttributeScale.Percent when value < ClampFrom && !keepsNegatives => "a value that is not negative",
        _ => null,
    };
}
