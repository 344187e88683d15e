using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Generative.CeGzsl;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// CE-GZSL as its equations 4 to 8 say: image by image in the instance-level loss, every image concatenated with every seen class in the
/// class-level one.
/// </summary>
internal sealed class StraightforwardCeGzsl(CeGzslTraining training, CeGzslOptions options, ZslProblem problem, ScalarType type = ScalarType.Float64)
    : StraightforwardGan(training.TrainedParameters, options, problem, type)
{
    private readonly CeGzslOptions options = options;

    public override IReadOnlyList<LossTerm> CriticLosses(Tensor features, Tensor labels)
    {
        var h = Encode(Scale(features));
        return
        [
            .. base.CriticLosses(features, labels),
            new("instance", options.EncoderInstanceWeight, Instance(h, labels)),
            new("class", options.EncoderClassWeight, Class(h, labels)),
        ];
    }

    public override IReadOnlyList<LossTerm> GeneratorLosses(Tensor features, Tensor labels)
    {
        var made = Make(labels);
        var (real, fake) = (Encode(Scale(features)), Encode(made));
        return
        [
            Opinion(made, labels),
            new("made instance", options.InstanceWeight, Instance(cat([real, fake]), cat([labels, labels]))),
            new("made class", options.ClassWeight, Class(fake, labels)),
        ];
    }

    private Tensor Encode(Tensor x) => Layer("encoder", x).relu();

    private Tensor Instance(Tensor h, Tensor labels)
    {
        var z = Layer("projection", h);
        z = z / z.square().sum(1, keepdim: true).sqrt();
        var y = labels.data<long>().ToArray();
        var losses = new List<Tensor>();
        for (var i = 0; i < y.Length; i++)
        {
            var companions = Indices(y, j => j != i && y[j] == y[i]);
            if (companions.Length == 0) continue;
            var similarity = z.mv(z[i]) / options.InstanceTemperature;
            var all = similarity[tensor(Indices(y, j => j != i))].exp().sum().log();
            losses.Add((all - similarity[tensor(companions)]).mean());
        }
        return stack(losses).mean();
    }

    private static long[] Indices(long[] labels, Func<int, bool> which) => [.. Enumerable.Range(0, labels.Length).Where(which).Select(j => (long)j)];

    private Tensor Class(Tensor h, Tensor labels)
    {
        var (batch, seen) = (h.shape[0], SeenClasses.Length);
        var semantics = ClassVectors.index_select(0, tensor(SeenClasses));
        var pairs = cat([h.unsqueeze(1).expand(batch, seen, -1), semantics.unsqueeze(0).expand(batch, seen, -1)], 2);    // [batch, seen, hidden + attributes]
        var scores = LeakyRelu(Layer("comparator/hidden", pairs.reshape(batch * seen, -1))).mv(Weight("comparator/output_weight"));
        return SeenCrossEntropy(scores.reshape(batch, seen) / options.ClassTemperature, labels);
    }
}
