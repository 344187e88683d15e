using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>Named 32-bit tensors in safetensors files. Numbers that lie on the processor are written from where they are, without a copy.</summary>
internal static class TensorFiles
{
    /// <summary>The tensors as they go into a file; to be written before their scope ends and before they change.</summary>
    public static IEnumerable<SafetensorsTensor> ToFile(IEnumerable<KeyValuePair<string, Tensor>> tensors, string prefix = "") =>
        tensors.Select(t => new SafetensorsTensor(prefix + t.Key, SafetensorsType.F32, t.Value.shape,
            new Numbers(t.Value.detach().cpu().to(float32).contiguous()).Memory));

    /// <summary>The tensors whose names start with a prefix, without it; the caller disposes them.</summary>
    public static Dictionary<string, Tensor> FromFile(SafetensorsFile file, string prefix = "") => file.Entries.Values
        .Where(e => e.Name.StartsWith(prefix, StringComparison.Ordinal) && e.Type == SafetensorsType.F32)
        .ToDictionary(e => e.Name[prefix.Length..], e => Read(file, e));

    /// <summary>One tensor, on the device of the process; the caller disposes it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">A tensor of 32-bit floats.</param>
    public static Tensor Read(SafetensorsFile file, SafetensorsEntry entry)
    {
        var result = empty([.. entry.Shape], float32, CPU);
        file.Read(entry.Name, 0, MemoryMarshal.Cast<byte, float>(result.bytes));
        return result.to(ComputeDevice.Current, disposeAfter: true);
    }

    /// <summary>The bytes of a tensor on the processor, where they are. Native memory does not move.</summary>
    private sealed unsafe class Numbers(Tensor tensor) : MemoryManager<byte>
    {
        public override Span<byte> GetSpan() => tensor.bytes;

        public override MemoryHandle Pin(int elementIndex = 0) =>
            new((byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes)) + elementIndex, pinnable: this);

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
