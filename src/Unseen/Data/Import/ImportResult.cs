namespace Unseen.Data.Import;

/// <summary>What an importer wrote.</summary>
/// <param name="Path">Full path of the dataset folder.</param>
/// <param name="SeenClasses">Number of seen classes.</param>
/// <param name="UnseenClasses">Number of unseen classes.</param>
/// <param name="Attributes">Number of attributes.</param>
/// <param name="Trainval">Number of images of seen classes to train on.</param>
/// <param name="TestSeen">Number of held-out images of seen classes.</param>
/// <param name="TestUnseen">Number of images of unseen classes.</param>
/// <param name="Warnings">What the user should know, one sentence each.</param>
public sealed record ImportResult(string Path, int SeenClasses, int UnseenClasses, int Attributes, int Trainval, int TestSeen,
    int TestUnseen, IReadOnlyList<string> Warnings)
{
    /// <summary>Number of images.</summary>
    public int Images => Trainval + TestSeen + TestUnseen;

    internal static ImportResult Of(DatasetFolder folder, IReadOnlyList<string> warnings)
    {
        int Count(ImageSplit split) => folder.Images.Count(i => i.Split == split);
        var seen = folder.Classes.Count(c => c.Seen);
        var zeros = folder.WordVectors is { } words ? VectorReader.ZeroRows(words, "attribute", [.. folder.Attributes.Select(a => a.Name)]) : [];
        return new(folder.Path, seen, folder.Classes.Count - seen, folder.Attributes.Count,
            Count(ImageSplit.Trainval), Count(ImageSplit.TestSeen), Count(ImageSplit.TestUnseen), [.. warnings, .. zeros]);
    }
}
