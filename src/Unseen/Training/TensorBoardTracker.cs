using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Writes TensorBoard event files: loss terms and validation figures per epoch.</summary>
public sealed class TensorBoardTracker(string folder) : IRunTracker
{
    private readonly TorchSharp.Modules.SummaryWriter writer = utils.tensorboard.SummaryWriter(folder);

    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch)
    {
        writer.add_scalar($"{phase}/loss", (float)epoch.Loss, epoch.Epoch);
        foreach (var (term, value) in epoch.Terms) writer.add_scalar($"{phase}/loss {term}", (float)value, epoch.Epoch);
        if (epoch.Validation is not { } score) return;
        foreach (var (name, value) in new[] { ("T1", score.T1), ("U", score.U), ("S", score.S), ("H", score.H), ("AUSUC", score.Ausuc) })
            writer.add_scalar($"{phase}/{name}", (float)value, epoch.Epoch);
    }
}
