using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Unseen.Features;
using Unseen.Models;

namespace Unseen.Experiments;

/// <summary>How a model reads pictures itself.</summary>
/// <param name="Preprocessing">How a picture becomes pixels.</param>
/// <param name="Encoder">Its vision encoder and how much of it was trained, for people.</param>
/// <param name="WeightsSha256">SHA-256 of the weights the encoder began with, lower-case hexadecimal; null when their file was gone.</param>
/// <param name="PreTraining">Data these weights were trained on, or null when nobody said.</param>
public sealed record ModelPictures(
    PreprocessingOptions Preprocessing, string Encoder, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WeightsSha256 = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PreTraining = null)
{
    internal static ModelPictures Of(PictureInput input) => new(input.Preprocessing, input.Encoder, Hash(input.Weights), input.PreTraining);

    /// <summary>Of a file, or of the names and contents of the npy files of a folder in ordinal order.</summary>
    private static string? Hash(string? weights)
    {
        if (File.Exists(weights)) return OnnxBackbone.Sha256Of(weights);
        if (!Directory.Exists(weights)) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(weights, "*.npy").Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
