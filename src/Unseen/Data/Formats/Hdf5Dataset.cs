namespace Unseen.Data.Formats;

/// <summary>A dataset at the root of an HDF5 file.</summary>
/// <param name="Name">Name inside the file.</param>
/// <param name="Shape">Axis lengths, row-major. MAT v7.3 files show MATLAB's axes in reverse order.</param>
/// <param name="ElementBytes">Bytes of one element.</param>
public sealed record Hdf5Dataset(string Name, IReadOnlyList<long> Shape, int ElementBytes)
{
    /// <summary>Number of rows, the first axis; 1 for a scalar.</summary>
    public long Rows => Shape.Count == 0 ? 1 : Shape[0];

    /// <summary>Elements of one row: the product of all axes but the first.</summary>
    public long RowElements => Shape.Skip(1).Aggregate(1L, (product, axis) => product * axis);
}
