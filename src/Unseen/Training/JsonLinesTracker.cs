using System.Text.Json;
using System.Text.Json.Nodes;

namespace Unseen.Training;

/// <summary>
/// Appends one line of JSON per epoch to a file (metrics.jsonl). An epoch that stands there already is not written again: a run that was
/// killed between this line and its checkpoint repeats the epoch with the same figures. A line that was cut off is removed.
/// </summary>
public sealed class JsonLinesTracker(string path) : IRunTracker
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);
    private HashSet<(string Phase, int Epoch)>? written;

    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch)
    {
        written ??= ReadWritten();
        if (!written.Add((phase, epoch.Epoch))) return;
        var line = new JsonObject { ["phase"] = phase };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(epoch, Format)!.AsObject()) line[key] = value?.DeepClone();
        File.AppendAllText(path, line.ToJsonString() + "\n");
    }

    private HashSet<(string Phase, int Epoch)> ReadWritten()
    {
        if (!File.Exists(path)) return [];
        var text = File.ReadAllText(path);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        if (whole.Length < text.Length) AtomicFile.WriteText(path, whole);
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Select(line => ((string)line["phase"]!, (int)line["epoch"]!))];
    }
}
