namespace Unseen;

/// <summary>One step of progress of a long phase.</summary>
/// <param name="Phase">What is going on, for example "training" or "extract".</param>
/// <param name="Done">Units finished.</param>
/// <param name="Total">Units in all; 0 when unknown.</param>
/// <param name="Unit">Name of a unit, plural: "images", "steps".</param>
/// <param name="Detail">Latest figures in words, for example "loss 3.21".</param>
public readonly record struct ProgressUpdate(string Phase, long Done, long Total, string Unit, string? Detail = null);
