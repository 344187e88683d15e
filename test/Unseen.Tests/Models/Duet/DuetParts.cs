using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Duet;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>The parts of an untrained model, put together as the model does it.</summary>
internal sealed class DuetParts : IDisposable
{
    public DuetParts(DuetOptions options, ZslProblem problem, Precision precision = Precision.F32)
    {
        manual_seed(11);
        var facts = problem.Facts ?? ClassFacts.OfAttributes(problem.Attributes, problem.Semantics.UnitValues());
        var (side, text) = DuetTextSide.Create(options, problem, facts);
        Network = DuetNetwork.Create(options, side, problem.Features.Visual(), problem.Semantics.Attributes, precision);
        ClassSemantics = nn.functional.normalize(tensor(problem.Semantics.UnitValues()), dim: 1);
        Kind = options.VisualTokens == DuetVisualTokens.Class ? FeatureKind.Global : FeatureKind.Regions;
        Training = new(options, problem, Kind, Network, ClassSemantics, facts, text);
        var images = problem.Train.Images.Zip(problem.Train.Labels).GroupBy(i => i.Second).ToDictionary(g => g.Key, g => g.Select(i => i.First).ToArray());
        Sampler = new(options, new ClassTexts(options, facts, text.PromptOf, problem.SeenClasses), text, images);
    }

    /// <summary>Features that the network reads.</summary>
    public FeatureKind Kind { get; }

    public DuetNetwork Network { get; }

    public DuetTraining Training { get; }

    public GroundingSampler Sampler { get; }

    public Tensor ClassSemantics { get; }

    public void Dispose()
    {
        Network.Dispose();
        Training.Dispose();
        ClassSemantics.Dispose();
    }
}
