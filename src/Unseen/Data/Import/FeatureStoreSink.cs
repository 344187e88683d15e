using Unseen.Data.Formats;
using Unseen.Features;

namespace Unseen.Data.Import;

/// <summary>
/// Puts the features that an importer finds into a feature store. The network that made them is not at hand: models trained on the store
/// are evaluated like any other, but need that network as a backbone before they can look at new pictures.
/// </summary>
public sealed class FeatureStoreSink : IFeatureSink, IDisposable
{
    private readonly string output;
    private readonly string source;
    private readonly string imagesFolder;
    private readonly SafetensorsType type;
    private FeatureStoreWriter? writer;
    private int[] rowOf = [];

    /// <summary>Prepares a store; nothing is written before the importer begins.</summary>
    /// <param name="output">File of the feature store.</param>
    /// <param name="source">File that the features come from; its name and SHA-256 become those of the backbone.</param>
    /// <param name="imagesFolder">Folder of the pictures, whose byte lengths are remembered where they exist.</param>
    /// <param name="type">F16, BF16 or F32.</param>
    /// <param name="force">Replace an existing store.</param>
    /// <exception cref="ConfigurationException">The store exists already and may not be replaced, or its path is a folder.</exception>
    public FeatureStoreSink(string output, string source, string imagesFolder, SafetensorsType type = SafetensorsType.F16,
        bool force = false)
    {
        (this.output, this.source, this.imagesFolder, this.type) = (Path.GetFullPath(output), source, imagesFolder, type);
        FeatureStoreWriter.RequireFile(this.output);
        if (File.Exists(output) && !force)
            throw new ConfigurationException([$"{output} exists already. Choose another file, or replace it with --force."]);
    }

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<string> files, int regions, int visual)
    {
        var names = files.Order(StringComparer.Ordinal).ToArray();
        var rows = names.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        rowOf = [.. files.Select(file => rows[file])];
        writer = FeatureStoreWriter.Create(output, new FeatureMetadata
        {
            Names = names,
            ByteLengths = [.. names.Select(name => new ImageSource(name, Path.Combine(imagesFolder, name)).ByteLength ?? FeatureMetadata.UnknownLength)],
            Backbone = new BackboneDescription
            {
                Name = Path.GetFileName(source),
                Path = "",
                Sha256 = OnnxBackbone.Sha256Of(source),
                Layer = "imported",
                Preprocessing = new PreprocessingOptions(),
                Grid = regions == 0 ? null : GridOf(regions),
                Visual = visual,
            },
        }, type);
    }

    /// <inheritdoc/>
    public void Write(int image, ReadOnlySpan<float> features) => Writer.Write(rowOf[image], features);

    /// <summary>Makes the store valid, after the last image.</summary>
    public void Complete() => Writer.Complete();

    /// <inheritdoc/>
    public void Dispose() => writer?.Dispose();

    private FeatureStoreWriter Writer => writer ?? throw new InvalidOperationException("The importer has not begun to write features.");

    private static FeatureGrid GridOf(int regions)
    {
        var side = (int)Math.Round(Math.Sqrt(regions));
        return side * side == regions ? new(side, side) : new(1, regions);
    }
}
