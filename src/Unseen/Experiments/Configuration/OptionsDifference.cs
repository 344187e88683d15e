namespace Unseen.Experiments.Configuration;

/// <summary>Says where two sets of options differ, for refusing to resume a run with other options.</summary>
public static class OptionsDifference
{
    /// <summary>One sentence per key that differs, for example "training.epochs: stored 20, asked 5"; empty when equal.</summary>
    /// <param name="stored">Options of the stored run.</param>
    /// <param name="asked">Options asked for now.</param>
    public static IReadOnlyList<string> Find(object stored, object asked)
    {
        var (before, now) = (Flatten(stored), Flatten(asked));
        return [.. before.Keys.Union(now.Keys)
            .Where(key => before.GetValueOrDefault(key) != now.GetValueOrDefault(key))
            .Select(key => $"{key}: stored {before.GetValueOrDefault(key) ?? "nothing"}, asked {now.GetValueOrDefault(key) ?? "nothing"}")];
    }

    private static Dictionary<string, string> Flatten(object options)
    {
        var document = ConfigDocument.Parse(ConfigWriter.Write(options, comments: false), "options");
        var values = new Dictionary<string, string>();
        Flatten(document.Root, "", values);
        return values;
    }

    private static void Flatten(ConfigNode node, string path, Dictionary<string, string> values)
    {
        if (node is ConfigMapping mapping)
            foreach (var entry in mapping.Entries) Flatten(entry.Value, OptionProperty.Join(path, entry.Key), values);
        else
            values[path] = Show(node);
    }

    private static string Show(ConfigNode node) => node switch
    {
        ConfigScalar scalar => scalar.Text is null ? "nothing" : scalar.Text,
        ConfigSequence list => $"[{string.Join(", ", list.Items.Select(Show))}]",
        ConfigMapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(e => $"{e.Key}: {Show(e.Value)}"))}}}",
        _ => "",
    };
}
