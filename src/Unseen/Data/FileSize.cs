using Unseen.Data.Formats;

namespace Unseen.Data;

/// <summary>Checks that a file is there and not larger than allowed before it is opened.</summary>
internal static class FileSize
{
    public static bool IsWithin(string path, string file, long limit, DatasetProblems problems)
    {
        var info = new FileInfo(path);
        if (Unreachable(path) is { } reason)
            problems.Error(file, 0, $"The file cannot be read: {reason}");
        else if (!info.Exists)
            problems.Error(file, 0, "The file is missing. Every dataset folder needs it; 'unseen data init' writes one to start from.");
        else if (info.Length > limit)
            problems.Error(file, 0, $"The file has {info.Length} bytes; the limit is {limit}.");
        else
            return true;
        return false;
    }

    private static string? Unreachable(string path)
    {
        try
        {
            _ = FileErrors.Exists(path);
            return null;
        }
        catch (UnauthorizedAccessException e) { return e.Message; }
    }
}
