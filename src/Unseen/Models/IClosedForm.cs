using Unseen.Data;
using Unseen.Evaluation;

namespace Unseen.Models;

/// <summary>A method that is solved, not trained: a grid of settings is scored on validation, and the best is solved once more.</summary>
public interface IClosedForm
{
    /// <summary>The first setting of the grid.</summary>
    IReadOnlyDictionary<string, string> DefaultSettings { get; }

    /// <summary>Scores the evaluation images under every setting of the grid, always in the same order.</summary>
    /// <param name="problem">Training images, classes and evaluation images.</param>
    /// <param name="found">Told every setting and its scores.</param>
    /// <param name="cancellation">Cancels between settings and blocks of images.</param>
    void Candidates(ZslProblem problem, Action<ClosedFormCandidate> found, CancellationToken cancellation);

    /// <summary>Solves with one setting of the grid.</summary>
    /// <param name="problem">Training images and classes.</param>
    /// <param name="settings">Settings of a candidate.</param>
    /// <param name="cancellation">Cancels between blocks of images.</param>
    IZslModel Fit(ZslProblem problem, IReadOnlyDictionary<string, string> settings, CancellationToken cancellation);

    /// <summary>Rebuilds a model from its stored tensors.</summary>
    IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, TorchSharp.torch.Tensor> state);
}

/// <summary>One setting of a grid and its scores.</summary>
/// <param name="Settings">Values by name.</param>
/// <param name="Scores">Scores of the problem's evaluation images.</param>
public sealed record ClosedFormCandidate(IReadOnlyDictionary<string, string> Settings, ScoreTable Scores);
