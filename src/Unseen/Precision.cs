namespace Unseen;

/// <summary>Number format of the large matrix products. Everything else is always 32-bit.</summary>
public enum Precision
{
    /// <summary>32-bit floating point.</summary>
    F32,

    /// <summary>bfloat16 operands with 32-bit accumulation; about 4x faster on CPUs with AVX512-BF16.</summary>
    Bf16,
}
