using System.Text.Json;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// Where a fit stands: weights, best weights, averages of weights, optimiser state, step, history. One safetensors file, written atomically. Random state and
/// sampler need no storage: they are functions of seed and step (see <see cref="StepSeed"/>).
/// </summary>
internal sealed record Checkpoint
{
    private const int CurrentFormat = 2; // the state of each optimiser as tensors of its own
    private const string ChecksumKey = "sha256";
    private const string WeightPrefix = "weights/";
    private const string BestPrefix = "best/";
    private const string AveragePrefix = "average/";

    /// <summary>Version of the layout of the file; 0 in files from before it was written down.</summary>
    public int Format { get; init; }

    /// <summary>Steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Seed, recipe and phase of the fit, as text; a checkpoint of another fit is refused.</summary>
    public required string Identity { get; init; }

    /// <summary>Finished epochs.</summary>
    public required IReadOnlyList<EpochRecord> History { get; init; }

    /// <summary>Sums of the loss terms of the unfinished epoch.</summary>
    public required IReadOnlyDictionary<string, double> TermSums { get; init; }

    /// <summary>Steps that had each of these terms.</summary>
    public required IReadOnlyDictionary<string, long> TermCounts { get; init; }

    /// <summary>Seconds of the unfinished epoch so far.</summary>
    public double Seconds { get; init; }

    public void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> weights, IEnumerable<KeyValuePair<string, Tensor>> best,
        IEnumerable<KeyValuePair<string, Tensor>> averages, IEnumerable<SafetensorsTensor> optimisers)
    {
        using var scope = NewDisposeScope();
        List<SafetensorsTensor> tensors = [.. TensorFiles.ToFile(weights, WeightPrefix), .. TensorFiles.ToFile(best, BestPrefix),
            .. TensorFiles.ToFile(averages, AveragePrefix), .. optimisers];
        Safetensors.Write(path, tensors, new Dictionary<string, string>
        {
            ["checkpoint"] = JsonSerializer.Serialize(this with { Format = CurrentFormat }),
            [ChecksumKey] = TensorChecksum.Of(tensors),
        });
    }

    /// <summary>Reads a checkpoint and copies weights, best weights, averages and optimiser state into the given places.</summary>
    /// <exception cref="CheckpointMismatchException">The file belongs to another fit.</exception>
    /// <exception cref="DatasetFormatException">The file is damaged.</exception>
    public static Checkpoint Read(
        string path, string identity, IEnumerable<KeyValuePair<string, Tensor>> weights, Dictionary<string, Tensor> best,
        IEnumerable<KeyValuePair<string, Tensor>> averages, Action<SafetensorsFile> optimisers)
    {
        using var file = SafetensorsFile.Open(path);
        var checkpoint = file.Metadata.TryGetValue("checkpoint", out var json) ? Parse(path, json) : null;
        if (checkpoint is not null && checkpoint.Format != CurrentFormat)
            throw new CheckpointMismatchException($"{path}: the checkpoint was written by another version of Unseen (format {checkpoint.Format}, this version has "
                + $"{CurrentFormat}). Delete the file to start this phase anew, or go on with the version that wrote it.");
        if (checkpoint?.Identity != identity)
            throw new CheckpointMismatchException($"{path}: the checkpoint belongs to a run with other options. Use the options of the stored run, or another --out.");
        if (file.Metadata.GetValueOrDefault(ChecksumKey) != TensorChecksum.Of(file))
            throw new DatasetFormatException(path, "the checkpoint is damaged: its tensors are not those that were written. Delete the file to start this phase anew.");
        CopyWeights(file, weights, WeightPrefix);
        CopyWeights(file, averages, AveragePrefix);
        foreach (var (name, value) in ReadBest(file)) best[name] = value;
        optimisers(file); // outside of any scope: an optimiser keeps the tensors it loads
        return checkpoint;
    }

    private static void CopyWeights(SafetensorsFile file, IEnumerable<KeyValuePair<string, Tensor>> weights, string prefix)
    {
        using var constants = no_grad();
        foreach (var (name, weight) in weights)
        {
            using var scope = NewDisposeScope();
            if (!file.Entries.TryGetValue(prefix + name, out var stored) || stored.Type != SafetensorsType.F32 || !Shape.Fits([.. stored.Shape], weight.shape))
                throw new CheckpointMismatchException($"{file.Path}: tensor '{name}' of this model is missing or has another shape.");
            weight.copy_(TensorFiles.Read(file, stored));
        }
    }

    private static Dictionary<string, Tensor> ReadBest(SafetensorsFile file)
    {
        using var scope = NewDisposeScope();
        var best = TensorFiles.FromFile(file, BestPrefix);
        foreach (var tensor in best.Values) tensor.DetachFromDisposeScope();
        return best;
    }

    private static Checkpoint? Parse(string path, string json)
    {
        try { return JsonSerializer.Deserialize<Checkpoint>(json); }
        catch (JsonException error) { throw new DatasetFormatException(path, "the checkpoint's metadata is not valid JSON. Delete the file to start anew.", error); }
    }
}
