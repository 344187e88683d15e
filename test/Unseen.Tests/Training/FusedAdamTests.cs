using TorchSharp.Modules;
using Unseen.Data.Formats;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Training;

/// <summary>Our Adam and AdamW do what torch's do.</summary>
public sealed class FusedAdamTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(37, 0, false)]
    [InlineData(37, 0.1, false)]
    [InlineData(70_000, 0.01, false)]                                                          // more than one chunk
    [InlineData(37, 0, true)]
    [InlineData(37, 0.5, true)]
    [InlineData(70_000, 0.01, true)]
    public void TheStepsEqualThoseOfTorch(int size, double decay, bool decoupled)
    {
        using var scope = NewDisposeScope();
        manual_seed(size);
        var start = randn(size);
        var (ours, theirs) = (new Parameter(start.clone()), new Parameter(start.clone()));
        using var fused = new FusedAdam([ours], 0.01, 0.5, 0.99, decay, decoupled);
        using var torch = new TorchOptimiser(decoupled
            ? optim.AdamW([theirs], 0.01, 0.5, 0.99, weight_decay: decay) : optim.Adam([theirs], 0.01, 0.5, 0.99, weight_decay: decay));
        for (var step = 0; step < 20; step++)
        {
            var target = randn(size);
            Step(fused, ours, target, 0.01 + 0.001 * step);
            Step(torch, theirs, target, 0.01 + 0.001 * step);
        }
        Assert.True((ours - theirs).abs().max().item<float>() < 1e-5, $"{(ours - theirs).abs().max().item<float>()}");
        Assert.True((ours - start).abs().max().item<float>() > 0.05);
    }

    [Fact]
    public void ParametersWithoutGradientStayAndTransposedGradientsAreRead()
    {
        using var scope = NewDisposeScope();
        var (used, unused) = (new Parameter(randn(3, 4)), new Parameter(ones(2)));
        var before = used.detach().clone();
        using var fused = new FusedAdam([used, unused], 0.01, 0.9, 0.999, 0);
        var factors = arange(12, dtype: float32).reshape(4, 3) - 5.5;
        (used.t() * factors).sum().backward();
        fused.Step();
        Assert.True((used - before).sign().equal(-factors.t().sign()).all().item<bool>());
        Assert.Equal([1f, 1f], unused.data<float>().ToArray());
    }

    [Theory]
    [InlineData(OptimiserKind.Adam)]
    [InlineData(OptimiserKind.AdamW)]
    [InlineData(OptimiserKind.RmsProp)]
    [InlineData(OptimiserKind.Sgd)]
    public void AStoredStateGoesOn(OptimiserKind kind)
    {
        var recipe = new TrainingRecipe { Optimiser = kind, LearningRate = 0.1, WeightDecay = 0.1, Momentum = 0.5 };
        using var scope = NewDisposeScope();
        var targets = Enumerable.Range(0, 6).Select(_ => randn(9)).ToArray();
        var whole = new Parameter(zeros(9));
        using (var optimiser = Optimisers.Create(recipe, [whole]))
            foreach (var target in targets) Step(optimiser, whole, target, 0.1);
        var parted = new Parameter(zeros(9));
        using var first = Optimisers.Create(recipe, [parted]);
        foreach (var target in targets[..3]) Step(first, parted, target, 0.1);
        using var second = Optimisers.Create(recipe, [parted]);
        var path = folder.File("state.safetensors");
        Safetensors.Write(path, Optimisers.Save([first]));
        using (var file = SafetensorsFile.Open(path)) Optimisers.Load([second], file);
        foreach (var target in targets[3..]) Step(second, parted, target, 0.1);
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

    private static void Step(IOptimiser optimiser, Parameter parameter, Tensor target, double learningRate)
    {
        optimiser.LearningRate = learningRate;
        optimiser.ZeroGradients();
        (parameter - target).square().sum().backward();
        optimiser.Step();
    }
}
