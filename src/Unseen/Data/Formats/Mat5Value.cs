namespace Unseen.Data.Formats;

#pragma warning disable CA1720 // These are the names of MATLAB.
/// <summary>Class of a numeric MATLAB array, with MATLAB's own code.</summary>
public enum Mat5Class
{
    /// <summary>64-bit float.</summary>
    Double = 6,

    /// <summary>32-bit float.</summary>
    Single = 7,

    /// <summary>Signed byte.</summary>
    Int8 = 8,

    /// <summary>Unsigned byte.</summary>
    UInt8 = 9,

    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 10,

    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 11,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 12,

    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 13,

    /// <summary>Signed 64-bit integer, exact up to 2^53.</summary>
    Int64 = 14,

    /// <summary>Unsigned 64-bit integer, exact up to 2^53.</summary>
    UInt64 = 15,
}

#pragma warning restore CA1720
/// <summary>A MATLAB value.</summary>
/// <param name="Dimensions">Axis lengths, at least two; the first axis varies fastest.</param>
public abstract record Mat5Value(IReadOnlyList<int> Dimensions)
{
    /// <summary>Number of rows, the first axis.</summary>
    public int Rows => Dimensions[0];

    /// <summary>Number of columns: all other axes together.</summary>
    public int Columns => Dimensions.Skip(1).Aggregate(1, (product, axis) => product * axis);
}

/// <summary>A char array: one string per row.</summary>
/// <param name="Dimensions">Axis lengths.</param>
/// <param name="Lines">Rows, blanks at the end kept.</param>
public sealed record Mat5Text(IReadOnlyList<int> Dimensions, IReadOnlyList<string> Lines) : Mat5Value(Dimensions)
{
    /// <summary>A char array of one row.</summary>
    public Mat5Text(string text) : this([text.Length == 0 ? 0 : 1, text.Length], text.Length == 0 ? [] : [text]) { }
}

/// <summary>A cell array.</summary>
/// <param name="Dimensions">Axis lengths.</param>
/// <param name="Items">Elements, the first axis varies fastest.</param>
public sealed record Mat5Cell(IReadOnlyList<int> Dimensions, IReadOnlyList<Mat5Value> Items) : Mat5Value(Dimensions)
{
    /// <summary>A column of strings.</summary>
    public Mat5Cell(IEnumerable<string> texts) : this([.. texts.Select(t => (Mat5Value)new Mat5Text(t))]) { }

    private Mat5Cell(Mat5Value[] column) : this([column.Length, 1], column) { }
}

/// <summary>Something that is not read: sparse, struct, object, function or complex.</summary>
/// <param name="Dimensions">Axis lengths.</param>
/// <param name="Kind">What it is.</param>
public sealed record Mat5Unsupported(IReadOnlyList<int> Dimensions, string Kind) : Mat5Value(Dimensions);
