using System.Globalization;

namespace Unseen.Cli;

/// <summary>Values as text, the same in every culture.</summary>
internal static class CommandText
{
    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);
}
