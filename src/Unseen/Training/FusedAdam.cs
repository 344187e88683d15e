using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Training;

/// <summary>
/// Adam (Kingma and Ba, 2015), the same numbers as torch's up to rounding, in one pass over each parameter: torch's takes about ten, each from
/// and to memory, which for networks with millions of weights and small batches costs as much as the gradients. For the processor only.
/// </summary>
internal sealed class FusedAdam : IOptimiser
{
    private const float Epsilon = 1e-8f;
    private const int Chunk = 1 << 16;

    private readonly Parameter[] parameters;
    private readonly float[][] means;    // of the gradients
    private readonly float[][] squares;  // means of their squares
    private readonly long[] steps;
    private readonly float beta1;
    private readonly float beta2;
    private readonly float decay;

    public FusedAdam(IEnumerable<Parameter> parameters, double learningRate, double beta1, double beta2, double weightDecay)
    {
        this.parameters = [.. parameters];
        (LearningRate, this.beta1, this.beta2, decay) = (learningRate, (float)beta1, (float)beta2, (float)weightDecay);
        means = [.. this.parameters.Select(p => new float[p.numel()])];
        squares = [.. this.parameters.Select(p => new float[p.numel()])];
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
        var (mean, square) = (means[index], squares[index]);
        var threads = new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() };
        Parallel.For(0, (mean.Length + Chunk - 1) / Chunk, threads, chunk =>
        {
            var range = (chunk * Chunk)..Math.Min((chunk + 1) * Chunk, mean.Length);
            Update(Values(parameters[index])[range], Values(gradient)[range], mean.AsSpan(range), square.AsSpan(range), size, correction);
        });
    }

    private void Update(Span<float> weight, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, float size, float correction)
    {
        var i = 0;
        for (; i <= weight.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var w = new Vector<float>(weight[i..]);
            var g = new Vector<float>(gradient[i..]) + decay * w;
            var m = beta1 * new Vector<float>(mean[i..]) + (1 - beta1) * g;
            var v = beta2 * new Vector<float>(square[i..]) + (1 - beta2) * (g * g);
            m.CopyTo(mean[i..]);
            v.CopyTo(square[i..]);
            (w - size * m / (correction * Vector.SquareRoot(v) + new Vector<float>(Epsilon))).CopyTo(weight[i..]);
        }
        for (; i < weight.Length; i++)
        {
            var g = gradient[i] + decay * weight[i];
            mean[i] = beta1 * mean[i] + (1 - beta1) * g;
            square[i] = beta2 * square[i] + (1 - beta2) * (g * g);
            weight[i] -= size * mean[i] / (correction * MathF.Sqrt(square[i]) + Epsilon);
        }
    }

    private static Span<float> Values(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    public void Save(BinaryWriter writer)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            writer.Write(steps[i]);
            writer.Write(MemoryMarshal.AsBytes<float>(means[i]));
            writer.Write(MemoryMarshal.AsBytes<float>(squares[i]));
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            steps[i] = reader.ReadInt64();
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(means[i].AsSpan()));
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(squares[i].AsSpan()));
        }
    }

    public void Dispose() { }
}
