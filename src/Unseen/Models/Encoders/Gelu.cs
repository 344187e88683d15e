using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>The two published forms of GELU (Hendrycks, Gimpel, 2016).</summary>
internal enum Gelu
{
    /// <summary>x·Φ(x) with the error function; called "gelu" in published configurations.</summary>
    Exact,

    /// <summary>0.5x(1 + tanh(√(2/π)(x + 0.044715x³))); called "gelu_new" or "gelu_pytorch_tanh".</summary>
    Tanh,
}

/// <summary>Computes GELU.</summary>
internal static class GeluForms
{
    public static Tensor Apply(this Gelu form, Tensor x) => nn.functional.gelu(
        x, form == Gelu.Tanh ? TorchSharp.Modules.GELU.Approximate.tanh : TorchSharp.Modules.GELU.Approximate.none);
}
