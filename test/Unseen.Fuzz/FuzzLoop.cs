using SharpFuzz;

namespace Unseen.Fuzzing;

/// <summary>Reads one file after the other with a <see cref="FuzzTarget"/>.</summary>
public static class FuzzLoop
{
    /// <summary>Feeds the reader with what AFL++ sends; an exception that is no refusal is a crash to AFL++.</summary>
    public static void Run(FuzzTarget target)
    {
        var path = Path.Combine(Path.GetTempPath(), $"unseen-fuzz-{Environment.ProcessId}");
        Fuzzer.OutOfProcess.Run(input =>
        {
            using (var file = File.Create(path))
                input.CopyTo(file);
            Accepts(target, path);
        });
    }

    /// <summary>True when the file is read, false when it is refused.</summary>
    public static bool Accepts(FuzzTarget target, string path)
    {
        try
        {
            target.Read(path);
            return true;
        }
        catch (DatasetFormatException)
        {
            return false;
        }
    }
}
