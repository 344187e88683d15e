using Unseen.Evaluation;
using Unseen.Models;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>A method of the catalog.</summary>
/// <param name="Id">Identifier, as on the command line.</param>
/// <param name="Title">Name for people.</param>
/// <param name="Paper">Authors, venue, year.</param>
/// <param name="OptionsType">Type of its options.</param>
/// <param name="Recipe">Training settings when nothing else is said; null for closed forms.</param>
/// <param name="ScoreScale">Scale on which gamma acts.</param>
/// <param name="UsesUnseenSemantics">True when the vectors of the unseen classes take part in training.</param>
/// <param name="Presets">Named options; the first is what a bare method name runs.</param>
/// <param name="Create">Creates the method from its options.</param>
public sealed record MethodDescriptor(
    string Id, string Title, string Paper, Type OptionsType, TrainingRecipe? Recipe, GammaScale ScoreScale, bool UsesUnseenSemantics,
    IReadOnlyList<MethodPreset> Presets, Func<MethodOptions, IZslMethod> Create)
{
    /// <summary>
    /// True when the scores of a class come from its semantics alone, so that classes can be added to a trained model; false for methods
    /// whose last stage is a classifier trained on features made for the classes of the training.
    /// </summary>
    public bool ScoresFromSemantics { get; init; } = true;

    /// <summary>True when the method has large matrix products that can run in bf16.</summary>
    public bool HasBf16 { get; init; } = true;

    /// <summary>True when options can make the method read pictures and train its own vision encoder, in place of features.</summary>
    public bool CanReadPictures { get; init; }

    /// <summary>Why a number format means nothing for this method, or null.</summary>
    public string? Fault(Precision precision) => precision == Precision.F32 || HasBf16 ? null
        : $"Method '{Id}' has no large matrix products that bf16 would make faster, so precision must be f32. Leave it out.";

    /// <summary>The preset of a name; null gives the first.</summary>
    /// <exception cref="UnknownNameException">No such preset.</exception>
    public MethodPreset Preset(string? name) => name is null
        ? Presets[0]
        : Presets.FirstOrDefault(p => p.Name == name) ?? throw new UnknownNameException($"preset of method '{Id}'", name, Presets.Select(p => p.Name));
}

/// <summary>Named options of a method.</summary>
/// <param name="Name">Name, as on the command line.</param>
/// <param name="Description">Where the values come from.</param>
/// <param name="Options">The options.</param>
/// <param name="Training">Training settings that differ from the method's recipe.</param>
public sealed record MethodPreset(string Name, string Description, MethodOptions Options, TrainingOptions? Training = null);
