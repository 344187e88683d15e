using TorchSharp.Modules;
using Unseen.Data.Formats;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>
/// The weights of an encoder by their published names, and the layers that use them. The parameters lie outside of all dispose scopes;
/// the set owns them.
/// </summary>
internal sealed class WeightSet : IDisposable
{
    private readonly Dictionary<string, Parameter> parameters = new(StringComparer.Ordinal);

    private WeightSet(WeightLayout layout, Func<WeightDeclaration, Tensor> values)
    {
        Layout = layout;
        try
        {
            foreach (var weight in layout.Weights) parameters.Add(weight.Name, Create(weight, values));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public WeightLayout Layout { get; }

    public IReadOnlyDictionary<string, Parameter> Parameters => parameters;

    /// <summary>Format of the products of linear layers; sums are 32-bit.</summary>
    public Precision Precision { get; set; }

    public Parameter this[string name] => parameters[name];

    /// <summary>Untrained weights; random numbers come from torch's global generator.</summary>
    public static WeightSet Untrained(WeightLayout layout) => new(layout, Initial);

    /// <summary>Copies of tensors held by name, whose names and shapes must be exactly those of the layout.</summary>
    public static WeightSet FromState(WeightLayout layout, IReadOnlyDictionary<string, Tensor> state) =>
        new(layout, weight => StoredState.Require(state, weight.Name, weight.Shape).to(float32));

    /// <summary>Weights from a safetensors file, as 32-bit floats.</summary>
    /// <exception cref="CheckpointMismatchException">A weight is missing or has another shape, or the file holds strange ones.</exception>
    public static (WeightSet Weights, WeightReport Report) FromFile(WeightLayout layout, string path, string model)
    {
        using var file = SafetensorsFile.Open(path);
        var (report, names) = WeightMatch.Compare(file.Path, file.Declarations, layout);
        Require(report, model);
        return (new(layout, weight => Read(file, names[weight.Name], weight.Shape)), report);
    }

    /// <summary>What loading a file, or a folder with one npy file per weight, would find; numbers of a file are not read.</summary>
    /// <exception cref="CheckpointMismatchException">It does not fit.</exception>
    public static WeightReport Check(WeightLayout layout, string path, string model)
    {
        var (report, _) = WeightMatch.Compare(path, WeightFile.Declarations(path), layout);
        Require(report, model);
        return report;
    }

    /// <summary>Refuses a file that does not fit.</summary>
    /// <exception cref="CheckpointMismatchException">The report is not clean; it is in the message.</exception>
    public static void Require(WeightReport report, string model)
    {
        if (!report.Fits)
            throw new CheckpointMismatchException(
                $"{report.File} does not hold the weights of {model}: {report}\nGive the file that was published for this model, or the sizes of the file's model.");
    }

    /// <summary>x·Wᵀ + b over the last axis.</summary>
    public Tensor Linear(Tensor x, string name) => Product(x, this[name + ".weight"], parameters.GetValueOrDefault(name + ".bias"));

    /// <summary>x·Wᵀ + b over the last axis in the format of the products; 32-bit out.</summary>
    public Tensor Product(Tensor x, Tensor weight, Tensor? bias)
    {
        if (Precision == Precision.F32) return nn.functional.linear(x, weight, bias);
        var product = nn.functional.linear(x.to(bfloat16), weight.to(bfloat16)).to(float32);
        return bias is null ? product : product + bias;
    }

    /// <summary>Layer norm over the last axis.</summary>
    public Tensor LayerNorm(Tensor x, string name, double epsilon)
    {
        var weight = this[name + ".weight"];
        return nn.functional.layer_norm(x, weight.shape, weight, this[name + ".bias"], epsilon);
    }

    /// <summary>Patches of pictures as tokens.</summary>
    /// <param name="pixels">[batch, channels, height, width], multiples of the patch.</param>
    /// <param name="name">Name of the convolution.</param>
    /// <returns>[batch, outputs, rows, columns].</returns>
    public Tensor Patches(Tensor pixels, string name)
    {
        var weight = this[name + ".weight"];
        var patch = weight.shape[^1];
        return nn.functional.conv2d(pixels, weight, this[name + ".bias"], strides: [patch, patch]);
    }

    public void Dispose()
    {
        foreach (var parameter in parameters.Values) parameter.Dispose();
    }

    private static Parameter Create(WeightDeclaration weight, Func<WeightDeclaration, Tensor> values)
    {
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        var parameter = new Parameter(values(weight).detach().clone(), weight.Trained);
        parameter.DetachFromDisposeScope();
        return parameter;
    }

    private static Tensor Initial(WeightDeclaration weight) => weight.Initial switch
    {
        InitialValue.Zero => zeros(weight.Shape),
        InitialValue.One => ones(weight.Shape),
        _ => randn(weight.Shape) * 0.02,
    };

    private static Tensor Read(SafetensorsFile file, string name, long[] shape)
    {
        var values = new float[file.Entry(name).Elements];
        file.ReadSingle(name, 0, values);
        return tensor(values).reshape(shape);
    }
}
