namespace Unseen.Models.Encoders;

/// <summary>Rules on the sizes of an architecture; sizes may come from an untrusted file.</summary>
internal static class SizeRules
{
    private const long Largest = 1L << 24, MostBlocks = 1000;

    /// <summary>A sentence for every size that is not between 1 and 2^24.</summary>
    public static IEnumerable<string> Check(params (long Value, string Name)[] sizes) =>
        sizes.Where(s => s.Value is < 1 or > Largest).Select(s => $"{s.Name} must be between 1 and {Largest}, found {s.Value}.");

    /// <summary>A sentence when there are fewer blocks than one or more than any network has.</summary>
    public static IEnumerable<string> Blocks(long value, string name) =>
        value is < 1 or > MostBlocks ? [$"{name} must be between 1 and {MostBlocks}, found {value}."] : [];

    /// <summary>A sentence when one size does not divide another; nothing when the divisor itself is wrong.</summary>
    public static IEnumerable<string> Divides(long divisor, string divisorName, long value, string name) =>
        divisor > 0 && value % divisor != 0 ? [$"{divisorName} ({divisor}) must divide {name} ({value})."] : [];

    /// <summary>Requires valid options.</summary>
    /// <exception cref="ConfigurationException">At least one rule is broken.</exception>
    public static void Require(IValidatedOptions options)
    {
        var errors = options.Validate().ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }
}
