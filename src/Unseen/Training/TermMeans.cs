namespace Unseen.Training;

/// <summary>Means of the loss terms of an epoch, each over the steps that had it: parts that learn in turns have terms of their own.</summary>
internal sealed class TermMeans
{
    /// <summary>Name of the weighted total.</summary>
    public const string Total = "";

    private readonly Dictionary<string, double> sums = [];
    private readonly Dictionary<string, long> counts = [];

    /// <summary>Sum of every term.</summary>
    public IReadOnlyDictionary<string, double> Sums => sums;

    /// <summary>Steps that had the term.</summary>
    public IReadOnlyDictionary<string, long> Counts => counts;

    /// <summary>Mean of every term, without the total.</summary>
    public IReadOnlyDictionary<string, double> Means => sums.Keys.Where(name => name != Total).ToDictionary(name => name, Mean);

    public double Mean(string name) => sums[name] / counts[name];

    public void Add(string name, double value)
    {
        sums[name] = sums.GetValueOrDefault(name) + value;
        counts[name] = counts.GetValueOrDefault(name) + 1;
    }

    public void Restore(IReadOnlyDictionary<string, double> storedSums, IReadOnlyDictionary<string, long> storedCounts)
    {
        foreach (var (name, sum) in storedSums) (sums[name], counts[name]) = (sum, storedCounts[name]);
    }

    public void Clear()
    {
        sums.Clear();
        counts.Clear();
    }
}
