using Unseen.Data;
using Unseen.Models;

namespace Unseen.Training;

/// <summary>
/// A zero-shot method: chooses its settings on validation problems, then fits. Gradient methods use the <see cref="Trainer"/>, closed forms
/// solve.
/// </summary>
public interface IZslMethod
{
    /// <summary>True when every fold can be used at small cost (closed forms average them); false: the first fold, unless asked for all.</summary>
    bool SelectsOnAllFolds { get; }

    /// <summary>Chooses epochs or settings, and gamma, by H on validation problems.</summary>
    /// <param name="folds">Validation problems, at least one.</param>
    /// <param name="context">Seed, recipe, checkpoints of the folds (suffix -0, -1, ...).</param>
    Selection Choose(IReadOnlyList<ZslProblem> folds, FitContext context);

    /// <summary>Fits with a selection; null: chooses on the problem's own evaluation images, as the authors' codes do on test.</summary>
    FitResult Fit(ZslProblem problem, Selection? selection, FitContext context);

    /// <summary>Rebuilds a fitted model from its stored tensors.</summary>
    IZslModel Load(ZslProblem problem, IReadOnlyDictionary<string, TorchSharp.torch.Tensor> state, Selection selection, Precision precision);
}

/// <summary>What was chosen on validation.</summary>
/// <param name="Epochs">Epochs to train, for gradient methods.</param>
/// <param name="Settings">Chosen settings of a closed form, by name; empty for gradient methods.</param>
/// <param name="Gamma">Gamma of the best H, raw.</param>
/// <param name="GammaQuantile">The same gamma as the quantile of (best seen - best unseen score).</param>
/// <param name="Validation">Figures on validation at that gamma, averaged over the folds; null when there was no validation.</param>
/// <param name="History">Epochs of the first fold, for gradient methods that searched on validation; else empty.</param>
public sealed record Selection(
    int? Epochs, IReadOnlyDictionary<string, string> Settings, double Gamma, double GammaQuantile, EpochScore? Validation,
    IReadOnlyList<EpochRecord> History);

/// <summary>A fitted model with its history.</summary>
/// <param name="Model">The model; the caller disposes it.</param>
/// <param name="History">Epochs of the fit, empty for closed forms.</param>
/// <param name="Chosen">The selection in use; made on the evaluation images when none was given.</param>
public sealed record FitResult(IZslModel Model, IReadOnlyList<EpochRecord> History, Selection Chosen);
