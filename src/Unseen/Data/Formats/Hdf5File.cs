using System.Numerics;
using System.Numerics.Tensors;
using PureHDF;
using PureHDF.Selections;
using PureHDF.VOL.Native;

namespace Unseen.Data.Formats;

/// <summary>
/// Numeric datasets at the root of an HDF5 file, also of MAT v7.3. A thin layer over PureHDF that checks sizes first and turns whatever
/// goes wrong into <see cref="DatasetFormatException"/>. PureHDF may reserve up to 2 GiB for a damaged length before it finds the file too
/// short; that memory is never touched. Not for use from several threads at once.
/// </summary>
public sealed class Hdf5File : IDisposable
{
    /// <summary>What one call may allocate beyond the size of the file, unless told otherwise: 2 GiB.</summary>
    public const long DefaultMaximumBytes = 2L << 30;

    private const int MaximumAxes = 32;

    /// <summary>Reads of one look-up. A sound file needs some fifty per dataset; nodes of an index that lead to one another go on for ever.</summary>
    private const long MaximumLookupReads = 5_000_000;

    private readonly GuardedStream _stream;
    private readonly NativeFile _file;
    private readonly Dictionary<string, ulong?> _root;
    private readonly long _allowance;

    private Hdf5File(string path, long maximumBytes)
    {
        Path = path;
        CheckSignature(path);
        _allowance = new FileInfo(path).Length + maximumBytes;
        _stream = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        (_file, _root) = OpenOrRelease();
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="maximumBytes">What one call may allocate beyond the size of the file.</param>
    /// <exception cref="DatasetFormatException">The file is missing, damaged or not HDF5.</exception>
    public static Hdf5File Open(string path, long maximumBytes = DefaultMaximumBytes)
    {
        var full = System.IO.Path.GetFullPath(path);
        return FileErrors.Guard(full, () => Guard(full, "", () => new Hdf5File(full, maximumBytes)));
    }

    /// <summary>Names of the datasets at the root, ordered; groups, soft links and external links are left out.</summary>
    public IReadOnlyList<string> Names() => Guard(Path, "", () => LookUp(() =>
        (IReadOnlyList<string>)[.. _root.Keys.Where(name => Open(name) is not null).Order(StringComparer.Ordinal)]));

    /// <summary>True when the file has the dataset.</summary>
    public bool Has(string name) => Guard(Path, name, () => LookUp(() => Open(name) is not null));

    /// <summary>Shape and element size of a dataset.</summary>
    /// <exception cref="DatasetFormatException">It is missing or its description is damaged.</exception>
    public Hdf5Dataset Dataset(string name) => Guard(Path, name, () => Describe(name, Find(name)));

    /// <summary>Reads rows (slices of the first axis) of a numeric dataset as 32-bit floats, row-major.</summary>
    /// <param name="name">Dataset name.</param>
    /// <param name="firstRow">First row.</param>
    /// <param name="rows">Number of rows.</param>
    /// <exception cref="DatasetFormatException">The dataset is missing, not numeric, damaged, or the rows need too much memory.</exception>
    public float[] ReadRows(string name, long firstRow, long rows) => Guard(Path, name, () =>
    {
        var dataset = Find(name);
        var description = Describe(name, dataset);
        if (firstRow < 0 || rows < 0 || firstRow > description.Rows - rows)
            throw new ArgumentOutOfRangeException(nameof(firstRow), $"Rows {firstRow}..{firstRow + rows} lie outside '{name}', which " +
                $"has {description.Rows}.");
        return rows == 0 ? [] : ReadNumbers<float>(dataset, description, firstRow, rows);
    });

    /// <summary>Reads a whole numeric dataset as doubles, row-major: labels and index lists.</summary>
    /// <exception cref="DatasetFormatException">The dataset is missing, not numeric, damaged, or needs too much memory.</exception>
    public double[] ReadAll(string name) => Guard(Path, name, () =>
    {
        var dataset = Find(name);
        var description = Describe(name, dataset);
        return description.Rows * description.RowElements == 0 ? [] : ReadNumbers<double>(dataset, description, 0, description.Rows);
    });

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The signature stands at byte 0, or behind a user block at 512 (MAT v7.3), 1024 and so on.</summary>
    private static void CheckSignature(string path)
    {
        ReadOnlySpan<byte> signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10];
        using var handle = File.OpenHandle(path);
        Span<byte> found = stackalloc byte[8];
        for (long offset = 0; offset < RandomAccess.GetLength(handle) && offset <= 1 << 20; offset = offset == 0 ? 512 : offset * 2)
            if (RandomAccess.Read(handle, found, offset) == 8 && found.SequenceEqual(signature))
                return;
        throw new DatasetFormatException(path, "not an HDF5 file: the signature is missing.");
    }

    /// <summary>PureHDF does not close a file that it refuses, so the stream is ours until it has accepted it.</summary>
    private (NativeFile File, Dictionary<string, ulong?> Root) OpenOrRelease()
    {
        try
        {
            return LookUp(() =>
            {
                var file = H5File.Open(_stream);
                return (file, Hdf5Root.Links(file).GroupBy(link => link.Name, StringComparer.Ordinal)
                    .ToDictionary(same => same.Key, same => same.First().Address, StringComparer.Ordinal));
            });
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>PureHDF goes through the file without a bound: here it meets the end of the reads allowed, or of the stack.</summary>
    private T LookUp<T>(Func<T> find)
    {
        _stream.ReadsLeft = MaximumLookupReads;
        try
        {
            return find();
        }
        finally
        {
            _stream.ReadsLeft = null;
        }
    }

    private IH5Dataset? Open(string name) =>
        _root.GetValueOrDefault(name) is { } address ? Hdf5Root.Dataset(_file, name, address) : null;

    private IH5Dataset Find(string name)
    {
        if (_root.TryGetValue(name, out var address) && address is null)
            throw new DatasetFormatException(Path, $"'{name}' is a link, which is not followed; name the dataset itself.");
        if (LookUp(() => Open(name)) is not { } dataset)
            throw new DatasetFormatException(Path, $"dataset '{name}' is missing. Found: {string.Join(", ", Names())}.");
        return Hdf5Root.LiesElsewhere(dataset)
            ? throw new DatasetFormatException(Path, $"the values of dataset '{name}' lie in other files, which are not read.")
            : dataset;
    }

    private Hdf5Dataset Describe(string name, IH5Dataset dataset)
    {
        var dimensions = dataset.Space.Dimensions;
        var elements = dimensions.Aggregate(UInt128.One, (product, axis) => UInt128.Min(product * axis, UInt128.One << 60));
        if (dimensions.Length > MaximumAxes || elements > (UInt128)1 << 48)
            throw new DatasetFormatException(Path, $"dataset '{name}' claims the shape [{string.Join(", ", dimensions)}], which is " +
                "too large.");
        return new(name, [.. dimensions.Select(axis => (long)Math.Min(axis, 1UL << 48))], dataset.Type.Size);
    }

    private T[] ReadNumbers<T>(IH5Dataset dataset, Hdf5Dataset description, long firstRow, long rows) where T : struct, INumber<T> =>
        (dataset.Type.Class, dataset.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 2) => Read<Half, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FloatingPoint, 4) => Read<float, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FloatingPoint, 8) => Read<double, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 1) when dataset.Type.FixedPoint.IsSigned => Read<sbyte, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 2) when dataset.Type.FixedPoint.IsSigned => Read<short, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 4) when dataset.Type.FixedPoint.IsSigned => Read<int, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 8) when dataset.Type.FixedPoint.IsSigned => Read<long, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 1) => Read<byte, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 2) => Read<ushort, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 4) => Read<uint, T>(dataset, description, firstRow, rows),
            (H5DataTypeClass.FixedPoint, 8) => Read<ulong, T>(dataset, description, firstRow, rows),
            var (kind, size) => throw new DatasetFormatException(Path, $"dataset '{description.Name}' must hold numbers, found " +
                $"{kind} of {size} bytes."),
        };

    private TTo[] Read<TFrom, TTo>(IH5Dataset dataset, Hdf5Dataset description, long firstRow, long rows)
        where TFrom : unmanaged, INumber<TFrom> where TTo : struct, INumber<TTo>
    {
        CheckMemory<TFrom, TTo>(dataset, description, rows);
        var read = dataset.Read<TFrom[]>(Rows(description, firstRow, rows));
        if (read is TTo[] same)
            return same;
        var converted = new TTo[read.Length];
        TensorPrimitives.ConvertTruncating<TFrom, TTo>(read, converted);
        return converted;
    }

    private unsafe void CheckMemory<TFrom, TTo>(IH5Dataset dataset, Hdf5Dataset description, long rows) where TFrom : unmanaged
    {
        var elements = rows * description.RowElements;
        var chunk = dataset.Layout.Class == H5DataLayoutClass.Chunked
            ? dataset.Layout.Chunks!.Aggregate(UInt128.One, (product, axis) => UInt128.Min(product * axis, (UInt128)1 << 60))
            : 0;
        var bytes = (UInt128)elements * (ulong)(sizeof(TFrom) + System.Runtime.CompilerServices.Unsafe.SizeOf<TTo>()) +
            chunk * (ulong)sizeof(TFrom);
        if (bytes > (ulong)_allowance || elements > Array.MaxLength)
            throw new DatasetFormatException(Path, $"reading {elements} elements of '{description.Name}' needs {bytes} bytes, more " +
                "than the size of the " +
                $"file plus the limit, {_allowance}.");
    }

    private static HyperslabSelection? Rows(Hdf5Dataset description, long firstRow, long rows)
    {
        var rank = description.Shape.Count;
        if (rank == 0)
            return null;
        var starts = new ulong[rank];
        starts[0] = (ulong)firstRow;
        ulong[] blocks = [(ulong)rows, .. description.Shape.Skip(1).Select(axis => (ulong)axis)];
        return new(rank, starts, blocks);
    }

    /// <summary>PureHDF reports damage by exceptions of all kinds, from null references to overflows.</summary>
    private static T Guard<T>(string path, string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is not (UnseenException or ArgumentOutOfRangeException { ParamName: "firstRow" }
            or FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException))
        {
            throw new DatasetFormatException(path, (name.Length == 0 ? "" : $"dataset '{name}': ") + $"the HDF5 file is damaged or " +
                $"not supported: {e.Message}", e);
        }
    }
}
