using Unseen.Data.Formats;

namespace Unseen.Training;

/// <summary>Reads the state of an optimiser from a checkpoint, which may be that of another model or device.</summary>
internal static class OptimiserState
{
    /// <summary>Reads exactly as many numbers as there is room for.</summary>
    /// <exception cref="CheckpointMismatchException">The file has no such tensor, or one of another type or size.</exception>
    public static void Read<T>(SafetensorsFile file, string name, Span<T> destination) where T : unmanaged
    {
        var expected = $"{destination.Length} numbers of type {typeof(T).Name}";
        if (!file.Entries.TryGetValue(name, out var entry)) throw Mismatch(file, name, expected, "nothing");
        if (!entry.Type.Reads<T>() || entry.Elements != destination.Length)
            throw Mismatch(file, name, expected, $"{entry.Elements} of type {entry.Type.FileName()}");
        file.Read(name, 0, destination);
    }

    /// <summary>Reads a block of bytes of any length.</summary>
    /// <inheritdoc cref="Read"/>
    public static byte[] ReadBlock(SafetensorsFile file, string name)
    {
        if (!file.Entries.TryGetValue(name, out var entry)) throw Mismatch(file, name, "a block of bytes", "nothing");
        var block = new byte[entry.Elements];
        Read<byte>(file, name, block);
        return block;
    }

    private static CheckpointMismatchException Mismatch(SafetensorsFile file, string name, string expected, string found) =>
        new($"{file.Path}: the optimiser's state '{name}' must be {expected}, found {found}. The checkpoint belongs to another model or device. "
            + "Delete the file to start this phase anew.");
}
