using System.Runtime.InteropServices;
using System.Text;

namespace Unseen.Cli;

/// <summary>
/// Standard output that notices when its reader has gone, as in "unseen predict ... | head": the runtime's own stream takes writes to a closed pipe for done,
/// and the work would go on for nobody.
/// </summary>
internal static partial class StandardOutput
{
    private const int Interrupted = 4, BrokenPipe = 32;     // of errno, on Linux and macOS
    private static readonly int TryAgain = OperatingSystem.IsMacOS() ? 35 : 11;

    /// <summary>Writer on standard output; every write goes out at once.</summary>
    public static TextWriter Open() => OperatingSystem.IsWindows() || !Console.IsOutputRedirected
        ? Console.Out
        : TextWriter.Synchronized(new StreamWriter(new Descriptor(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });

    /// <summary>File descriptor 1, written as it is: position and appending are the system's.</summary>
    private sealed class Descriptor : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            while (buffer.Length > 0)
            {
                var written = WriteTo(1, buffer, buffer.Length);
                if (written >= 0) buffer = buffer[(int)written..];
                else if (Marshal.GetLastPInvokeError() is var error && error == BrokenPipe) throw new OutputClosedException();
                else if (error == TryAgain) Thread.Sleep(1);        // a full pipe that does not block
                else if (error != Interrupted) throw new IOException($"Standard output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.");
            }
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteTo(int descriptor, ReadOnlySpan<byte> bytes, nint count);
}

/// <summary>The reader of standard output has gone.</summary>
internal sealed class OutputClosedException() : IOException("The reader of standard output has gone.");
