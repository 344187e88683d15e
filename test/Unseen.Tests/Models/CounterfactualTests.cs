using Unseen.Models.Cvsc;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>The counterfactual attributes against attribute-related features F [batch, attributes, visual] that are built in
/// full.</summary>
public sealed class CounterfactualTests : IDisposable
{
    private const int Batch = 6;
    private const int Draws = 4000;

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly Unseen.Data.ZslProblem problem = TinyProblem.Create(visual: 10);
    private readonly Tensor regions;    // [batch, regions, visual]
    private readonly Tensor labels;
    private readonly List<CvscModel> models = [];

    public CounterfactualTests()
    {
        manual_seed(5);
        var images = problem.Train.Images.Take(Batch).ToArray();
        regions = tensor(TinyProblem.Regions(problem, images)).reshape(Batch, problem.Features.Regions, -1);
        labels = tensor(Array.ConvertAll(images, i => (long)(i / 8)));
    }

    [Fact]
    public void UniformIsTheScoreOfTheMeanRegion()
    {
        var (model, _, score) = Model(Counterfactual.Uniform);
        Near(einsum("bd,kd->bk", regions.mean([1]), score), model.Predict(regions).Counterfactual!);
    }

    [Fact]
    public void BatchPermuteGivesTheFeaturesOfAnotherImage()
    {
        var (model, f, score) = Model(Counterfactual.BatchPermute);
        manual_seed(9);
        var found = model.Predict(regions).Counterfactual!;
        manual_seed(9);
        Near(einsum("bkd,kd->bk", f.index_select(0, randperm(Batch)), score), found);
    }

    [Fact]
    public void GaussianHasTheMomentsOfSampledFeatures()
    {
        var (model, f, score) = Model(Counterfactual.Gaussian);
        var (mean, deviation) = (f.mean(), f.std(unbiased: false));
        var ours = stack(Repeat(() => model.Predict(regions).Counterfactual!));                       // [draws, batch, attributes]
        var sampled = stack(Repeat(() => einsum("bkd,kd->bk", mean + deviation * randn_like(f), score)));
        // The standard error of a mean of n draws is σ/√n, of a variance about σ²·√(2/n); five of them.
        var sigma = sampled.std(unbiased: false);
        Assert.True((ours.mean([0]) - sampled.mean([0])).abs().max().item<float>() < (5 * Math.Sqrt(2.0 / Draws) * sigma).item<float>());
        var ratio = ours.var(0, unbiased: false) / sampled.var(0, unbiased: false);
        Assert.True((ratio - 1).abs().max().item<float>() < 5 * Math.Sqrt(4.0 / Draws),
            $"{ratio.min().item<float>()} {ratio.max().item<float>()}");
        Near(mean * score.sum(1), ours.mean([0, 1]), 5 * (sigma / Math.Sqrt(Draws * Batch) / (mean * score.sum(1)).abs().max()).item<float>());
    }

    [Fact]
    public void AnUnchangedCounterfactualCostsLogOfTheClasses()
    {
        var (model, _, _) = Model(Counterfactual.BatchPermute);
        var single = model.Losses(regions[..1], labels[..1]).Single(t =>
            t.Name == "tci").Value;      // a batch of one is its own permutation
        Assert.Equal(Math.Log(problem.Classes), single.item<float>(), 1e-5);
    }

    [Theory]
    [InlineData(Counterfactual.Gaussian)]
    [InlineData(Counterfactual.PermuteAll)]
    [InlineData(Counterfactual.BatchPermute)]
    [InlineData(Counterfactual.Uniform)]
    public void GradientsReachEveryParameterAndNotTheFeatures(Counterfactual kind)
    {
        var (model, _, _) = Model(kind);
        model.Losses(regions, labels).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        Assert.All(model.TrainedParameters, p => Assert.True(p.Parameter.grad!.abs().sum().item<float>() > 0, p.Name));
        Assert.False(regions.requires_grad);
        Assert.Null(regions.grad);
    }

    [Fact]
    public void TermsOfWeightZeroAreNotComputed()
    {
        var options = new CvscOptions { CclWeight = 0, SciWeight = 0, TciWeight = 0, SelfCalibrationWeight = 0 };
        var (model, _, _) = Model(Counterfactual.Gaussian, options);
        Assert.Equal(["ce"], model.Losses(regions, labels).Select(t => t.Name));
        Assert.Null(model.Predict(regions).Counterfactual);
    }

    private (CvscModel Model, Tensor Features, Tensor Score) Model(Counterfactual kind, CvscOptions? options = null)
    {
        var model = new CvscModel((options ?? new CvscOptions()) with { Counterfactual = kind, InitialDeviation = 0.5 }, problem);
        models.Add(model);
        using var constants = no_grad();
        var vectors = nn.functional.normalize(model.State["attribute_vectors"], dim: 1);
        var attention = einsum("kw,wd,brd->bkr", vectors, model.State["attention_weight"], regions).softmax(-1);
        return (model, einsum("bkr,brd->bkd", attention, regions), einsum("kw,wd->kd", vectors, model.State["score_weight"]));
    }

    private static Tensor[] Repeat(Func<Tensor> draw)
    {
        using var constants = no_grad();
        var draws = new Tensor[Draws];
        for (var i = 0; i < Draws; i++)
        {
            using var inner = NewDisposeScope();
            draws[i] = draw().MoveToOuterDisposeScope();
        }
        return draws;
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance = 1e-5)
    {
        var error = (expected - actual).abs().max().item<float>() / expected.abs().max().item<float>();
        Assert.True(error <= tolerance, $"relative error {error:G3} of at most {tolerance:G3}");
    }

    public void Dispose()
    {
        models.ForEach(model => model.Dispose());
        scope.Dispose();
    }
}
