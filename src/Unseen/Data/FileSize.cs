using Unseen.Data.Formats;

namespace Unseen.Data;

/// <summary>Checks that a file is there and not larger than allowed before it is opened.</summary>
internal static class FileSize
{
    public static bool IsWithin(string path, string file, long limit, DatasetProblems problems)
    {
        try
        {
            if (!FileErrors.Exists(path))
                problems.Error(file, 0, "The file is missing. Every dataset folder needs it; 'unseen data init' writes one to start from.");
            else if (new FileInfo(path).Length is var length && length > limit)
                problems.Error(file, 0, $"The file has {length} bytes; the limit is {limit}.");
            else
                return true;
        }
        catch (UnauthorizedAccessException e)
        {
            problems.Error(file, 0, $"The file cannot be read: {e.Message}");
        }
        return false;
    }
}
