namespace Unseen.Data.Formats;

/// <summary>The variables of a MAT v5 file (MATLAB 5 to 7.2; v7.3 is HDF5, see <see cref="Hdf5File"/>).</summary>
public sealed class Mat5File
{
    /// <summary>What <see cref="Read"/> may allocate beyond the size of the file, unless told otherwise: 2 GiB.</summary>
    public const long DefaultMaximumBytes = 2L << 30;

    internal Mat5File(string path, IReadOnlyDictionary<string, Mat5Value> variables) => (Path, Variables) = (path, variables);

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Variables by name.</summary>
    public IReadOnlyDictionary<string, Mat5Value> Variables { get; }

    /// <summary>Reads all variables.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="maximumBytes">What may be allocated beyond the size of the file; compressed data that grows larger is refused.</param>
    /// <exception cref="DatasetFormatException">The file is missing, damaged or not a MAT v5 file.</exception>
    public static Mat5File Read(string path, long maximumBytes = DefaultMaximumBytes)
    {
        var full = System.IO.Path.GetFullPath(path);
        return FileErrors.Guard(full, () =>
        {
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return new Mat5File(full, new Mat5Reader(full, stream, maximumBytes).Read());
        });
    }

    /// <summary>True when the file has the variable.</summary>
    public bool Has(string name) => Variables.ContainsKey(name);

    /// <summary>A numeric variable.</summary>
    /// <exception cref="DatasetFormatException">It is missing or of another kind.</exception>
    public Mat5Numbers Numbers(string name) => Get<Mat5Numbers>(name, "a numeric array");

    /// <summary>A cell array of strings, the first axis varying fastest; a char array gives one string per row.</summary>
    /// <exception cref="DatasetFormatException">It is missing or holds something else.</exception>
    public string[] Texts(string name)
    {
        if (Variables.GetValueOrDefault(name) is Mat5Text text)
            return [.. text.Lines.Select(line => line.TrimEnd())];
        return [.. Get<Mat5Cell>(name, "a cell array of strings").Items.Select((item, index) => Text(name, index, item))];
    }

    /// <summary>A numeric variable whose elements must all be whole numbers within a range: labels and image numbers.</summary>
    /// <exception cref="DatasetFormatException">It is missing, of another kind, or an element is out of range.</exception>
    public int[] Integers(string name, int minimum, int maximum)
    {
        var numbers = Numbers(name);
        var integers = new int[numbers.Count];
        for (var i = 0; i < integers.Length; i++)
            integers[i] = numbers[i] >= minimum && numbers[i] <= maximum && numbers[i] == Math.Floor(numbers[i])
                ? (int)numbers[i]
                : throw new DatasetFormatException(Path, $"element {i + 1} of '{name}' must be a whole number from {minimum} to " +
                    $"{maximum}, found {numbers[i]}.");
        return integers;
    }

    private string Text(string name, int index, Mat5Value item) => item switch
    {
        Mat5Text { Lines.Count: <= 1 } text => text.Lines.Count == 0 ? "" : text.Lines[0],
        Mat5Numbers { Count: 0 } => "",
        Mat5Cell { Items: [var inner] } => Text(name, index, inner),
        _ => throw new DatasetFormatException(Path, $"element {index + 1} of the cell array '{name}' is not a string."),
    };

    private T Get<T>(string name, string kind) where T : Mat5Value => Variables.GetValueOrDefault(name) switch
    {
        T value => value,
        null => throw new DatasetFormatException(Path, $"variable '{name}' is missing. Found: {string.Join(", ", Variables.Keys)}."),
        Mat5Unsupported other => throw new DatasetFormatException(Path, $"variable '{name}' is {other.Kind}, which is not supported; " +
            $"expected {kind}."),
        var other => throw new DatasetFormatException(Path, $"variable '{name}' must be {kind}, found {other.GetType().Name}."),
    };
}
