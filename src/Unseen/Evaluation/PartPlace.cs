namespace Unseen.Evaluation;

/// <summary>A visible place of a part in an image.</summary>
/// <param name="X">Horizontal place, 0 (left) to 1 (right).</param>
/// <param name="Y">Vertical place, 0 (top) to 1 (bottom).</param>
public readonly record struct PartPlace(float X, float Y);

/// <summary>Pointing-game figures of one attribute group.</summary>
/// <param name="Group">Name of the group; "all" for the overall row.</param>
/// <param name="Judged">Number of (image, attribute) pairs with a visible part.</param>
/// <param name="HitRate">Share of them whose attention peak hits, 0..1.</param>
/// <param name="Chance">Hit rate of a random cell: the share of cells that would hit, 0..1.</param>
/// <param name="Centre">Hit rate of always pointing at the image centre, 0..1.</param>
public sealed record PointingGameRow(string Group, int Judged, double HitRate, double Chance, double Centre);
