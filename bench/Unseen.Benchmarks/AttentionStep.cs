using Unseen.Models.Msdn;
using Unseen.Tests.Models;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>One training step of MSDN++ with its CUB options, and RMSprop for both sides.</summary>
internal sealed class MsdnPlusPlusStep : ComparedStep
{
    private readonly MutualAttentionModel model;
    private readonly StraightforwardMsdn port;
    private readonly MsdnPlusPlusOptions options = new();
    private readonly optim.Optimizer ourOptimiser;
    private readonly optim.Optimizer portOptimiser;

    public MsdnPlusPlusStep(int batch, int attributes, int regions, int visual, Precision precision)
        : base(new SyntheticProblem(batch, attributes, regions, visual))
    {
        model = new MutualAttentionModel(options, Data.Problem, precision);
        var weights = new StraightforwardMsdn.Weights(
            Gate: false, Mutual: true, options.SelfCalibrationWeight, options.DistillationWeight, options.AttributeCausalWeight,
            options.RegressionWeight, options.NormaliseVectors);
        port = new StraightforwardMsdn(model.State, tensor(Data.Problem.Semantics.Values), Array.ConvertAll(Data.Problem.UnseenClasses, c => (long)c), weights);
        ourOptimiser = optim.RMSProp(model.TrainedParameters.Select(p => p.Parameter), 1e-4, weight_decay: 1e-4, momentum: 0.9);
        portOptimiser = optim.RMSProp(port.Parameters.Values, 1e-4, weight_decay: 1e-4, momentum: 0.9);
    }

    public override void Ours()
    {
        using var scope = NewDisposeScope();
        ourOptimiser.zero_grad();
        model.Losses(Data.Regions, Data.Labels).Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b).backward();
        ourOptimiser.step();
    }

    public override void Reference()
    {
        using var scope = NewDisposeScope();
        portOptimiser.zero_grad();
        StraightforwardMsdn.Total(port.Losses(ChannelsFirst, Data.Labels, options.Counterfactual)).backward();
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
