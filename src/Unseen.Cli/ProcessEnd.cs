using System.Runtime.InteropServices;

namespace Unseen.Cli;

/// <summary>
/// Ends the process at once. <see cref="Environment.Exit"/> runs the destructors of native libraries while threads still compute with them, which then fail
/// with messages of their own.
/// </summary>
internal static partial class ProcessEnd
{
    public static void Now(int exitCode)
    {
        if (OperatingSystem.IsWindows()) Environment.Exit(exitCode);
        Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int exitCode);
}
