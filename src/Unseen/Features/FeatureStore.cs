using System.Collections.Frozen;
using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>
/// Raw backbone features of many pictures in one memory-mapped safetensors file. Rows are read through the map, so the store may be
/// larger than memory. Reading from several threads at once is safe.
/// </summary>
public sealed class FeatureStore : IDisposable
{
    /// <summary>Name of the tensor [images, regions, visual].</summary>
    public const string RegionTensor = "region_features";

    /// <summary>Name of the tensor [images, visual] of a store of global features.</summary>
    public const string GlobalTensor = "global_features";

    private readonly SafetensorsFile file;
    private readonly SafetensorsEntry tensor;
    private readonly FrozenDictionary<string, int> rows;

    private FeatureStore(SafetensorsFile file)
    {
        this.file = file;
        tensor = RequireTensor(file);
        Metadata = new FeatureMetadataReader(file.Path, file.Metadata).Read(tensor);
        rows = Metadata.Names.Select((name, row) => KeyValuePair.Create(name, row)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Full path of the file.</summary>
    public string Path => file.Path;

    /// <summary>What made the features, and of what.</summary>
    public FeatureMetadata Metadata { get; }

    /// <summary>Picture files relative to the images folder, in ordinal order; row i belongs to name i.</summary>
    public IReadOnlyList<string> Names => Metadata.Names;

    /// <summary>Number of pictures, the rows of the store.</summary>
    public int Images => Names.Count;

    /// <summary>Features per picture; 1 in a store of global features.</summary>
    public int Regions => Metadata.Backbone.Regions;

    /// <summary>Length of a feature.</summary>
    public int Visual => Metadata.Backbone.Visual;

    /// <summary>How the regions lie, or null in a store of global features.</summary>
    public FeatureGrid? Grid => Metadata.Backbone.Grid;

    /// <summary>True when the store holds one feature per picture instead of one per region.</summary>
    public bool IsGlobal => Metadata.Backbone.IsGlobal;

    /// <summary>Element type in the file: F16, BF16 or F32.</summary>
    public SafetensorsType ElementType => tensor.Type;

    /// <summary>Floats of one row: regions * visual.</summary>
    public int RowLength => Metadata.Backbone.OutputLength;

    /// <summary>Opens a store; only its header is read.</summary>
    /// <exception cref="DatasetFormatException">The file is missing or not a feature store.</exception>
    public static FeatureStore Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return new(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The row of a picture, or -1 when the store does not have it.</summary>
    /// <param name="name">File relative to the images folder, with forward slashes.</param>
    public int RowOf(string name) => rows.TryGetValue(name, out var row) ? row : -1;

    /// <summary>Reads the raw features of one picture.</summary>
    /// <param name="row">Row, 0 to images - 1.</param>
    /// <param name="destination">Receives [regions, visual]; at least <see cref="RowLength"/> long.</param>
    public void Read(int row, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Images);
        if (destination.Length < RowLength)
            throw new ShapeException($"destination must hold [{Regions}, {Visual}] = {RowLength} floats, found {destination.Length}.");
        file.ReadSingle(tensor.Name, (long)row * RowLength, destination[..RowLength]);
    }

    /// <summary>The bytes of one row as they are in the file, without a copy. Valid until the store is disposed.</summary>
    /// <param name="row">Row, 0 to images - 1.</param>
    public ReadOnlySpan<byte> ReadBytes(int row) => file.Bytes(tensor.Name, row * tensor.RowBytes, checked((int)tensor.RowBytes));

    /// <summary>Refuses the store when it does not belong to a list of pictures.</summary>
    /// <param name="images">Pictures that must be in the store; other pictures in the store do not matter.</param>
    /// <exception cref="DatasetFormatException">A picture is missing, or its file has another length than when the features were
    /// made.</exception>
    public void RequireMatch(IReadOnlyList<ImageSource> images) => RequireMatch(images, [.. images.Select(i => i.ByteLength)]);

    /// <summary>The same with lengths that were looked up before, so that several stores cost one look at the files.</summary>
    internal void RequireMatch(IReadOnlyList<ImageSource> images, IReadOnlyList<long?> lengths)
    {
        var missing = images.Where(i => RowOf(i.Name) < 0).Select(i => i.Name).ToList();
        if (missing.Count > 0)
            throw new DatasetFormatException(Path,
                $"the store does not match the dataset: {missing.Count} of {images.Count} pictures have no features, " +
                $"first '{missing[0]}'. Was it made for another dataset? Run 'unseen extract' again.");
        for (var i = 0; i < images.Count; i++) RequireLength(images[i].Name, lengths[i]);
    }

    private void RequireLength(string name, long? now)
    {
        var then = Metadata.ByteLengths[RowOf(name)];
        if (now is not null && then != FeatureMetadata.UnknownLength && now != then)
            throw new DatasetFormatException(Path,
                $"the store does not match the dataset: '{name}' had {then} bytes when its features were made and has {now} now. " +
                "Run 'unseen extract' again.");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static SafetensorsEntry RequireTensor(SafetensorsFile file)
    {
        if (file.Entries.Values.FirstOrDefault(e => e.Name is RegionTensor or GlobalTensor) is not { } tensor)
            throw new DatasetFormatException(file.Path, $"not a feature store: it has no tensor '{RegionTensor}' or '{GlobalTensor}'.");
        var rank = tensor.Name == RegionTensor ? 3 : 2;
        if (tensor.Shape.Count != rank || tensor.Shape.Any(axis => axis > int.MaxValue) || tensor.RowBytes > int.MaxValue)
            throw new DatasetFormatException(file.Path,
                $"tensor '{tensor.Name}' must have {rank} axes of usable size, found [{string.Join(", ", tensor.Shape)}].");
        if (tensor.Type is not (SafetensorsType.F16 or SafetensorsType.BF16 or SafetensorsType.F32))
            throw new DatasetFormatException(file.Path,
                $"tensor '{tensor.Name}' must be F16, BF16 or F32, found {tensor.Type.FileName()}.");
        return tensor;
    }
}
