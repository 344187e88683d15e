namespace Unseen.Data;

/// <summary>Collects problems while files are read; a file with very many of them keeps the first ones and a count.</summary>
internal sealed class DatasetProblems
{
    /// <summary>Problems kept per file; the rest is only counted.</summary>
    public const int KeptPerFile = 1000;

    private readonly List<DatasetProblem> kept = [];
    private readonly Dictionary<string, int> perFile = new(StringComparer.Ordinal);

    public bool HasErrors { get; private set; }

    /// <summary>True when the file has any error so far.</summary>
    public bool HasErrorsIn(string file) => kept.Any(p => !p.IsWarning && p.File == file);

    public void Error(string file, int line, string message) => Add(new(file, line, message, IsWarning: false));

    public void Warning(string file, int line, string message) => Add(new(file, line, message, IsWarning: true));

    public void Add(DatasetProblem problem)
    {
        HasErrors |= !problem.IsWarning;
        var count = perFile[problem.File] = perFile.GetValueOrDefault(problem.File) + 1;
        if (count <= KeptPerFile) kept.Add(problem);
    }

    public IReadOnlyList<DatasetProblem> ToList() =>
    [
        .. kept,
        .. perFile.Where(f => f.Value > KeptPerFile).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new DatasetProblem(
            f.Key, 0, $"{f.Value - KeptPerFile} more problems in this file are not listed. Repair the listed ones and check again.",
                IsWarning: false)),
    ];

    /// <summary>Text from a file as shown in a message: in quotes, shortened, control characters replaced.</summary>
    public static string Shown(string text)
    {
        const int length = 80;
        var shown = text.Length <= length ? text : text[..length] + "...";
        return $"'{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}'";
    }

    /// <summary>" Did you mean 'x'?" when a known name is near, else nothing. Very long lists are not searched.</summary>
    public static string Suggestion(string name, IReadOnlyCollection<string> known) =>
        known.Count <= 2000 && name.Length <= 100 && NearestName.Find(name, known) is { } nearest ? $" Did you mean {Shown(nearest)}?" : "";
}
