using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Unseen.Models.Generative.CeGzsl;

/// <summary>So many floats as the processor computes at once, so that a kernel is written once for all widths.</summary>
internal interface ILanes<TSelf> : IAdditionOperators<TSelf, TSelf, TSelf>, IMultiplyOperators<TSelf, TSelf, TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Floats of one value.</summary>
    static abstract int Count { get; }

    /// <summary>The same float in every lane.</summary>
    static abstract TSelf Fill(float value);

    /// <summary>The floats from a place on; the caller has checked that there are enough.</summary>
    static abstract TSelf Load(ReadOnlySpan<float> from, int place);

    /// <summary>The larger of two, lane by lane.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>Lane by lane one value where a sign is positive, and the other elsewhere.</summary>
    static abstract TSelf WherePositive(TSelf sign, TSelf positive, TSelf other);

    /// <summary>Writes the floats from a place on.</summary>
    void Store(Span<float> to, int place);

    /// <summary>Sum of the lanes.</summary>
    float Sum();
}

/// <summary>16 floats.</summary>
internal readonly struct Lanes512(Vector512<float> value) : ILanes<Lanes512>
{
    private readonly Vector512<float> value = value;

    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Fill(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Load(ReadOnlySpan<float> from, int place) => new(Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(from), (nuint)place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 Max(Lanes512 a, Lanes512 b) => new(Vector512.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 WherePositive(Lanes512 sign, Lanes512 positive, Lanes512 other) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(sign.value, Vector512<float>.Zero), positive.value, other.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512 operator *(Lanes512 a, Lanes512 b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Span<float> to, int place) => value.StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)place);

    public float Sum() => Vector512.Sum(value);
}

/// <summary>8 floats, or 4 on processors without AVX2.</summary>
internal readonly struct Lanes(Vector<float> value) : ILanes<Lanes>
{
    private readonly Vector<float> value = value;

    public static int Count => Vector<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Fill(float value) => new(new Vector<float>(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Load(ReadOnlySpan<float> from, int place) => new(Vector.LoadUnsafe(ref MemoryMarshal.GetReference(from), (nuint)place));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Max(Lanes a, Lanes b) => new(Vector.Max(a.value, b.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes WherePositive(Lanes sign, Lanes positive, Lanes other) =>
        new(Vector.ConditionalSelect(Vector.GreaterThan(sign.value, Vector<float>.Zero), positive.value, other.value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(Lanes a, Lanes b) => new(a.value + b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(Lanes a, Lanes b) => new(a.value * b.value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Span<float> to, int place) => value.StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)place);

    public float Sum() => Vector.Sum(value);
}
