using Unseen.Features;

namespace Unseen.Models;

/// <summary>What a method that reads pictures itself makes of them.</summary>
/// <param name="Preprocessing">How a picture becomes pixels.</param>
/// <param name="Encoder">Its vision encoder and how much of it is trained, for people.</param>
/// <param name="Weights">File or folder with which the encoder begins, or null.</param>
/// <param name="PreTraining">Data these weights were trained on, or null when nobody said.</param>
public sealed record PictureInput(PreprocessingOptions Preprocessing, string Encoder, string? Weights, string? PreTraining);
