using static TorchSharp.torch;

namespace Unseen.Models.Generative;

/// <summary>The large matrix products of these methods, in the number format of the run.</summary>
internal static class Product
{
    /// <summary>Number format of a precision.</summary>
    public static ScalarType TypeOf(Precision precision) => precision == Precision.Bf16 ? bfloat16 : float32;

    /// <summary>a·b [rows, columns], 32-bit, from operands of the given format.</summary>
    public static Tensor Of(Tensor a, Tensor b, ScalarType type) => type == float32 ? a.mm(b) : a.to(type).mm(b.to(type)).to(float32);
}
