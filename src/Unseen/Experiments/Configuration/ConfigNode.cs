namespace Unseen.Experiments.Configuration;

/// <summary>Where a value was written.</summary>
/// <param name="Source">File name, or the command-line argument that gave the value.</param>
/// <param name="Line">Line from 1, or 0 when the source has no lines.</param>
public readonly record struct SourceLocation(string Source, int Line = 0)
{
    /// <summary>"file:line", or only the source.</summary>
    public override string ToString() => Line > 0 ? $"{Source}:{Line}" : Source;
}

/// <summary>A value of a configuration, with its place.</summary>
/// <param name="Location">Where the value was written.</param>
public abstract record ConfigNode(SourceLocation Location)
{
    internal abstract string Kind { get; }
}

/// <summary>A single value.</summary>
/// <param name="Text">Its text, null for an empty value, <c>~</c> or <c>null</c>.</param>
/// <param name="Location">Where the value was written.</param>
public sealed record ConfigScalar(string? Text, SourceLocation Location) : ConfigNode(Location)
{
    internal override string Kind => Text is null ? "nothing" : $"'{Text}'";
}

/// <summary>A list of values.</summary>
/// <param name="Items">The values in order.</param>
/// <param name="Location">Where the list begins.</param>
public sealed record ConfigSequence(IReadOnlyList<ConfigNode> Items, SourceLocation Location) : ConfigNode(Location)
{
    internal override string Kind => "a list";
}

/// <summary>Keys with values.</summary>
/// <param name="Location">Where the mapping begins.</param>
public sealed record ConfigMapping(SourceLocation Location) : ConfigNode(Location)
{
    internal override string Kind => "a mapping of keys";

    internal List<ConfigEntry> Entries { get; } = [];

    internal ConfigEntry? Find(string key) => Entries.Find(e => e.Key == key);

    internal void Put(ConfigEntry entry)
    {
        var index = Entries.FindIndex(e => e.Key == entry.Key);
        if (index < 0) Entries.Add(entry);
        else Entries[index] = entry;
    }
}

internal sealed record ConfigEntry(string Key, ConfigNode Value, SourceLocation Location);
