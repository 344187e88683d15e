using Unseen.Experiments;
using Unseen.Models.Msdn;
using Unseen.Tests.Models;
using Unseen.Training;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>One training step of DAZLE, MSDN or MSDN++ with a preset's options, and a pass at test.</summary>
internal sealed class AttentionStep : ComparedStep
{
    private readonly MutualAttentionModel model;
    private readonly StraightforwardMsdn port;
    private readonly AttentionParts parts;
    private readonly IOptimiser ourOptimiser;
    private readonly TorchOptimiser portOptimiser;

    // Method dazle, msdn or msdnpp, with its first preset when none is named.
    public AttentionStep(string method, string? preset, int batch, int attributes, int regions, int visual, Precision precision)
        : base(new SyntheticProblem(batch, attributes, regions, visual))
    {
        var descriptor = MethodCatalog.Find(method);
        var options = (AttentionOptions)descriptor.Preset(preset).Options;
        parts = options.Parts;
        model = new MutualAttentionModel(options, Data.Problem, precision);
        var weights = new StraightforwardMsdn.Weights(parts.Gate, parts.Directions == AttentionDirections.Both, options.SelfCalibrationWeight,
            parts.DistillationWeight, parts.AttributeCausalWeight, parts.VisualCausalWeight, parts.RegressionWeight, options.NormaliseVectors);
        port = new StraightforwardMsdn(model.State, tensor(Data.Problem.Semantics.Values), Array.ConvertAll(Data.Problem.UnseenClasses, c => (long)c), weights);
        ourOptimiser = Optimisers.Create(descriptor.Recipe!, model.TrainedParameters.Select(p => p.Parameter));
        portOptimiser = new TorchOptimiser(Optimisers.CreateTorch(descriptor.Recipe!, port.Parameters.Values));
    }

    public override void Ours()
    {
        using var scope = NewDisposeScope();
        ourOptimiser.ZeroGradients();
        model.Losses(Data.Regions, Data.Labels).Select(t => t.Weight * t.Value).Aggregate((a, b) => a + b).backward();
        ourOptimiser.Step();
    }

    public override void Reference()
    {
        using var scope = NewDisposeScope();
        portOptimiser.ZeroGradients();
        StraightforwardMsdn.Total(port.Losses(ChannelsFirst, Data.Labels, parts.Counterfactual)).backward();
        portOptimiser.Step();
    }

    /// <summary>Class scores at test with the frozen model.</summary>
    public void OurPass()
    {
        using var scope = NewDisposeScope();
        model.Freeze();
        model.Forward(Data.Regions);
    }

    /// <summary>Class scores at test as the authors' code has them: both sub-nets, whatever their shares.</summary>
    public void ReferencePass()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        _ = parts.AttributeShare * port.AttributeNet(ChannelsFirst).Scores + parts.VisualShare * port.VisualNet(ChannelsFirst).Scores;
    }

    public override void Dispose()
    {
        base.Dispose();
        model.Dispose();
        ourOptimiser.Dispose();
        portOptimiser.Dispose();
    }
}
