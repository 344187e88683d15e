using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>What a class may be called.</summary>
internal static class ClassNames
{
    private const int MaximumLength = 256;

    private const int Shown = 8;

    private const string BidirectionalControls = "\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

    /// <summary>The error of an unknown class; of very many classes only some are listed.</summary>
    public static UnknownNameException Unknown(string name, IReadOnlyList<ModelClass> classes) => new("class", name, [.. classes.Select(c => c.Name)], Shown);

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Fault(string name) =>
        string.IsNullOrWhiteSpace(name) ? "A class needs a name."
        : name.Length > MaximumLength ? $"A class name has at most {MaximumLength} characters, found {name.Length}."
        : name is "." or ".." ? $"Class name '{name}' would be a folder in an address. Choose another name."
        : name.Any(c => BidirectionalControls.Contains(c)) ? "A class name must have no characters that change the direction of the text around them."
        : name.Any(char.IsControl) || name != name.Trim() ? $"Class name '{new string([.. name.Select(c => char.IsControl(c) ? '?' : c)])}' must have no control characters and no spaces at its ends."
        : !NameForm.IsVisible(name) ? "A class name must have a character that can be seen."
        : null;
}
