using System.Globalization;
using Unseen.Data;

namespace Unseen.Cli;

/// <summary>Values as text, the same in every culture.</summary>
internal static class CommandText
{
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>One line about a dataset that was made.</summary>
    public static string Of(DatasetFolder folder) =>
        $"{folder.Path}: {Of(folder.Classes.Count)} classes, {Of(folder.Images.Count)} images, {Of(folder.Attributes.Count)} attributes.";
}
