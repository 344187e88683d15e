namespace Unseen.Training;

/// <summary>
/// Random numbers by counter: the seed of every step is a hash of the run's seed, the purpose and the step. A resumed run therefore
/// continues exactly like an uninterrupted one, and no generator state needs to be stored.
/// </summary>
internal static class StepSeed
{
    /// <summary>Purpose of the weight initialisation.</summary>
    public const int Initialisation = 1;

    /// <summary>Purpose of the batch order.</summary>
    public const int Sampling = 2;

    /// <summary>Purpose of the random numbers inside a training step.</summary>
    public const int Loss = 3;

    /// <summary>Purpose of the features that a generator makes for a classifier, and of that classifier's weights.</summary>
    public const int Synthesis = 4;

    /// <summary>A 31-bit seed (SplitMix64 of the three numbers).</summary>
    public static int Of(int seed, int purpose, long step) => (int)(Mix(Mix(Mix((ulong)(uint)seed) ^ (ulong)purpose) ^ (ulong)step) >> 33);

    private static ulong Mix(ulong x)
    {
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        return x ^ (x >> 31);
    }
}
