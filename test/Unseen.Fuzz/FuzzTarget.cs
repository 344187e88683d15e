using PureHDF;
using Unseen.Data.Formats;

namespace Unseen.Fuzzing;

/// <summary>A reader of untrusted binary files: how to read one to the end, and small good files to begin from.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="Read">Reads all that a file holds; a <see cref="DatasetFormatException"/> is a refusal, any other exception a defect.</param>
/// <param name="WriteSeed">Writes good file number <c>n</c> to a path.</param>
/// <param name="Seeds">How many good files there are.</param>
public sealed record FuzzTarget(string Name, Action<string> Read, Action<string, int> WriteSeed, int Seeds)
{
    /// <summary>What a reader may allocate for one file: small, so that a reader that trusts a length is caught.</summary>
    private const long MaximumBytes = 1 << 20;

    /// <summary>The binary readers.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("mat5", ReadMat5, WriteMat5, 3),
        new("npy", path => Npy.Read(path).ToSingles(), (path, n) => Npy.Write(path, Array(), n + 1), 2),
        new("npz", path => Npz.Read(path, MaximumBytes), (path, n) => Npz.Write(path, Arrays(), compress: n == 1), 2),
        new("safetensors", ReadSafetensors, (path, _) => WriteSafetensors(path), 1),
        new("hdf5", ReadHdf5, (path, _) => WriteHdf5(path), 1),
    ];

    private static void ReadMat5(string path)
    {
        var file = Mat5File.Read(path, MaximumBytes);
        foreach (var (name, value) in file.Variables)
            if (value is Mat5Cell or Mat5Text)
                file.Texts(name);
    }

    private static void WriteMat5(string path, int n) => Mat5Writer.Write(path, new Dictionary<string, Mat5Value>
    {
        ["att"] = new Mat5Numbers([2, 2], [1.0, 2.5, -1, 0]),
        ["labels"] = new Mat5Numbers([3, 1], [1, 2, 300], Mat5Class.UInt16),
        ["names"] = new Mat5Cell(["a.jpg", "é.jpg"]),
    }, new() { Compress = n == 0, BigEndian = n == 2 });

    private static NpyArray Array() => NpyArray.Of(new[] { 0f, 1, 2, 3, 4, 5 }, [2, 3]);

    private static Dictionary<string, NpyArray> Arrays() => new() { ["x"] = Array(), ["y"] = NpyArray.Of(new[] { 1L, 2 }, [2]) };

    private static void ReadSafetensors(string path)
    {
        using var file = SafetensorsFile.Open(path);
        foreach (var entry in file.Entries.Values)
            file.Bytes(entry.Name, 0, checked((int)entry.ByteLength));
    }

    private static void WriteSafetensors(string path) => Safetensors.Write(path,
        [SafetensorsTensor.Of("weights", [0f, 1, 2, 3, 4, 5], 2, 3), SafetensorsTensor.Of("bias", [1f, 2, 3], 3)],
        new Dictionary<string, string> { ["note"] = "text" });

    private static void ReadHdf5(string path)
    {
        using var file = Hdf5File.Open(path, MaximumBytes);
        foreach (var name in file.Names())
            file.ReadAll(name);
    }

    private static void WriteHdf5(string path) => new H5File
    {
        ["feature_map"] = new[,] { { 1f, 2 }, { 3, 4 } },
        ["labels"] = new[] { 1L, 2 },
    }.Write(path);
}
