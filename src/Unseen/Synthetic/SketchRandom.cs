using System.Text;

namespace Unseen.Synthetic;

/// <summary>A small random generator (SplitMix64) whose numbers never change with the runtime; streams are split by keys, not by order
/// of use.</summary>
internal sealed class SketchRandom(ulong state)
{
    private ulong state = state;

    /// <summary>An independent stream for a seed and a path of keys: pictures can be drawn in any order and on any thread.</summary>
    public static SketchRandom For(int seed, string purpose, params ReadOnlySpan<int> keys)
    {
        var hash = Mix((ulong)(uint)seed ^ Hash(purpose));
        foreach (var key in keys)
            hash = Mix(hash + 0x9E3779B97F4A7C15 * ((ulong)(uint)key + 1));
        return new SketchRandom(hash);
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Bits() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Even in 0 (inclusive) .. 1 (exclusive).</summary>
    public double Unit() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Even between two numbers.</summary>
    public float Between(double low, double high) => (float)(low + (high - low) * Unit());

    /// <summary>Even in -<paramref name="range"/> .. <paramref name="range"/>.</summary>
    public float Around(double range) => Between(-range, range);

    /// <summary>A whole number in 0 .. <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)(Unit() * count);

    /// <summary>True with the given probability.</summary>
    public bool Chance(double probability) => Unit() < probability;

    /// <summary>A standard normal number (Box-Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    /// <summary>A Poisson number with a small mean (Knuth's product of uniforms).</summary>
    public int Poisson(double mean)
    {
        var count = 0;
        for (var product = Unit(); product > Math.Exp(-mean); product *= Unit())
            count++;
        return count;
    }

    /// <summary>Shuffles in place (Fisher-Yates).</summary>
    public T[] Shuffle<T>(T[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
        return items;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    /// <summary>FNV-1a: string.GetHashCode differs from run to run.</summary>
    private static ulong Hash(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 1099511628211UL;
        return hash;
    }
}
