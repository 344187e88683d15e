using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Unseen.Experiments.Configuration;

/// <summary>Reads a safe subset of YAML: one document of mappings, lists and values; no aliases, anchors or tags.</summary>
internal sealed class YamlConfigReader(string text, SourceLocation origin)
{
    public const int MaximumLength = 1 << 20;
    public const int MaximumDepth = 32;

    private readonly Parser parser = new(new StringReader(text));
    private readonly int lines = Math.Max(1, text.AsSpan().TrimEnd().Count('\n') + 1);

    public List<ConfigProblem> Problems { get; } = [];

    /// <summary>The document's value, or null when the text is empty or unreadable; problems say why.</summary>
    public ConfigNode? Read()
    {
        if (text.Length > MaximumLength)
        {
            Problems.Add(new(origin, $"The text has {text.Length} characters; at most {MaximumLength} are allowed."));
            return null;
        }
        try
        {
            return ReadDocument();
        }
        catch (YamlException e)
        {
            return Invalid(e.Start, e.Message);
        }
        // On some broken texts YamlDotNet's scanner fails inside instead of throwing its own exception.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            return Invalid(parser.Current?.End ?? Mark.Empty, "unexpected characters after this place");
        }
    }

    private ConfigNode? Invalid(Mark mark, string reason)
    {
        Problems.Add(new(At(mark), $"This is not valid YAML: {reason.TrimEnd('.')}."));
        return null;
    }

    private ConfigNode? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _)) return null;
        parser.Consume<DocumentStart>();
        var node = ReadNode(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second)) Refuse(second.Start, "Only one YAML document is allowed in a file.");
        return node;
    }

    private ConfigNode ReadNode(int depth)
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return Refuse(alias.Start, "Aliases (*name) are not allowed; write the value out.");
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored) Refuse(anchored.Start, "Anchors (&name) are not allowed.");
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged) Refuse(tagged.Start, "Tags (!name) are not allowed.");
        if (depth > MaximumDepth)
            throw new YamlException(parser.Current!.Start, parser.Current.End, $"values are nested more than {MaximumDepth} deep");
        if (parser.TryConsume<Scalar>(out var scalar)) return ReadScalar(scalar);
        return parser.TryConsume<SequenceStart>(out var sequence) ? ReadSequence(sequence, depth) : ReadMapping(depth);
    }

    private ConfigScalar ReadScalar(Scalar scalar)
    {
        var isNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";
        return new(isNull ? null : scalar.Value, At(scalar.Start));
    }

    private ConfigSequence ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
        return new(items, At(start.Start));
    }

    private ConfigMapping ReadMapping(int depth)
    {
        var mapping = new ConfigMapping(At(parser.Consume<MappingStart>().Start));
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is ConfigScalar { Text: { } name }) Add(mapping, new(name, value, key.Location));
            else Problems.Add(new(key.Location, $"A key must be a name, found {key.Kind}."));
        }
        return mapping;
    }

    private void Add(ConfigMapping mapping, ConfigEntry entry)
    {
        if (mapping.Find(entry.Key) is { } first)
            Problems.Add(new(entry.Location, $"Key '{entry.Key}' appears twice, first in line {first.Location.Line}."));
        else
            mapping.Entries.Add(entry);
    }

    private ConfigScalar Refuse(Mark mark, string message)
    {
        Problems.Add(new(At(mark), message));
        return new(null, At(mark));
    }

    // A value given on the command line has no lines of its own; the parser reports the end of the text as a line after the last.
    private SourceLocation At(Mark mark) => origin.Line > 0 ? origin with { Line = (int)Math.Clamp(mark.Line, 1, lines) } : origin;
}
