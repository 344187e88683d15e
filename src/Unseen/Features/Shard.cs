using System.Globalization;

namespace Unseen.Features;

/// <summary>One of several equal parts of a job, so that machines can share it.</summary>
/// <param name="Index">Part, 0 to count - 1.</param>
/// <param name="Count">Number of parts.</param>
public readonly record struct Shard(int Index, int Count)
{
    private const int MaximumCount = 100_000;

    /// <summary>The whole job as one part.</summary>
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Reads "i/n", i from 0.</summary>
    /// <exception cref="ConfigurationException">The text is something else.</exception>
    public static Shard Parse(string text) => TryParse(text, out var shard)
        ? shard
        : throw new ConfigurationException(["A shard must be INDEX/COUNT with index from 0 to count - 1, for example 0/4; found " +
            $"'{text}'."]);

    /// <summary>Reads "i/n", i from 0; false when the text is something else.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        shard = Whole;
        if (text.Split('/') is not [var index, var count] || Number(index) is not { } i || Number(count) is not { } n) return false;
        shard = new(i, n);
        return n is >= 1 and <= MaximumCount && i < n;
    }

    /// <summary>
    /// The part that a job scheduler assigned: SLURM_ARRAY_TASK_ID (less SLURM_ARRAY_TASK_MIN) of SLURM_ARRAY_TASK_COUNT, or
    /// JOB_COMPLETION_INDEX of JOB_COMPLETION_COUNT; else the whole job.
    /// </summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    /// <exception cref="ConfigurationException">Only one variable of the two is set, or they name no part.</exception>
    public static Shard FromEnvironment(Func<string, string?> variable) =>
        Assigned(variable, "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN")
            ?? Assigned(variable, "JOB_COMPLETION_INDEX", "JOB_COMPLETION_COUNT", "")
            ?? Whole;

    private static Shard? Assigned(Func<string, string?> variable, string indexName, string countName, string firstName)
    {
        var (index, count) = (Value(indexName), Value(countName));
        if (index is null && count is null) return null;
        if (index is null || count is null) throw NotSet(index is null ? indexName : countName, index is null ? countName : indexName);
        var first = Value(firstName);
        return TryParse($"{Number(index) - Number(first ?? "0")}/{count}", out var shard)
            ? shard
            : throw new ConfigurationException([$"{indexName}={index}{(first is null ? "" : $" (from {firstName}={first})")} of {countName}={count} " +
                "is no part of a job: the first part is 0, the last is count - 1. Correct the variables, or say which part with --shard."]);

        string? Value(string name) => name.Length > 0 && variable(name) is { Length: > 0 } value ? value : null;
    }

    private static ConfigurationException NotSet(string missing, string given) =>
        new([$"{given} is set, but {missing} is not, so the part to extract is not known. Set {missing}, or say which part with --shard " +
            "(0/1 is the whole)."]);

    /// <summary>The range of items of this part; sizes of parts differ by at most one.</summary>
    public Range Of(int items) => (int)((long)items * Index / Count)..(int)((long)items * (Index + 1) / Count);

    /// <summary>"i/n".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
