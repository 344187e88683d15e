using Unseen.Data;

namespace Unseen.Models;

/// <summary>
/// A method that is trained in stages: perhaps something that has to be there first, then the main stage, whose epochs are those of the
/// recipe, and last a classifier on what the main stage has learned. The main stage has no class scores of its own: to look at it means to
/// train a classifier. Random draws come from torch's global generator.
/// </summary>
public interface IStagedModel : IDisposable
{
    /// <summary>Stages before the main one, in order. Their features are made for the call and go with it; their trainables belong to the model.</summary>
    /// <param name="cancellation">Cancels between blocks of features.</param>
    IReadOnlyList<TrainingStage> Preparation(CancellationToken cancellation);

    /// <summary>The main stage.</summary>
    ITrainable Main { get; }

    /// <summary>The last stage for the present weights of the main stage, untrained; the caller disposes it.</summary>
    /// <param name="cancellation">Cancels between blocks of features.</param>
    TrainingStage Classifier(CancellationToken cancellation);

    /// <summary>A model with copies of the present weights and of a trained classifier; the caller disposes it.</summary>
    IZslModel Finish(TrainingStage classifier);
}

/// <summary>A stage of a staged method beside its main one; disposable, owns its trainable.</summary>
/// <param name="Name">One word, for progress, logs and checkpoint files.</param>
/// <param name="Trainable">What is trained.</param>
/// <param name="Problem">The features it is trained on.</param>
/// <param name="Options">How long and how.</param>
public sealed record TrainingStage(string Name, ITrainable Trainable, ZslProblem Problem, SoftmaxOptions Options) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Trainable.Dispose();
}
