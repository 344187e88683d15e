using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Unseen.Features;

/// <summary>A backbone in an ONNX file, run by ONNX Runtime on the CPU in 32-bit floats. Thread-safe.</summary>
public sealed class OnnxBackbone : IBackbone
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly string[] inputNames, outputNames;
    private readonly OutputLayout layout;
    private readonly int fixedBatch; // 0 when the model takes any number of pictures

    private OnnxBackbone(string path, BackboneOptions options, InferenceSession session, string layer)
    {
        this.session = session;
        var input = OnnxInput.Require(path, session, options.Preprocessing!);
        (inputNames, outputNames, fixedBatch) = ([input.Name], [layer], input.FixedBatch);
        layout = OutputLayout.Resolve(path, Probe(path, options.Preprocessing!), options.Grid, options.DropTokens);
        Description = new()
        {
            Name = Path.GetFileNameWithoutExtension(path),
            Path = path,
            Sha256 = Sha256Of(path),
            Layer = layer,
            DropTokens = options.DropTokens ?? 0,
            PreTraining = options.PreTraining,
            Preprocessing = options.Preprocessing!,
            Grid = layout.Grid,
            Visual = layout.Visual,
        };
    }

    /// <inheritdoc/>
    public BackboneDescription Description { get; }

    /// <summary>Loads a model and runs it once to learn the shape of its output.</summary>
    /// <param name="path">ONNX file.</param>
    /// <param name="options">What to read and how; what is left open comes from the sidecar file.</param>
    /// <exception cref="DatasetFormatException">The file is missing, not a model, or not usable as a backbone with these
    /// options.</exception>
    /// <exception cref="ConfigurationException">The preprocessing is wrong.</exception>
    public static OnnxBackbone Load(string path, BackboneOptions? options = null)
    {
        path = Path.GetFullPath(path);
        if (!File.Exists(path)) throw new DatasetFormatException(path, "the backbone file does not exist.");
        options = BackboneSidecar.Complete(path, options ?? new());
        options.Preprocessing!.Validate();
        var (session, layer) = OnnxSession.Open(path, options);
        try
        {
            return new(path, options, session, layer);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>SHA-256 of a file, lower-case hexadecimal.</summary>
    public static string Sha256Of(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<float> batch, int images, Span<float> output)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(images, 1);
        int inputLength = Description.Preprocessing.InputLength, outputLength = Description.OutputLength;
        if (batch.Length < (long)images * inputLength)
            throw new ShapeException($"batch must hold [{images}, 3, height, width] = {(long)images * inputLength} floats, found " +
                $"{batch.Length}.");
        if (output.Length < (long)images * outputLength)
            throw new ShapeException($"output must hold [{images}, regions, visual] = {(long)images * outputLength} floats, found " +
                $"{output.Length}.");
        var step = fixedBatch == 0 ? images : fixedBatch;
        for (var first = 0; first < images; first += step)
        {
            var count = Math.Min(step, images - first);
            RunOnce(batch.Slice(first * inputLength, count * inputLength), step, output.Slice(first * outputLength, count * outputLength));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        session.Dispose();
        runOptions.Dispose();
    }

    /// <summary>Runs the model once; inputs are filled up with zeros when the model takes a fixed number of pictures.</summary>
    private unsafe void RunOnce(ReadOnlySpan<float> batch, int modelBatch, Span<float> output)
    {
        var preprocessing = Description.Preprocessing;
        var needed = modelBatch * preprocessing.InputLength;
        if (batch.Length < needed)
        {
            var padded = new float[needed];
            batch.CopyTo(padded);
            batch = padded;
        }
        fixed (float* start = batch)
        {
            using var input = Tensor(start, modelBatch, preprocessing);
            using var results = Run(Description.Path, input);
            var raw = results[0].GetTensorDataAsSpan<float>();
            for (var i = 0; (i + 1) * Description.OutputLength <= output.Length; i++)
                layout.Convert(raw.Slice(i * layout.SourceLength, layout.SourceLength),
                    output.Slice(i * Description.OutputLength, Description.OutputLength));
        }
    }

    private unsafe long[] Probe(string path, PreprocessingOptions preprocessing)
    {
        var batch = Math.Max(fixedBatch, 1);
        fixed (float* start = new float[batch * preprocessing.InputLength])
        {
            using var input = Tensor(start, batch, preprocessing);
            using var results = Run(path, input);
            var info = results[0].GetTensorTypeAndShape();
            if (info.ElementDataType != TensorElementType.Float)
                throw new DatasetFormatException(path, $"output '{outputNames[0]}' holds {info.ElementDataType}, expected 32-bit floats.");
            if (info.Shape.Length == 0 || info.Shape[0] != batch)
                throw new DatasetFormatException(path,
                    $"output '{outputNames[0]}' has shape [{string.Join(", ", info.Shape)}] for {batch} picture(s): the first axis " +
                        "must be the batch.");
            return [1, .. info.Shape[1..]];
        }
    }

    private static unsafe OrtValue Tensor(float* start, int images, PreprocessingOptions preprocessing) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float,
            [images, 3, preprocessing.Height, preprocessing.Width], (nint)start, (long)images * preprocessing.InputLength * sizeof(float));

    private IDisposableReadOnlyCollection<OrtValue> Run(string path, OrtValue input)
    {
        try
        {
            return session.Run(runOptions, inputNames, [input], outputNames);
        }
        catch (OnnxRuntimeException e)
        {
            throw new UnseenException($"{path}: ONNX Runtime cannot run the backbone: {e.Message}", e);
        }
    }
}
