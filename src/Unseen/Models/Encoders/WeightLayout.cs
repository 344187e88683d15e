namespace Unseen.Models.Encoders;

/// <summary>What a weight holds before anything is learned or loaded.</summary>
internal enum InitialValue
{
    /// <summary>Normal numbers with mean 0 and deviation 0.02.</summary>
    Normal,

    /// <summary>Zeros.</summary>
    Zero,

    /// <summary>Ones.</summary>
    One,
}

/// <summary>Name and shape of one weight of an architecture.</summary>
/// <param name="Name">Name in the published checkpoint.</param>
/// <param name="Shape">Axis lengths.</param>
/// <param name="Initial">Value of an untrained model.</param>
/// <param name="Trained">False for what is counted, not learned: the running statistics of batch norm.</param>
internal sealed record WeightDeclaration(string Name, long[] Shape, InitialValue Initial, bool Trained = true)
{
    public long Elements => Shape.Aggregate(1L, (product, axis) => checked(product * axis));
}

/// <summary>
/// All weights of an architecture of certain sizes, in the order of the forward pass. It holds names and shapes only, so that files of any
/// size are compared without memory. Names are those of the published checkpoints and are the checkpoint format.
/// </summary>
/// <param name="prefix">First word of the encoder's names, with its dot; files of the bare encoder do without it. May be empty.</param>
internal sealed class WeightLayout(string prefix)
{
    private readonly List<WeightDeclaration> weights = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public string Prefix { get; } = prefix;

    public IReadOnlyList<WeightDeclaration> Weights => weights;

    /// <summary>Numbers to learn.</summary>
    public long Parameters => weights.Where(w => w.Trained).Sum(w => w.Elements);

    /// <summary>Beginnings of names that the published files have and this model has no use for, such as a head it does not have.</summary>
    public IReadOnlyList<string> UnusedPrefixes { get; init; } = [];

    /// <summary>Ends of such names: tables that follow from the sizes.</summary>
    public IReadOnlyList<string> UnusedSuffixes { get; init; } = [];

    public bool Contains(string name) => names.Contains(name);

    public bool IsUnused(string name) => !Contains(name) &&
        (UnusedPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal))
        || UnusedSuffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal)));

    /// <summary>A weight by itself.</summary>
    public void Add(string name, InitialValue initial, params long[] shape) => Add(new WeightDeclaration(name, shape, initial));

    public void Add(WeightDeclaration weight)
    {
        weights.Add(weight);
        names.Add(weight.Name);
    }

    /// <summary>A linear layer: weight [outputs, inputs], bias [outputs].</summary>
    public void Linear(string name, long inputs, long outputs, bool bias = true)
    {
        Add(name + ".weight", InitialValue.Normal, outputs, inputs);
        if (bias) Add(name + ".bias", InitialValue.Zero, outputs);
    }

    /// <summary>A layer norm: weight and bias [size].</summary>
    public void LayerNorm(string name, long size)
    {
        Add(name + ".weight", InitialValue.One, size);
        Add(name + ".bias", InitialValue.Zero, size);
    }

    /// <summary>A convolution that cuts a picture into patches: weight [outputs, channels, patch, patch], bias [outputs].</summary>
    public void Patches(string name, long channels, long patch, long outputs)
    {
        Add(name + ".weight", InitialValue.Normal, outputs, channels, patch, patch);
        Add(name + ".bias", InitialValue.Zero, outputs);
    }
}
