namespace Unseen.Experiments.Configuration;

/// <summary>
/// A configuration before it is bound to options: a YAML file overlaid by <c>key=value</c> assignments. Problems are kept and
/// reported together by <see cref="OptionsBinder"/>.
/// </summary>
public sealed class ConfigDocument
{
    private const int LongestSetPath = 16;

    private ConfigDocument(ConfigMapping root, string source, IEnumerable<ConfigProblem> problems)
    {
        Root = root;
        Source = source;
        Problems = [.. problems];
    }

    internal ConfigMapping Root { get; }

    internal string Source { get; }

    internal List<ConfigProblem> Problems { get; }

    /// <summary>A configuration without any key.</summary>
    /// <param name="source">Name used in messages about the whole, for example "command line".</param>
    public static ConfigDocument Empty(string source = "command line") => new(new(new(source)), source, []);

    /// <summary>Reads a YAML file of at most 1 MiB. A file that cannot be opened is a <see cref="ConfigurationException"/>.</summary>
    public static ConfigDocument Load(string path)
    {
        try
        {
            const int most = YamlConfigReader.MaximumLength;
            var length = new FileInfo(path).Length;
            if (length > most) throw new ConfigurationException([$"{path}: The file has {length} bytes; at most {most} are allowed."]);
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException([$"{path}: Cannot read the configuration: {e.Message}"]);
        }
    }

    /// <summary>Reads YAML text.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">File name for messages.</param>
    public static ConfigDocument Parse(string yaml, string source)
    {
        var reader = new YamlConfigReader(yaml, new(source, 1));
        var node = reader.Read();
        if (node is ConfigMapping root) return new(root, source, reader.Problems);
        var problems = reader.Problems;
        if (node is not null and not ConfigScalar { Text: null })
            problems.Add(new(node.Location, $"The file must hold 'key: value' lines, found {node.Kind}."));
        return new(new(new(source)), source, problems);
    }

    /// <summary>Applies one <c>--set</c> argument such as <c>training.epochs=5</c> over what is there.</summary>
    public void Set(string assignment)
    {
        var at = assignment.IndexOf('=', StringComparison.Ordinal);
        var origin = $"--set {assignment}";
        if (at <= 0) Problems.Add(new(new(origin), "Expected key=value, for example training.epochs=5."));
        else Set(assignment[..at].Trim(), assignment[(at + 1)..].Trim(), origin);
    }

    /// <summary>Gives one key a value over what is there.</summary>
    /// <param name="path">Keys joined by dots.</param>
    /// <param name="value">Plain text, or YAML when it begins with a bracket or quote, for example <c>[1, 2]</c>.</param>
    /// <param name="origin">Argument to name in messages, for example "--seed 3".</param>
    public void Set(string path, string value, string origin)
    {
        var keys = path.Split('.');
        if (keys.Length > LongestSetPath || keys.Any(string.IsNullOrWhiteSpace))
            Problems.Add(new(new(origin), $"'{path}' is not a key path such as training.epochs."));
        else if (ReadValue(value, new(origin)) is { } node)
            Descend(keys, node.Location).Put(new(keys[^1], node, node.Location));
    }

    /// <summary>Gives one key a text over what is there, taken as it is: no value is read as YAML.</summary>
    /// <param name="key">A key of the top level.</param>
    /// <param name="value">The text.</param>
    /// <param name="origin">Argument to name in messages.</param>
    public void SetText(string key, string value, string origin)
    {
        var location = new SourceLocation(origin);
        Root.Put(new(key, new ConfigScalar(value, location), location));
    }

    /// <summary>Gives one key a list of texts over what is there.</summary>
    /// <param name="key">A key of the top level.</param>
    /// <param name="values">The texts.</param>
    /// <param name="origin">Argument to name in messages.</param>
    public void SetList(string key, IReadOnlyList<string> values, string origin)
    {
        var location = new SourceLocation(origin);
        Root.Put(new(key, new ConfigSequence([.. values.Select(value => new ConfigScalar(value, location))], location), location));
    }

    /// <summary>The text of a key as written, before binding; null when absent or not a single value.</summary>
    public string? Text(string path) => (Find(path) as ConfigScalar)?.Text;

    /// <summary>True when the configuration names the key.</summary>
    public bool Has(string path) => Find(path) is not null;

    internal ConfigNode? Find(string path)
    {
        ConfigNode? node = Root;
        foreach (var key in path.Split('.'))
            node = (node as ConfigMapping)?.Find(key)?.Value;
        return node;
    }

    /// <summary>Place of a key, or of the nearest written key around it.</summary>
    internal SourceLocation Locate(string path)
    {
        var keys = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
        var (mapping, location) = (Root, new SourceLocation(Source));
        foreach (var key in keys)
        {
            if (mapping.Find(key.Split('[')[0]) is not { } entry) break;
            location = entry.Location;
            if (entry.Value is not ConfigMapping inner) break;
            mapping = inner;
        }
        return location;
    }

    private ConfigNode? ReadValue(string value, SourceLocation origin)
    {
        if (value.Length == 0 || !"[{\"'".Contains(value[0], StringComparison.Ordinal))
            return new ConfigScalar(value is "" or "~" or "null" ? null : value, origin);
        var reader = new YamlConfigReader(value, origin);
        var node = reader.Read();
        Problems.AddRange(reader.Problems);
        return node;
    }

    private ConfigMapping Descend(string[] keys, SourceLocation origin)
    {
        var mapping = Root;
        foreach (var key in keys[..^1])
        {
            if (mapping.Find(key)?.Value is not ConfigMapping inner) mapping.Put(new(key, inner = new(origin), origin));
            mapping = inner;
        }
        return mapping;
    }
}
