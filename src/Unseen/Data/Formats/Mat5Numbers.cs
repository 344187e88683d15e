namespace Unseen.Data.Formats;

/// <summary>A numeric or logical array. Singles are held as <see cref="float"/>, all other classes as <see cref="double"/>.</summary>
public sealed record Mat5Numbers : Mat5Value
{
    private readonly float[]? _singles;
    private readonly double[]? _doubles;

    /// <summary>An array of class double or of an integer class.</summary>
    /// <param name="dimensions">Axis lengths.</param>
    /// <param name="values">Elements, the first axis varies fastest.</param>
    /// <param name="type">Class of the array.</param>
    public Mat5Numbers(IReadOnlyList<int> dimensions, double[] values, Mat5Class type = Mat5Class.Double) : base(dimensions)
    {
        Check(values.Length);
        (_doubles, Class) = (values, type);
    }

    /// <summary>An array of class single.</summary>
    /// <param name="dimensions">Axis lengths.</param>
    /// <param name="values">Elements, the first axis varies fastest.</param>
    public Mat5Numbers(IReadOnlyList<int> dimensions, float[] values) : base(dimensions)
    {
        Check(values.Length);
        (_singles, Class) = (values, Mat5Class.Single);
    }

    /// <summary>Class of the array.</summary>
    public Mat5Class Class { get; }

    /// <summary>True for MATLAB's true and false, stored as class <see cref="Mat5Class.UInt8"/>.</summary>
    public bool IsLogical { get; init; }

    /// <summary>Number of elements.</summary>
    public int Count => _singles?.Length ?? _doubles!.Length;

    /// <summary>An element by its place in memory, the first axis varying fastest.</summary>
    public double this[int index] => _singles is null ? _doubles![index] : _singles[index];

    /// <summary>An element by row and column; axes after the second count as columns.</summary>
    public double this[int row, int column] => this[checked(column * Rows + row)];

    /// <summary>A column vector of doubles.</summary>
    public static Mat5Numbers Column(IEnumerable<double> values)
    {
        var array = values.ToArray();
        return new([array.Length, 1], array);
    }

    /// <summary>A matrix of doubles from row-major values.</summary>
    public static Mat5Numbers Matrix(float[,] values)
    {
        var (rows, columns) = (values.GetLength(0), values.GetLength(1));
        var array = new double[values.Length];
        for (var i = 0; i < array.Length; i++)
            array[i] = values[i % rows, i / rows];
        return new([rows, columns], array);
    }

    /// <summary>The array as a matrix [rows, columns].</summary>
    public float[,] ToMatrix()
    {
        var matrix = new float[Rows, Columns];
        for (var column = 0; column < Columns; column++)
            for (var row = 0; row < Rows; row++)
                matrix[row, column] = (float)this[row, column];
        return matrix;
    }

    /// <summary>Copies a column, contiguous in memory: in res101.mat the features of one image.</summary>
    public void CopyColumn(int column, Span<float> destination)
    {
        if (destination.Length != Rows)
            throw new ShapeException($"A column has {Rows} rows, the destination {destination.Length} elements.");
        for (var row = 0; row < destination.Length; row++)
            destination[row] = (float)this[row, column];
    }

    /// <summary>All elements in memory order.</summary>
    public double[] ToArray() => _doubles is null ? Array.ConvertAll(_singles!, v => (double)v) : [.. _doubles];

    private void Check(int length)
    {
        if (Dimensions.Count < 2 || Dimensions.Any(d => d < 0) || Dimensions.Aggregate(1L, (product, axis) => product * axis) != length)
            throw new ShapeException($"An array of dimensions [{string.Join(", ", Dimensions)}] does not hold {length} elements.");
    }
}
