using Unseen.Fuzzing;
using Xunit;

namespace Unseen.Tests.Data.Formats;

/// <summary>The targets of eng/fuzz.sh: a seed that its reader refuses, or a target that reads anything, would fuzz nothing.</summary>
public sealed class FuzzTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Readers => [.. FuzzTarget.All.Select(t => t.Name)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readers))]
    public void Seeds_are_read_and_cut_seeds_are_refused(string reader)
    {
        var target = FuzzTarget.All.Single(t => t.Name == reader);
        for (var n = 0; n < target.Seeds; n++)
        {
            var path = _folder.File($"seed-{n}");
            target.WriteSeed(path, n);
            Assert.True(FuzzLoop.Accepts(target, path));
            Assert.False(FuzzLoop.Accepts(target, _folder.File("cut", File.ReadAllBytes(path)[..20])));
        }
    }
}
