using System.Runtime;
using Xunit;

namespace Unseen.Tests.Architecture;

/// <summary>ADR 15: a concurrent collection could free a number that a native call of TorchSharp is about to read.</summary>
public sealed class CollectionTests
{
    [Fact]
    public void Garbage_is_not_collected_beside_running_code() => Assert.Equal(GCLatencyMode.Batch, GCSettings.LatencyMode);
}
