using System.Globalization;
using Unseen.Data;

namespace Unseen.Cli;

/// <summary>Values as text, the same in every culture.</summary>
internal static class CommandText
{
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of things: "1 class", "2 classes".</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="many">What several are called, when an s is not enough.</param>
    public static string Of(int count, string one, string? many = null) => $"{Of(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>One line about a dataset that was made.</summary>
    public static string Of(DatasetFolder folder) =>
        $"{folder.Path}: {Of(folder.Classes.Count, "class", "classes")}, {Of(folder.Images.Count, "image")}, {Of(folder.Attributes.Count, "attribute")}.";
}
