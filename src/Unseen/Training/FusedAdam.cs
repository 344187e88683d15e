using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015) and AdamW (Loshchilov and Hutter, 2019), the same numbers as torch's up to rounding, in one pass over each
/// parameter: torch's takes about ten, each from and to memory, which for networks with millions of weights and small batches costs as much as
/// the gradients. For the processor only.
/// </summary>
internal sealed class FusedAdam : IOptimiser
{
    private const float Epsilon = 1e-8f;
    private const int Chunk = 1 << 16;

    private readonly Parameter[] parameters;
    private readonly Tensor[] means;    // of the gradients
    private readonly Tensor[] squares;  // means of their squares
    private readonly long[] steps;
    private readonly float beta1;
    private readonly float beta2;
    private readonly double decay;
    private readonly bool decoupled;

    /// <param name="parameters">What is moved.</param>
    /// <param name="learningRate">Learning rate of the first step.</param>
    /// <param name="beta1">Decay of the mean of the gradients.</param>
    /// <param name="beta2">Decay of the mean of their squares.</param>
    /// <param name="weightDecay">Weight decay.</param>
    /// <param name="decoupled">True for AdamW: the decay shrinks the weights; false for Adam: it is part of the gradient.</param>
    public FusedAdam(IEnumerable<Parameter> parameters, double learningRate, double beta1, double beta2, double weightDecay, bool decoupled = false)
    {
        this.parameters = [.. parameters];
        (LearningRate, this.beta1, this.beta2, decay, this.decoupled) = (learningRate, (float)beta1, (float)beta2, weightDecay, decoupled);
        means = [.. this.parameters.Select(Zeros)];
        squares = [.. this.parameters.Select(Zeros)];
        steps = new long[this.parameters.Length];
    }

    public double LearningRate { private get; set; }

    public void ZeroGradients()
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }

    public void Step()
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            using var gradient = parameters[i].grad;
            if (gradient is null) continue;
            using var contiguous = gradient.contiguous();
            Update(i, contiguous);
        }
    }

    private void Update(int index, Tensor gradient)
    {
        var step = ++steps[index];
        var size = (float)(LearningRate / (1 - Math.Pow(beta1, step)));
        var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        var length = (int)gradient.numel();
        Parallel.For(0, (length + Chunk - 1) / Chunk, threads, chunk =>
        {
            var range = (chunk * Chunk)..Math.Min((chunk + 1) * Chunk, length);
            Update(Values(parameters[index])[range], Values(gradient)[range], Values(means[index])[range], Values(squares[index])[range], size, correction);
        });
    }

    private void Update(Span<float> weight, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float size, float correction)
    {
        var (inGradient, kept) = decoupled ? (0f, (float)(1 - LearningRate * decay)) : ((float)decay, 1f);
        var i = 0;
        for (; i <= weight.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var w = new Vector<float>(weight[i..]);
            var g = new Vector<float>(gradient[i..]) + inGradient * w;
            var m = beta1 * new Vector<float>(mean[i..]) + (1 - beta1) * g;
            var v = beta2 * new Vector<float>(square[i..]) + (1 - beta2) * (g * g);
            m.CopyTo(mean[i..]);
            v.CopyTo(square[i..]);
            (kept * w - size * m / (correction * Vector.SquareRoot(v) + new Vector<float>(Epsilon))).CopyTo(weight[i..]);
        }
        for (; i < weight.Length; i++)
        {
            var g = gradient[i] + inGradient * weight[i];
            mean[i] = beta1 * mean[i] + (1 - beta1) * g;
            square[i] = beta2 * square[i] + (1 - beta2) * (g * g);
            weight[i] = kept * weight[i] - size * mean[i] / (correction * MathF.Sqrt(square[i]) + Epsilon);
        }
    }

    /// <summary>As many zeros as a parameter has numbers, of no scope: they live as long as the optimiser.</summary>
    private static Tensor Zeros(Parameter parameter) => zeros(parameter.numel(), float32, CPU).DetachFromDisposeScope();

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public IEnumerable<SafetensorsTensor> Save(string prefix) =>
    [
        SafetensorsTensor.Of(prefix + "steps", steps, steps.Length),
        .. TensorFiles.ToFile(Moments, prefix),
    ];

    public void Load(SafetensorsFile file, string prefix)
    {
        OptimiserState.Read<long>(file, prefix + "steps", steps);
        foreach (var (name, moment) in Moments) OptimiserState.Read(file, prefix + name, Values(moment));
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Moments =>
        means.Select((mean, i) => KeyValuePair.Create($"mean/{i}", mean)).Concat(squares.Select((square, i) => KeyValuePair.Create($"square/{i}", square)));

    public void Dispose()
    {
        foreach (var (_, moment) in Moments) moment.Dispose();
    }
}
