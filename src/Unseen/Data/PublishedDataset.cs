namespace Unseen.Data;

/// <summary>
/// A benchmark with the figures of the papers: MLIS (ICLR 2023 submission), table 1, which agrees with table 1 of CVsC (ACM MM 2024) and
/// table 2 of DUET (AAAI 2023) on what they share; the number of attributes is that of CVsC and DUET. Attributes of FLO and aPY, and all
/// of AWA1, are those of the Proposed Split files.
/// </summary>
/// <param name="Id">Identifier in experiments, for example "cub".</param>
/// <param name="Title">Usual name.</param>
/// <param name="Seen">Seen classes.</param>
/// <param name="Unseen">Unseen classes.</param>
/// <param name="Attributes">Attributes, for FLO the width of the sentence embeddings.</param>
/// <param name="Trainval">Images of seen classes to train on.</param>
/// <param name="TestSeen">Held-out images of seen classes.</param>
/// <param name="TestUnseen">Images of unseen classes.</param>
public sealed record PublishedDataset(
    string Id, string Title, int Seen, int Unseen, int Attributes, int Trainval, int TestSeen, int TestUnseen)
{
    /// <summary>The benchmarks of the Proposed Split.</summary>
    public static IReadOnlyList<PublishedDataset> All { get; } =
    [
        new("cub", "CUB", 150, 50, 312, 7057, 1764, 2967),
        new("sun", "SUN", 645, 72, 102, 10320, 2580, 1440),
        new("awa2", "AWA2", 40, 10, 85, 23527, 5882, 7913),
        new("awa1", "AWA1", 40, 10, 85, 19832, 4958, 5685),
        new("apy", "aPY", 20, 12, 64, 5932, 1483, 7924),
        new("flo", "FLO", 82, 20, 1024, 5631, 1403, 1155),
    ];

    /// <summary>The benchmark of an identifier.</summary>
    /// <exception cref="UnknownNameException">No such benchmark.</exception>
    public static PublishedDataset Find(string id) => All.FirstOrDefault(d => d.Id == id) ?? throw new UnknownNameException("dataset", id,
        All.Select(d => d.Id));

    /// <summary>The benchmark that a dataset calls itself, or null: CUB-127 is none.</summary>
    public static PublishedDataset? Of(string name) => All.FirstOrDefault(d => d.Title.Equals(name, StringComparison.OrdinalIgnoreCase)) ??
        (name == "CUB-200-2011" ? All[0] : null);

    /// <summary>Where a dataset differs from the published figures, such as "94 seen classes, published 150"; empty when equal.</summary>
    public IReadOnlyList<string> Differences(DatasetInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        return [.. new (string What, int Found, int Published)[]
        {
            ("seen classes", info.SeenClasses, Seen),
            ("unseen classes", info.UnseenClasses, Unseen),
            ("attributes", info.Attributes.Count, Attributes),
            ("trainval images", info.Trainval, Trainval),
            ("test_seen images", info.TestSeen, TestSeen),
            ("test_unseen images", info.TestUnseen, TestUnseen),
        }.Where(f => f.Found != f.Published).Select(f => $"{f.Found} {f.What}, published {f.Published}")];
    }
}
