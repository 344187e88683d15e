using CsCheck;
using Unseen.Features;
using Xunit;

namespace Unseen.Tests.Features;

public class ShardTests
{
    [Fact]
    public void PartsCoverEverythingOnce() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int[1, 40]).Sample((items, count) =>
        {
            var end = 0;
            for (var i = 0; i < count; i++)
            {
                var (offset, length) = new Shard(i, count).Of(items).GetOffsetAndLength(items);
                Assert.Equal(end, offset);
                Assert.InRange(length, items / count, (items / count) + 1);
                end = offset + length;
            }
            Assert.Equal(items, end);
        });

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/4", 3, 4)]
    public void IsRead(string text, int index, int count)
    {
        Assert.Equal(new Shard(index, count), Shard.Parse(text));
        Assert.Equal(text, new Shard(index, count).ToString());
    }

    [Theory]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1/0")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    [InlineData("")]
    public void OtherTextIsRefused(string text)
    {
        var error = Assert.Throws<ConfigurationException>(() => Shard.Parse(text));
        Assert.Equal($"A shard must be INDEX/COUNT with index from 0 to count - 1, for example 0/4; found '{text}'.", error.Message);
    }

    [Fact]
    public void SchedulersSayWhichPart()
    {
        Assert.Equal(Shard.Whole, Shard.FromEnvironment(_ => null));
        Assert.Equal(new(2, 5), From(("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "5")));
        Assert.Equal(new(1, 5), From(("SLURM_ARRAY_TASK_ID", "2"), ("SLURM_ARRAY_TASK_COUNT", "5"), ("SLURM_ARRAY_TASK_MIN", "1")));
        Assert.Equal(new(3, 4), From(("JOB_COMPLETION_INDEX", "3"), ("JOB_COMPLETION_COUNT", "4")));
        Assert.Equal(Shard.Whole, From(("JOB_COMPLETION_INDEX", ""), ("JOB_COMPLETION_COUNT", "")));
    }

    [Theory]
    [InlineData("JOB_COMPLETION_INDEX", "JOB_COMPLETION_COUNT")]
    [InlineData("JOB_COMPLETION_COUNT", "JOB_COMPLETION_INDEX")]
    [InlineData("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT")]
    public void AVariableThatIsMissingIsNamed(string given, string missing) => Assert.Equal(
        $"{given} is set, but {missing} is not, so the part to extract is not known. Set {missing}, or say which part with --shard (0/1 is the whole).",
        Assert.Throws<ConfigurationException>(() => From((given, "1"))).Message);

    [Theory]
    [InlineData("5", null, "4", "SLURM_ARRAY_TASK_ID=5 of SLURM_ARRAY_TASK_COUNT=4")]
    [InlineData("x", null, "4", "SLURM_ARRAY_TASK_ID=x of SLURM_ARRAY_TASK_COUNT=4")]
    [InlineData("1", "2", "4", "SLURM_ARRAY_TASK_ID=1 (from SLURM_ARRAY_TASK_MIN=2) of SLURM_ARRAY_TASK_COUNT=4")]
    [InlineData("1", "x", "4", "SLURM_ARRAY_TASK_ID=1 (from SLURM_ARRAY_TASK_MIN=x) of SLURM_ARRAY_TASK_COUNT=4")]
    public void VariablesThatNameNoPartAreShown(string task, string? first, string count, string shown) => Assert.Equal(
        $"{shown} is no part of a job: the first part is 0, the last is count - 1. Correct the variables, or say which part with --shard.",
        Assert.Throws<ConfigurationException>(() =>
            From(("SLURM_ARRAY_TASK_ID", task), ("SLURM_ARRAY_TASK_MIN", first), ("SLURM_ARRAY_TASK_COUNT", count))).Message);

    private static Shard From(params (string Name, string? Value)[] variables) =>
        Shard.FromEnvironment(name => variables.FirstOrDefault(v => v.Name == name).Value);
}
