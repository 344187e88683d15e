using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Unseen.Features;

/// <summary>Opens ONNX Runtime sessions on a chosen output of a model.</summary>
internal static class OnnxSession
{
    /// <summary>Opens a session; an output that the model does not name is added as an intermediate result.</summary>
    public static (InferenceSession Session, string Layer) Open(string path, BackboneOptions options)
    {
        using var settings = Settings(options.Threads);
        var session = Create(path, () => OnnxLibrary.Open(path, settings));
        try
        {
            if (ChooseOutput(path, session, options.Layer) is { } layer) return (session, layer);
        }
        catch
        {
            session.Dispose();
            throw;
        }
        session.Dispose();
        return (OpenIntermediate(path, options.Layer!, settings), options.Layer!);
    }

    private static InferenceSession OpenIntermediate(string path, string layer, SessionOptions settings)
    {
        var model = File.ReadAllBytes(path);
        var names = OnnxLayers.Names(model);
        if (!names.Contains(layer))
            throw new DatasetFormatException(path, $"the model has no layer '{layer}'." +
                (NearestName.Find(layer, names) is { } nearest
                    ? $" Did you mean '{nearest}'?"
                    : $" It has {names.Count} layers; the last are: {string.Join(", ", names.TakeLast(8))}."));
        return Create(path, () => OnnxLibrary.Open(OnnxLayers.AddOutput(model, layer), settings));
    }

    private static string? ChooseOutput(string path, InferenceSession session, string? layer)
    {
        if (layer is not null) return session.OutputMetadata.ContainsKey(layer) ? layer : null;
        return session.OutputNames is [var only]
            ? only
            : throw new DatasetFormatException(path,
                $"the model has {session.OutputNames.Count} outputs. Choose one with --layer: {string.Join(", ", session.OutputNames)}.");
    }

    private static SessionOptions Settings(int threads) => new()
    {
        IntraOpNumThreads = threads,
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        EnableMemoryPattern = true,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };

    private static InferenceSession Create(string path, Func<InferenceSession> create)
    {
        try
        {
            return create();
        }
        catch (OnnxRuntimeException e)
        {
            throw new DatasetFormatException(path, $"ONNX Runtime cannot load this model: {e.Message}", e);
        }
    }
}

/// <summary>The one input of a model, checked to be a picture of the size that the preprocessing makes.</summary>
internal readonly record struct OnnxInput(string Name, int FixedBatch)
{
    public static OnnxInput Require(string path, InferenceSession session, PreprocessingOptions preprocessing)
    {
        if (session.InputNames is not [var name])
            throw new DatasetFormatException(path,
                $"a backbone has one input, this model has {session.InputNames.Count}: {string.Join(", ", session.InputNames)}.");
        var metadata = session.InputMetadata[name];
        int[] expected = [-1, 3, preprocessing.Height, preprocessing.Width], found = metadata.Dimensions;
        if (!metadata.IsTensor || metadata.ElementDataType != TensorElementType.Float)
            throw new DatasetFormatException(path, $"input '{name}' holds {metadata.ElementDataType}, expected 32-bit floats.");
        if (found.Length != 4 || Enumerable.Range(1, 3).Any(i => found[i] > 0 && found[i] != expected[i]))
            throw new DatasetFormatException(path, $"input '{name}' has shape [{string.Join(", ", found)}], but the preprocessing makes " +
                $"[batch, 3, {preprocessing.Height}, {preprocessing.Width}] (-1 is any). Correct the sidecar " +
                    $"{Path.GetFileName(BackboneSidecar.PathOf(path))}.");
        return new(name, Math.Max(found[0], 0));
    }
}
