using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>
/// Writes a feature store row by row, in any order, from any thread. Until <see cref="Complete"/> the rows stand in PATH.partial with a
/// journal PATH.journal beside it; a process killed at any moment loses only the rows it was about to write, and <see cref="Resume"/>
/// continues.
/// </summary>
public sealed class FeatureStoreWriter : IDisposable
{
    private readonly string path;
    private readonly SafetensorsRowWriter rows;
    private readonly FinishedRows journal;
    private readonly SafetensorsDeclaration tensor;
    private readonly bool[] finished;

    private FeatureStoreWriter(string path, FeatureMetadata metadata, SafetensorsDeclaration tensor, SafetensorsRowWriter rows,
        FinishedRows journal, bool[] finished) =>
        (this.path, Metadata, this.tensor, this.rows, this.journal, this.finished) = (path, metadata, tensor, rows, journal, finished);

    /// <summary>What the store says about itself.</summary>
    public FeatureMetadata Metadata { get; }

    /// <summary>Rows that were finished in an earlier process.</summary>
    public int Resumed { get; private init; }

    /// <summary>Starts a store from nothing; what an earlier process left unfinished is thrown away.</summary>
    /// <param name="path">File of the finished store.</param>
    /// <param name="metadata">Backbone, names and byte lengths of the pictures.</param>
    /// <param name="type">F16, BF16 or F32.</param>
    /// <exception cref="UnseenException">The disk is full, or another process writes the same store.</exception>
    public static FeatureStoreWriter Create(string path, FeatureMetadata metadata, SafetensorsType type = SafetensorsType.F16) =>
        Open(path, metadata, type, Earlier.Discard);

    /// <summary>Continues what an earlier process began, or starts when it left nothing.</summary>
    /// <param name="path">File of the finished store.</param>
    /// <param name="metadata">Backbone, names and byte lengths of the pictures; must be those of the earlier process.</param>
    /// <param name="type">F16, BF16 or F32; must be that of the earlier process.</param>
    /// <exception cref="CheckpointMismatchException">The earlier process had other pictures, another backbone or other options.</exception>
    public static FeatureStoreWriter Resume(string path, FeatureMetadata metadata, SafetensorsType type = SafetensorsType.F16) =>
        Open(path, metadata, type, Earlier.Continue);

    /// <summary>Starts a store unless an earlier process left pictures that are done.</summary>
    /// <exception cref="ConfigurationException">An earlier process left an unfinished store.</exception>
    internal static FeatureStoreWriter CreateNew(string path, FeatureMetadata metadata, SafetensorsType type) =>
        Open(path, metadata, type, Earlier.Refuse);

    /// <summary>Refuses a path that cannot become a file because it is one of a folder.</summary>
    /// <exception cref="ConfigurationException">The path is that of a folder.</exception>
    internal static void RequireFile(string path)
    {
        if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new ConfigurationException([$"{path} is a folder. Name a file for the feature store, for example " +
                $"{Path.Join(path, "features.safetensors")}."]);
    }

    /// <summary>True when a row is written already.</summary>
    public bool IsFinished(int row) => finished[row];

    /// <summary>Writes one row.</summary>
    /// <param name="row">Row, the index of the picture in <see cref="FeatureMetadata.Names"/>.</param>
    /// <param name="features">Raw features [regions, visual].</param>
    /// <exception cref="UnseenException">A feature is not a finite number, or larger than the element type can hold; or the disk is full.</exception>
    public void Write(int row, ReadOnlySpan<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, finished.Length);
        if (features.Length != Metadata.Backbone.OutputLength)
            throw new ShapeException($"features must be [{Metadata.Backbone.Regions}, {Metadata.Backbone.Visual}], found " +
                $"{features.Length} floats.");
        RequireRepresentable(row, features);
        var length = features.Length * tensor.Type.Size();
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        FeatureEncoding.Encode(features, tensor.Type, buffer.AsSpan(0, length));
        WriteBytes(row, buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void RequireRepresentable(int row, ReadOnlySpan<float> features)
    {
        var picture = $"the features of picture '{Metadata.Names[row]}'";
        if (!TensorPrimitives.IsFiniteAll(features))
            throw new UnseenException($"{path}: {picture} are not all finite numbers. The backbone is damaged, or its preprocessing does not suit it.");
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(features));
        if (tensor.Type == SafetensorsType.F16 && largest > (float)Half.MaxValue)
            throw new UnseenException(string.Create(CultureInfo.InvariantCulture,
                $"{path}: {picture} reach {largest:G6}, but f16 holds numbers up to 65504. Use --dtype bf16 or f32."));
    }

    /// <summary>Writes one row that is in the element type of the store already.</summary>
    internal void WriteBytes(int row, ReadOnlySpan<byte> bytes)
    {
        try
        {
            rows.WriteRow(row, bytes);
            journal.Add(row, FinishedRows.Checksum(bytes));
        }
        catch (IOException e)
        {
            throw CannotWrite(path, e);
        }
        finished[row] = true;
    }

    /// <summary>Flushes the store to disk and gives it its name. Rows that were never written, which must be named, are left out.</summary>
    /// <param name="leftOut">Rows without features, for example of unreadable pictures.</param>
    public void Complete(IReadOnlyCollection<int>? leftOut = null)
    {
        var kept = Enumerable.Range(0, finished.Length).Except(leftOut ?? []).ToList();
        var unfinished = kept.FindIndex(row => !finished[row]);
        if (unfinished >= 0)
            throw new InvalidOperationException($"Row {kept[unfinished]} ('{Metadata.Names[kept[unfinished]]}') was not written.");
        rows.Flush();
        Dispose();
        File.Move(kept.Count < finished.Length ? Compact(kept) : PartialOf(path), path, overwrite: true);
        File.Delete(PartialOf(path));
        File.Delete(JournalOf(path));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        journal.Dispose();
        rows.Dispose();
    }

    /// <summary>Metadata of some rows.</summary>
    internal static FeatureMetadata Select(FeatureMetadata metadata, IReadOnlyList<int> rows) => metadata with
    {
        Names = [.. rows.Select(row => metadata.Names[row])],
        ByteLengths = [.. rows.Select(row => metadata.ByteLengths[row])],
    };

    private static FeatureStoreWriter Open(string path, FeatureMetadata metadata, SafetensorsType type, Earlier earlier)
    {
        path = Path.GetFullPath(path);
        RequireFile(path);
        var tensor = Declare(metadata, type);
        FinishedRows? journal = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            journal = FinishedRows.Open(JournalOf(path));
            var begun = journal.Plan is not null && File.Exists(PartialOf(path));
            if (begun && earlier == Earlier.Refuse) RequireNothingDone(path, journal);
            return begun && earlier == Earlier.Continue
                ? Continue(path, metadata, tensor, journal)
                : Begin(path, metadata, tensor, journal);
        }
        catch (Exception e)
        {
            journal?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw CannotWrite(path, e);
            throw;
        }
    }

    private static void RequireNothingDone(string path, FinishedRows journal)
    {
        if (journal.Records.Count > 0)
            throw new ConfigurationException([$"{PartialOf(path)} is an unfinished extraction (pictures done: {journal.Records.Count}). " +
                "Continue it with --resume, or start again with --force."]);
    }

    private static FeatureStoreWriter Begin(string path, FeatureMetadata metadata, SafetensorsDeclaration tensor, FinishedRows journal)
    {
        var header = metadata.ToHeader();
        journal.Clear(); // first, so that it never vouches for the rows of another file
        var rows = SafetensorsRowWriter.Create(PartialOf(path), [tensor], header);
        journal.Start(FinishedRows.PlanOf(tensor, header));
        return new(path, metadata, tensor, rows, journal, new bool[metadata.Names.Count]);
    }

    private static FeatureStoreWriter Continue(string path, FeatureMetadata metadata, SafetensorsDeclaration tensor, FinishedRows journal)
    {
        if (!journal.Plan.AsSpan().SequenceEqual(FinishedRows.PlanOf(tensor, metadata.ToHeader())))
            throw new CheckpointMismatchException($"{PartialOf(path)} was begun with other pictures, another backbone or other options. " +
                "Use the same as before, or start again with --force.");
        var finished = Verify(PartialOf(path), tensor.Name, journal.Records, metadata.Names.Count);
        journal.Continue();
        var rows = SafetensorsRowWriter.Open(PartialOf(path));
        return new(path, metadata, tensor, rows, journal, finished) { Resumed = finished.Count(done => done) };
    }

    /// <summary>Makes a file of the kept rows only. A kill meanwhile leaves the partial file with its journal.</summary>
    private string Compact(List<int> kept)
    {
        var temporary = path + ".compact";
        var metadata = Select(Metadata, kept);
        using var source = SafetensorsFile.Open(PartialOf(path));
        using var target = SafetensorsRowWriter.Create(temporary, [metadata.Declaration(tensor.Type)], metadata.ToHeader());
        var rowBytes = source.Entry(tensor.Name).RowBytes;
        for (var row = 0; row < kept.Count; row++)
            target.WriteRow(row, source.Bytes(tensor.Name, kept[row] * rowBytes, (int)rowBytes));
        target.Flush();
        return temporary;
    }

    private static bool[] Verify(string partial, string tensor, List<(int Row, uint Checksum)> records, int images)
    {
        var finished = new bool[images];
        using var file = SafetensorsFile.Open(partial);
        var rowBytes = file.Entry(tensor).RowBytes;
        foreach (var (row, checksum) in records)
            if (row >= 0 && row < images)
                finished[row] = FinishedRows.Checksum(file.Bytes(tensor, row * rowBytes, (int)rowBytes)) == checksum;
        return finished;
    }

    private static SafetensorsDeclaration Declare(FeatureMetadata metadata, SafetensorsType type)
    {
        if (type is not (SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F32))
            throw new ConfigurationException([$"A feature store holds F16, BF16 or F32, not {type.FileName()}."]);
        for (var i = 1; i < metadata.Names.Count; i++)
            if (string.CompareOrdinal(metadata.Names[i - 1], metadata.Names[i]) >= 0)
                throw new ArgumentException($"Names must be in ordinal order without repetition; '{metadata.Names[i]}' stands after " +
                    $"'{metadata.Names[i - 1]}'.", nameof(metadata));
        return metadata.Declaration(type);
    }

    /// <summary>What to do with an unfinished store of an earlier process.</summary>
    private enum Earlier
    {
        Discard,
        Refuse,
        Continue,
    }

    internal static string PartialOf(string path) => path + ".partial";

    internal static string JournalOf(string path) => path + ".journal";

    private static UnseenException CannotWrite(string path, Exception cause) =>
        new($"{path}: the feature store cannot be written: {cause.Message} Free disk space, or make sure that no other process writes it.",
            cause);
}
