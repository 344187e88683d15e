using System.Globalization;

namespace Unseen.Data;

/// <summary>Something wrong with a dataset folder.</summary>
/// <param name="File">File it was found in, relative to the dataset folder (or the folder itself).</param>
/// <param name="Line">Line in the file, from 1; 0 when the problem concerns the whole file.</param>
/// <param name="Message">What is wrong, what was expected, what was found and what to do.</param>
/// <param name="IsWarning">True when the dataset can be used all the same.</param>
public sealed record DatasetProblem(string File, int Line, string Message, bool IsWarning)
{
    /// <summary>One line of text: file, line and message.</summary>
    public override string ToString() =>
        Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{File}, line {Line}: {Message}") : $"{File}: {Message}";
}
