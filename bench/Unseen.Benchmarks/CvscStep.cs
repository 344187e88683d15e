using Unseen.Models.Cvsc;
using Unseen.Tests.Models;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>One training step of CVsC in the authors' form: forward, backward, Adam. Ours against the straightforward port.</summary>
internal sealed class CvscStep : ComparedStep
{
    private readonly CvscModel model;
    private readonly StraightforwardCvsc port;
    private readonly optim.Optimizer ourOptimiser;
    private readonly optim.Optimizer portOptimiser;

    public CvscStep(int batch, int attributes, int regions, int visual, Precision precision)
        : base(new SyntheticProblem(batch, attributes, regions, visual))
    {
        var options = (CvscOptions)Unseen.Experiments.MethodCatalog.Find("cvsc").Preset("cvsc-code").Options;
        model = new CvscModel(options, Data.Problem, precision);
        var unseen = Array.ConvertAll(Data.Problem.UnseenClasses, c => (long)c);
        port = new StraightforwardCvsc(model.State["attribute_vectors"], model.State["attention_weight"], model.State["score_weight"],
            tensor(Data.Problem.Semantics.Values), unseen);
        ourOptimiser = optim.Adam(model.TrainedParameters.Select(p => p.Parameter), 1e-3, 0.5, 0.999);
        portOptimiser = optim.Adam(port.Parameters, 1e-3, 0.5, 0.999);
    }

    public override void Ours()
    {
        using var scope = NewDisposeScope();
        ourOptimiser.zero_grad();
        var terms = model.Losses(Data.Regions, Data.Labels);
        terms.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b).backward();
        ourOptimiser.step();
    }

    public override void Reference()
    {
        using var scope = NewDisposeScope();
        portOptimiser.zero_grad();
        var orders = new StraightforwardCvsc.Permutations(
            randperm(ChannelsFirst.shape[0]), randperm(port.Vectors.shape[0]), randperm(ChannelsFirst.shape[1]));
        StraightforwardCvsc.Total(port.Losses(port.Forward(ChannelsFirst, orders), Data.Labels)).backward();
        portOptimiser.step();
    }

    public override void Dispose()
    {
        base.Dispose();
        model.Dispose();
        ourOptimiser.Dispose();
        portOptimiser.Dispose();
    }
}
