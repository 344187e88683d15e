namespace Unseen.Models;

/// <summary>Base of the options of a method: what only this method knows. Epochs, batch and learning rate are training options.</summary>
public abstract record MethodOptions;
