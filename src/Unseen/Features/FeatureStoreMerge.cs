namespace Unseen.Features;

/// <summary>Joins the stores of a divided extraction into the store that one run would have made, byte for byte.</summary>
public static class FeatureStoreMerge
{
    /// <summary>Merges parts.</summary>
    /// <param name="parts">The stores of all shards, in any order.</param>
    /// <param name="output">File of the merged store.</param>
    /// <param name="force">Replace an existing or unfinished store and begin anew; without it, what an interrupted merge of the same parts has left is continued.</param>
    /// <param name="progress">Receives pictures done.</param>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="DatasetFormatException">A part is not a feature store, is missing, comes twice, or was made by another
    /// backbone.</exception>
    /// <exception cref="ConfigurationException">There are no parts, or the output exists already.</exception>
    /// <exception cref="CheckpointMismatchException">The output is an unfinished store of other pictures.</exception>
    public static ExtractionResult Run(IReadOnlyList<string> parts, string output, bool force = false,
        IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        output = Path.GetFullPath(output);
        if (parts.Count == 0) throw new ConfigurationException(["Nothing to merge: give the stores of all shards."]);
        if (File.Exists(output) && !force)
            throw new ConfigurationException([$"{output} exists already. Choose another --out, or replace it with --force."]);
        var stores = new List<FeatureStore>();
        try
        {
            foreach (var part in parts) stores.Add(FeatureStore.Open(part));
            RequireOneExtraction(stores);
            var rows = Rows(stores);
            var resumed = Write(rows, output, force, progress, cancellation);
            return new(output, rows.Count, resumed, [], clock.Elapsed);
        }
        finally
        {
            stores.ForEach(store => store.Dispose());
        }
    }

    /// <summary>Writes the rows that an interrupted merge did not; returns how many it did.</summary>
    private static int Write(List<(FeatureStore Store, int Row)> rows, string output, bool force, IProgress<ProgressUpdate>? progress,
        CancellationToken cancellation)
    {
        var first = rows[0].Store;
        var metadata = first.Metadata with
        {
            Names = [.. rows.Select(r => r.Store.Names[r.Row])],
            ByteLengths = [.. rows.Select(r => r.Store.Metadata.ByteLengths[r.Row])],
            FinishedShards = FeatureMetadata.AllShards,
        };
        using var writer = force
            ? FeatureStoreWriter.Create(output, metadata, first.ElementType)
            : FeatureStoreWriter.Resume(output, metadata, first.ElementType);
        for (var row = 0; row < rows.Count; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!writer.IsFinished(row)) writer.WriteBytes(row, rows[row].Store.ReadBytes(rows[row].Row));
            progress?.Report(new("merge", row + 1, rows.Count, "images"));
        }
        writer.Complete();
        return writer.Resumed;
    }

    private static List<(FeatureStore Store, int Row)> Rows(List<FeatureStore> stores)
    {
        var rows = stores.SelectMany(store => Enumerable.Range(0, store.Images).Select(row => (Store: store, Row: row)))
            .OrderBy(r => r.Store.Names[r.Row], StringComparer.Ordinal).ToList();
        for (var i = 1; i < rows.Count; i++)
            if (rows[i].Store.Names[rows[i].Row] == rows[i - 1].Store.Names[rows[i - 1].Row])
                throw new DatasetFormatException(rows[i].Store.Path,
                    $"picture '{rows[i].Store.Names[rows[i].Row]}' is also in {rows[i - 1].Store.Path}. Are these parts of one " +
                        "extraction?");
        return rows;
    }

    private static void RequireOneExtraction(List<FeatureStore> stores)
    {
        var shards = stores.ConvertAll(ShardOf);
        for (var i = 0; i < stores.Count; i++)
        {
            if (Comparable(stores[i]) != Comparable(stores[0]))
                throw new DatasetFormatException(stores[i].Path,
                    $"made by another backbone, preprocessing or element type than {stores[0].Path}.");
            if (shards[i].Count != shards[0].Count)
                throw new DatasetFormatException(stores[i].Path,
                    $"this is part {shards[i]}, but {stores[0].Path} is part {shards[0]}: not one extraction.");
            if (shards.IndexOf(shards[i]) != i)
                throw new DatasetFormatException(stores[i].Path, $"part {shards[i]} is also in {stores[shards.IndexOf(shards[i])].Path}.");
        }
        var missing = Enumerable.Range(0, shards[0].Count).Except(shards.Select(s => s.Index)).Select(i => new Shard(i, shards[0].Count))
            .ToList();
        if (missing.Count > 0)
            throw new DatasetFormatException(stores[0].Path,
                $"not all parts are given; missing: {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? ", ..." : ".")}");
    }

    // The same model file may lie at other places on other machines: its SHA-256 is compared.
    private static (BackboneDescription, Data.Formats.SafetensorsType) Comparable(FeatureStore store) =>
        (store.Metadata.Backbone with { Path = "", Name = "" }, store.ElementType);

    private static Shard ShardOf(FeatureStore store) => store.Metadata.FinishedShards == FeatureMetadata.AllShards
        ? throw new DatasetFormatException(store.Path, "this store is complete already, not a part made with --shard.")
        : Shard.TryParse(store.Metadata.FinishedShards, out var shard)
            ? shard
            : throw new DatasetFormatException(store.Path,
                $"'finished_shards' must be INDEX/COUNT, found '{store.Metadata.FinishedShards}'.");
}
