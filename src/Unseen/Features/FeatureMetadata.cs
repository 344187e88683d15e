using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Unseen.Data.Formats;

namespace Unseen.Features;

/// <summary>What a feature store says about itself in its header.</summary>
public sealed record FeatureMetadata
{
    /// <summary>The value of <see cref="FinishedShards"/> of a store that holds all its pictures.</summary>
    public const string AllShards = "all";

    /// <summary>The length in <see cref="ByteLengths"/> of a file that was not there; no picture is that short.</summary>
    internal const long UnknownLength = 0;

    /// <summary>The backbone that made the features.</summary>
    public required BackboneDescription Backbone { get; init; }

    /// <summary>Picture files relative to the images folder, in ordinal order; row i of the store belongs to name i.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Bytes of each picture file when it was read, in the order of <see cref="Names"/>; 0 of a file that was not there.</summary>
    public required IReadOnlyList<long> ByteLengths { get; init; }

    /// <summary>"all", or "i/n" when the store is one part of an extraction that was divided.</summary>
    public string FinishedShards { get; init; } = AllShards;

    /// <summary>SHA-256 over one line "name TAB bytes" per picture, lower-case hexadecimal.</summary>
    public string Fingerprint => FingerprintOf(Names, ByteLengths);

    /// <summary>The fingerprint of a list of pictures.</summary>
    /// <param name="names">Names in ordinal order.</param>
    /// <param name="byteLengths">Bytes of each file.</param>
    public static string FingerprintOf(IReadOnlyList<string> names, IReadOnlyList<long> byteLengths)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < names.Count; i++)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{names[i]}\t{byteLengths[i]}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The tensor that holds the features: region_features [images, regions, visual] or global_features [images, visual].
    /// </summary>
    internal SafetensorsDeclaration Declaration(SafetensorsType type) => Backbone.IsGlobal
        ? new(FeatureStore.GlobalTensor, type, [Names.Count, Backbone.Visual])
        : new(FeatureStore.RegionTensor, type, [Names.Count, Backbone.Regions, Backbone.Visual]);

    /// <summary>The header pairs.</summary>
    internal Dictionary<string, string> ToHeader() => new()
    {
        ["format"] = "unseen.features.1",
        ["names"] = JsonSerializer.Serialize(Names, Relaxed),
        ["byte_lengths"] = JsonSerializer.Serialize(ByteLengths),
        ["fingerprint"] = Fingerprint,
        ["grid"] = Backbone.Grid?.ToString() ?? "",
        ["backbone"] = Backbone.Name,
        ["backbone_path"] = Backbone.Path,
        ["backbone_sha256"] = Backbone.Sha256,
        ["layer"] = Backbone.Layer,
        ["drop_tokens"] = Backbone.DropTokens.ToString(CultureInfo.InvariantCulture),
        ["pre_training"] = Backbone.PreTraining ?? "",
        ["preprocessing"] = PreprocessingJson.Write(Backbone.Preprocessing),
        ["finished_shards"] = FinishedShards,
    };

    private static JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
