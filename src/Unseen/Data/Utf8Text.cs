using System.Text;

namespace Unseen.Data;

/// <summary>Opens text as strict UTF-8: a byte-order mark is skipped, wrong bytes throw <see cref="DecoderFallbackException"/>.</summary>
internal static class Utf8Text
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static StreamReader Open(string path) => Open(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16));

    /// <summary>Text of a stream that can be set back to its start; it is closed with the reader.</summary>
    public static StreamReader Open(Stream stream)
    {
        Span<byte> mark = stackalloc byte[3];
        var read = stream.ReadAtLeast(mark, 3, throwOnEndOfStream: false);
        if (!mark[..read].SequenceEqual(Encoding.UTF8.Preamble)) stream.Position = 0;
        return new StreamReader(stream, Strict, detectEncodingFromByteOrderMarks: false, 1 << 16);
    }
}
