using Unseen.Models.Cvsc;
using Unseen.Tests.Models;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>One training step of CVsC in the authors' form: forward, backward, Adam. Ours against the straightforward port.</summary>
internal sealed class CvscStep : IDisposable
{
    private readonly SyntheticProblem data;
    private readonly CvscModel model;
    private readonly StraightforwardCvsc port;
    private readonly Tensor channelsFirst;
    private readonly optim.Optimizer ourOptimiser;
    private readonly optim.Optimizer portOptimiser;

    public CvscStep(int batch, int attributes, int regions, int visual, Precision precision)
    {
        data = new SyntheticProblem(batch, attributes, regions, visual);
        var options = (CvscOptions)Unseen.Experiments.MethodCatalog.Find("cvsc").Preset("cvsc-code").Options;
        model = new CvscModel(options, data.Problem, precision);
        var unseen = Array.ConvertAll(data.Problem.UnseenClasses, c => (long)c);
        port = new StraightforwardCvsc(model.State["attribute_vectors"], model.State["attention_weight"], model.State["score_weight"],
            tensor(data.Problem.Semantics.Values), unseen);
        channelsFirst = data.Regions.transpose(1, 2).contiguous();
        ourOptimiser = optim.Adam(model.TrainedParameters.Select(p => p.Parameter), 1e-3, 0.5, 0.999);
        portOptimiser = optim.Adam(port.Parameters, 1e-3, 0.5, 0.999);
    }

    public void Ours()
    {
        using var scope = NewDisposeScope();
        ourOptimiser.zero_grad();
        var terms = model.Losses(data.Regions, data.Labels);
        terms.Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b).backward();
        ourOptimiser.step();
    }

    public void Reference()
    {
        using var scope = NewDisposeScope();
        portOptimiser.zero_grad();
        var orders = new StraightforwardCvsc.Permutations(
            randperm(channelsFirst.shape[0]), randperm(port.Vectors.shape[0]), randperm(channelsFirst.shape[1]));
        StraightforwardCvsc.Total(port.Losses(port.Forward(channelsFirst, orders), data.Labels)).backward();
        portOptimiser.step();
    }

    public void Dispose()
    {
        data.Dispose();
        model.Dispose();
        channelsFirst.Dispose();
        ourOptimiser.Dispose();
        portOptimiser.Dispose();
    }
}
