using System.Security.Cryptography;
using System.Text;
using Unseen.Data.Formats;

namespace Unseen.Training;

/// <summary>SHA-256 of the tensors of a safetensors file, in ordinal order of their names, to tell a damaged file from a whole one.</summary>
internal static class TensorChecksum
{
    private const int Block = 1 << 24;

    /// <summary>Of tensors that are to be written.</summary>
    public static string Of(IEnumerable<SafetensorsTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in tensors.OrderBy(t => t.Name, StringComparer.Ordinal))
        {
            Begin(hash, tensor.Name, tensor.Shape);
            hash.AppendData(tensor.Data.Span);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of the tensors of a file.</summary>
    public static string Of(SafetensorsFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in file.Entries.Values.OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            Begin(hash, entry.Name, entry.Shape);
            for (long at = 0; at < entry.ByteLength; at += Block) hash.AppendData(file.Bytes(entry.Name, at, (int)Math.Min(Block, entry.ByteLength - at)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Begin(IncrementalHash hash, string name, IReadOnlyList<long> shape) =>
        hash.AppendData(Encoding.UTF8.GetBytes($"{name} {string.Join('x', shape)}\n"));
}
