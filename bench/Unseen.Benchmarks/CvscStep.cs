using Unseen.Experiments;
using Unseen.Models.Cvsc;
using Unseen.Tests.Models;
using Unseen.Training;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>One training step of CVsC in the authors' form.</summary>
internal sealed class CvscStep : ComparedStep
{
    private readonly CvscModel model;
    private readonly StraightforwardCvsc port;
    private readonly IOptimiser ourOptimiser;
    private readonly TorchOptimiser portOptimiser;

    public CvscStep(int batch, int attributes, int regions, int visual, Precision precision)
        : base(new SyntheticProblem(batch, attributes, regions, visual))
    {
        var method = MethodCatalog.Find("cvsc");
        var options = (CvscOptions)method.Preset("cvsc-code").Options;
        model = new CvscModel(options, Data.Problem, precision);
        var unseen = Array.ConvertAll(Data.Problem.UnseenClasses, c => (long)c);
        port = new StraightforwardCvsc(model.State["attribute_vectors"], model.State["attention_weight"], model.State["score_weight"],
            tensor(Data.Problem.Semantics.Values), unseen);
        ourOptimiser = Optimisers.Create(method.Recipe!, model.TrainedParameters.Select(p => p.Parameter));
        portOptimiser = new TorchOptimiser(Optimisers.CreateTorch(method.Recipe!, port.Parameters));
    }

    public override void Ours()
    {
        using var scope = NewDisposeScope();
        ourOptimiser.ZeroGradients();
        var terms = model.Losses(Data.Regions, Data.Labels);
        terms.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b).backward();
        ourOptimiser.Step();
    }

    public override void Reference()
    {
        using var scope = NewDisposeScope();
        portOptimiser.ZeroGradients();
        var orders = new StraightforwardCvsc.Permutations(
            randperm(ChannelsFirst.shape[0]), randperm(port.Vectors.shape[0]), randperm(ChannelsFirst.shape[1]));
        StraightforwardCvsc.Total(port.Losses(port.Forward(ChannelsFirst, orders), Data.Labels)).backward();
        portOptimiser.Step();
    }

    public override void Dispose()
    {
        base.Dispose();
        model.Dispose();
        ourOptimiser.Dispose();
        portOptimiser.Dispose();
    }
}
