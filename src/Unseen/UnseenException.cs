namespace Unseen;

/// <summary>A problem the user can fix: the message says what is wrong, where, what was expected and found, and what to do.</summary>
public class UnseenException : Exception
{
    /// <summary>Creates the exception.</summary>
    public UnseenException() { }

    /// <summary>Creates the exception with a message made for the user.</summary>
    public UnseenException(string message) : base(message) { }

    /// <summary>Creates the exception with a message made for the user and its cause.</summary>
    public UnseenException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A file or folder is not what its format demands.</summary>
public sealed class DatasetFormatException : UnseenException
{
    /// <summary>Creates the exception for one file.</summary>
    /// <param name="path">File or folder that is wrong.</param>
    /// <param name="message">What is wrong, expected and found.</param>
    /// <param name="innerException">Cause, if any.</param>
    public DatasetFormatException(string path, string message, Exception? innerException = null)
        : base($"{path}: {message}", innerException!) => Path = path;

    /// <summary>File or folder that is wrong.</summary>
    public string Path { get; }
}

/// <summary>An array or tensor has another shape than needed.</summary>
public sealed class ShapeException(string message) : UnseenException(message);

/// <summary>Options or command line are wrong; carries every problem found, not only the first.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> errors) : UnseenException(string.Join(Environment.NewLine, errors))
{
    /// <summary>Every problem, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>A name is not in a catalog.</summary>
public sealed class UnknownNameException : UnseenException
{
    /// <summary>Creates the exception for a name that is nowhere.</summary>
    /// <param name="kind">What the name would be, for example "class".</param>
    /// <param name="name">The name.</param>
    /// <param name="known">The names that are known; the nearest one is suggested.</param>
    public UnknownNameException(string kind, string name, IEnumerable<string> known) : base(NearestName.Unknown(kind, name, known)) { }

    /// <summary>As above; of very many names only so many are listed, those most like it first.</summary>
    internal UnknownNameException(string kind, string name, IReadOnlyCollection<string> known, int shown) : base(NearestName.Unknown(kind, name, known, shown)) { }

    /// <summary>Creates the exception for a name that is known, but not here.</summary>
    internal UnknownNameException(string message) : base(message) { }
}

/// <summary>A checkpoint or model does not belong to the run, method or options it is used with.</summary>
public sealed class CheckpointMismatchException(string message) : UnseenException(message);

/// <summary>The folder of a model cannot be written, so that its classes cannot be changed.</summary>
public sealed class ReadOnlyModelException(string message, Exception innerException) : UnseenException(message, innerException);

/// <summary>Another process changes the classes of a model, or has changed them since they were read. Read them again and repeat the change.</summary>
public sealed class ModelChangedException(string message, Exception? innerException = null) : UnseenException(message, innerException!);

/// <summary>A loss term became NaN or infinite.</summary>
public sealed class TrainingDivergedException(long step, string term)
    : UnseenException($"Training diverged: loss term '{term}' is not finite at step {step}. Lower training.learningRate or the weight of the term.")
{
    /// <summary>Step, from 1.</summary>
    public long Step { get; } = step;

    /// <summary>Name of the loss term.</summary>
    public string Term { get; } = term;
}
