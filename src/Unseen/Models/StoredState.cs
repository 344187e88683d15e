using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models;

/// <summary>Takes stored tensors and settings apart: model files are untrusted, so every tensor is checked before use.</summary>
internal static class StoredState
{
    /// <summary>A tensor of a state with the expected shape; -1 stands for any size.</summary>
    /// <exception cref="CheckpointMismatchException">It is missing or has another shape.</exception>
    public static Tensor Require(IReadOnlyDictionary<string, Tensor> state, string name, params ReadOnlySpan<long> sizes)
    {
        if (!state.TryGetValue(name, out var tensor))
            throw new CheckpointMismatchException($"Model tensor '{name}' is missing: the file belongs to another method.");
        if (!Shape.Fits(tensor.shape, sizes))
            throw new CheckpointMismatchException(
                $"Model tensor '{name}' must have shape {Shape.Text(sizes)}, found {Shape.Text(tensor.shape)}.");
        return tensor;
    }

    /// <summary>A parameter that starts as a copy of a stored tensor.</summary>
    /// <exception cref="CheckpointMismatchException">It is missing or has another shape.</exception>
    public static Parameter Trained(IReadOnlyDictionary<string, Tensor> state, string name, params ReadOnlySpan<long> sizes) =>
        new(Require(state, name, sizes).detach().clone());

    /// <summary>A chosen setting as an enum member.</summary>
    /// <exception cref="CheckpointMismatchException">It is missing or no member.</exception>
    public static T Member<T>(IReadOnlyDictionary<string, string> settings, string name) where T : struct, Enum =>
        Enum.TryParse<T>(Text(settings, name), out var value) && Enum.IsDefined(value) ? value : throw Unreadable(settings, name);

    /// <summary>A chosen setting as a finite number.</summary>
    /// <exception cref="CheckpointMismatchException">It is missing or no number.</exception>
    public static double Number(IReadOnlyDictionary<string, string> settings, string name) =>
        double.TryParse(Text(settings, name), System.Globalization.CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value : throw Unreadable(settings, name);

    private static string? Text(IReadOnlyDictionary<string, string> settings, string name) => settings.GetValueOrDefault(name);

    private static CheckpointMismatchException Unreadable(IReadOnlyDictionary<string, string> settings, string name)
    {
        var found = Text(settings, name) is { } text ? $"'{text}', which means nothing here" : "missing";
        return new($"Setting '{name}' of the stored model is {found}. Was model.json edited?");
    }
}
