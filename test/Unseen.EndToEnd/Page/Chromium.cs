namespace Unseen.EndToEnd.Page;

/// <summary>The browser of the machine: nothing is downloaded.</summary>
internal static class Chromium
{
    public const string Missing =
        "Chromium is not installed. On Debian: apt-get install chromium. Elsewhere set UNSEEN_CHROMIUM to the browser's file.";

    /// <summary>Its file, or null: UNSEEN_CHROMIUM if set, else where packages put it.</summary>
    public static string? File { get; } = Environment.GetEnvironmentVariable("UNSEEN_CHROMIUM") is { Length: > 0 } named
        ? Existing(named)
        : new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.Select(Existing).FirstOrDefault(f => f is not null);

    private static string? Existing(string file) => System.IO.File.Exists(file) ? file : null;
}
