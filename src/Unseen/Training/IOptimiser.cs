using System.Text;
using TorchSharp.Modules;
using Unseen.Data.Formats;

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

    /// <summary>The state, for checkpoints; valid until the next step.</summary>
    /// <param name="prefix">What the names of the tensors begin with.</param>
    IEnumerable<SafetensorsTensor> Save(string prefix);

    /// <summary>Reads what <see cref="Save"/> has given for the same parameters.</summary>
    void Load(SafetensorsFile file, string prefix);
}

/// <summary>An optimiser of torch.</summary>
internal sealed class TorchOptimiser(OptimizerHelper optimiser) : IOptimiser
{
    private const string State = "state";

    public double LearningRate
    {
        set
        {
            foreach (var group in optimiser.ParamGroups) group.LearningRate = value;
        }
    }

    public void ZeroGradients() => optimiser.zero_grad();

    public void Step() => optimiser.step();

    public IEnumerable<SafetensorsTensor> Save(string prefix)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true)) optimiser.save_state_dict(writer);
        return [SafetensorsTensor.Of(prefix + State, stream.GetBuffer().AsSpan(0, (int)stream.Length), stream.Length)];
    }

    public void Load(SafetensorsFile file, string prefix)
    {
        var state = OptimiserState.ReadBlock(file, prefix + State);
        using var reader = new BinaryReader(new MemoryStream(state));
        optimiser.load_state_dict(reader);
    }

    public void Dispose() => optimiser.Dispose();
}
