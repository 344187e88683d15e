using System.Text.Json;
using System.Text.Json.Nodes;

namespace Unseen.Training;

/// <summary>Appends one line of JSON per epoch to a file (metrics.jsonl).</summary>
public sealed class JsonLinesTracker(string path) : IRunTracker
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public void Log(string phase, EpochRecord epoch)
    {
        var line = new JsonObject { ["phase"] = phase };
        foreach (var (key, value) in JsonSerializer.SerializeToNode(epoch, Format)!.AsObject()) line[key] = value?.DeepClone();
        File.AppendAllText(path, line.ToJsonString() + "\n");
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
