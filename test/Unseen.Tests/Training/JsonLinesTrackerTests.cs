using System.Text.Json.Nodes;
using Unseen.Tests.Data.Formats;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Training;

public sealed class JsonLinesTrackerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string File => folder.File("metrics.jsonl");

    [Fact]
    public void EveryEpochIsOneLine()
    {
        var tracker = new JsonLinesTracker(File);
        tracker.Log("validation 1", Epoch(1));
        tracker.Log("validation 1", Epoch(2));
        tracker.Log("training", Epoch(1));
        Assert.Equal([("validation 1", 1), ("validation 1", 2), ("training", 1)], Lines());
    }

    [Fact]
    public void AnEpochThatIsRepeatedAfterAKillIsNotWrittenTwice()
    {
        new JsonLinesTracker(File).Log("training", Epoch(1));
        var resumed = new JsonLinesTracker(File);
        resumed.Log("training", Epoch(1));
        resumed.Log("training", Epoch(2));
        Assert.Equal([("training", 1), ("training", 2)], Lines());
    }

    [Fact]
    public void ALineThatWasCutOffIsReplaced()
    {
        new JsonLinesTracker(File).Log("training", Epoch(1));
        System.IO.File.AppendAllText(File, "{\"phase\":\"training\",\"ep");
        new JsonLinesTracker(File).Log("training", Epoch(2));
        Assert.Equal([("training", 1), ("training", 2)], Lines());
    }

    private (string, int)[] Lines() => [.. System.IO.File.ReadAllLines(File).Select(line => JsonNode.Parse(line)!)
        .Select(line => ((string)line["phase"]!, (int)line["epoch"]!))];

    private static EpochRecord Epoch(int number) => new(number, number * 10, 0.5, 1.5, new Dictionary<string, double> { ["ce"] = 1.5 }, null);

    public void Dispose() => folder.Dispose();
}
