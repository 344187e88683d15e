using TorchSharp.Modules;
using Unseen.Data.Formats;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

/// <summary>What checkpoints keep of optimisers.</summary>
public sealed class OptimiserStateTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<OptimiserKind> Kinds => [.. Enum.GetValues<OptimiserKind>()];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AStoredStateGoesOn(OptimiserKind kind)
    {
        var recipe = new TrainingRecipe { Optimiser = kind, LearningRate = 0.1, WeightDecay = 0.1, Momentum = 0.5 };
        using var scope = NewDisposeScope();
        var targets = Enumerable.Range(0, 6).Select(_ => randn(9)).ToArray();
        var whole = new Parameter(zeros(9));
        using (var optimiser = Optimisers.Create(recipe, [whole]))
            foreach (var target in targets) FusedAdamTests.Step(optimiser, whole, target, 0.1);
        var parted = new Parameter(zeros(9));
        using var first = Optimisers.Create(recipe, [parted]);
        foreach (var target in targets[..3]) FusedAdamTests.Step(first, parted, target, 0.1);
        using var second = Optimisers.Create(recipe, [parted]);
        var path = folder.File("state.safetensors");
        Safetensors.Write(path, Optimisers.Save([first]));
        using (var file = SafetensorsFile.Open(path)) Optimisers.Load([second], file);
        foreach (var target in targets[3..]) FusedAdamTests.Step(second, parted, target, 0.1);
        Assert.Equal(whole.data<float>().ToArray(), parted.data<float>().ToArray());
    }

    [Theory]
    [InlineData("optimiser/0/mean/0", 8, "must be 9 numbers of type Single, found 8 of type F32")]
    [InlineData("optimiser/0/square/0", 10, "must be 9 numbers of type Single, found 10 of type F32")]
    [InlineData("optimiser/0/square/0", -1, "must be 9 numbers of type Single, found nothing")]
    [InlineData("optimiser/0/steps", 2, "must be 1 numbers of type Int64, found 2 of type F32")]
    public void AStateOfAnotherModelIsRefused(string name, int length, string message)
    {
        using var scope = NewDisposeScope();
        using var optimiser = Optimisers.Create(new TrainingRecipe(), [new Parameter(zeros(9))]);
        var others = Optimisers.Save([optimiser]).Where(t => t.Name != name);
        var path = folder.File("state.safetensors");
        Safetensors.Write(path, length < 0 ? others : others.Append(SafetensorsTensor.Of(name, new float[length], length)));
        using var file = SafetensorsFile.Open(path);
        Assert.Equal($"{path}: the optimiser's state '{name}' {message}. The checkpoint belongs to another model or device. Delete the file to start this phase anew.",
            Assert.Throws<CheckpointMismatchException>(() => Optimisers.Load([optimiser], file)).Message);
    }

    [Fact]
    public void AStateOfAnotherKindOfOptimiserIsRefused()
    {
        using var scope = NewDisposeScope();
        using var optimiser = Optimisers.Create(new TrainingRecipe { Optimiser = OptimiserKind.Sgd }, [new Parameter(zeros(9))]);
        var path = folder.File("state.safetensors");
        Safetensors.Write(path, [SafetensorsTensor.Of("x", [1f], 1)]);
        using var file = SafetensorsFile.Open(path);
        Assert.Contains("'optimiser/0/state' must be a block of bytes, found nothing.",
            Assert.Throws<CheckpointMismatchException>(() => Optimisers.Load([optimiser], file)).Message, StringComparison.Ordinal);
    }
}
