using SkiaSharp;

namespace Unseen.Synthetic;

/// <summary>One shape of a drawing, in the order of painting.</summary>
/// <param name="Path">Outline; disposed with the shape.</param>
/// <param name="Color">Fill or line colour.</param>
/// <param name="Part">The part it shows, or none.</param>
/// <param name="LineWidth">0 fills the path, else it is drawn as a line of this width.</param>
/// <param name="Outlined">True to draw a thin ink line around a filled path.</param>
/// <param name="Clip">Limits the shape to another one, which another shape owns; or null.</param>
internal sealed record PaintedShape(
    SKPath Path, SKColor Color, BirdPart Part = BirdPart.None, float LineWidth = 0, bool Outlined = false, SKPath? Clip = null)
    : IDisposable
{
    /// <summary>True when the shape only decorates what lies below: a bar on a wing is still wing.</summary>
    public bool Decoration { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Path.Dispose();
}
