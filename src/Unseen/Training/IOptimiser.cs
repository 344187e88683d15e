using TorchSharp.Modules;

namespace Unseen.Training;

/// <summary>Moves parameters against their gradients.</summary>
internal interface IOptimiser : IDisposable
{
    /// <summary>Learning rate of the next step.</summary>
    double LearningRate { set; }

    /// <summary>Forgets the gradients.</summary>
    void ZeroGradients();

    /// <summary>One step along the gradients of the last backward pass.</summary>
    void Step();

    /// <summary>Writes the state, for checkpoints.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads what <see cref="Save"/> has written for the same parameters.</summary>
    void Load(BinaryReader reader);
}

/// <summary>An optimiser of torch.</summary>
internal sealed class TorchOptimiser(OptimizerHelper optimiser) : IOptimiser
{
    public double LearningRate
    {
        set
        {
            foreach (var group in optimiser.ParamGroups) group.LearningRate = value;
        }
    }

    public void ZeroGradients() => optimiser.zero_grad();

    public void Step() => optimiser.step();

    public void Save(BinaryWriter writer) => optimiser.save_state_dict(writer);

    public void Load(BinaryReader reader) => optimiser.load_state_dict(reader);

    public void Dispose() => optimiser.Dispose();
}
