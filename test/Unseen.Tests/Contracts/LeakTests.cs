using Xunit;
using Xunit.Sdk;
using static TorchSharp.torch;

namespace Unseen.Tests.Contracts;

public sealed class LeakTests
{
    private static readonly List<Tensor> Kept = [];

    [Fact]
    public void DroppedTensorsAreFoundInsideAndOutsideOfScopes()
    {
        Assert.Contains("1 tensors were left behind", Assert.Throws<TrueException>(() => Leak.None(() => Kept.Add(zeros(2)))).Message);
        Assert.Contains("2 tensors were left behind", Assert.Throws<TrueException>(() => Leak.None(() =>
        {
            using var scope = NewDisposeScope();
            Kept.Add((zeros(2) + 1).DetachFromDisposeScope());
            Kept.Add(ones(1).MoveToOuterDisposeScope());
        })).Message);
        Kept.ForEach(tensor => tensor.Dispose());
        Kept.Clear();
    }

    [Fact]
    public void AParameterTakesOverATensor() => Leak.None(() =>
    {
        using var scope = NewDisposeScope();
        _ = new TorchSharp.Modules.Parameter(zeros(2));
    }, parameters: 1);

    [Fact]
    public void DisposedTensorsAreNot() => Leak.None(() =>
    {
        using var scope = NewDisposeScope();
        _ = zeros(2) + 1;
    });
}
