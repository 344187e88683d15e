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
    public static Shard FromEnvironment(Func<string, string?> variable)
    {
        if (variable("SLURM_ARRAY_TASK_ID") is { Length: > 0 } task && variable("SLURM_ARRAY_TASK_COUNT") is { Length: > 0 } tasks)
            return Parse($"{(Number(task) ?? -1) - (Number(variable("SLURM_ARRAY_TASK_MIN") ?? "0") ?? 0)}/{tasks}");
        return variable("JOB_COMPLETION_INDEX") is { Length: > 0 } index && variable("JOB_COMPLETION_COUNT") is { Length: > 0 } count
            ? Parse($"{index}/{count}")
            : Whole;
    }

    /// <summary>The range of items of this part; sizes of parts differ by at most one.</summary>
    public Range Of(int items) => (int)((long)items * Index / Count)..(int)((long)items * (Index + 1) / Count);

    /// <summary>"i/n".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
