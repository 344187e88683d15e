using Unseen.Data;
using Unseen.Losses;
using Unseen.Models.Generative.CeGzsl;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Generative;

/// <summary>
/// CE-GZSL as its equations 4 to 8 say: pairs of images one by one in the instance-level loss, every image concatenated with every seen
/// class in the class-level one.
/// </summary>
internal sealed class StraightforwardCeGzsl(CeGzslTraining training, CeGzslOptions options, ZslProblem problem)
    : StraightforwardGan(training.TrainedParameters, options, problem)
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
        var z = Layer("projection", h).unbind(0).Select(row => row / row.square().sum().sqrt()).ToArray();
        var y = labels.data<long>().ToArray();
        var losses = new List<Tensor>();
        for (var i = 0; i < z.Length; i++)
        {
            Tensor Similarity(int j) => (z[i] * z[j]).sum() / options.InstanceTemperature;
            var others = Enumerable.Range(0, z.Length).Where(j => j != i).ToArray();
            var companions = others.Where(j => y[j] == y[i]).ToArray();
            if (companions.Length == 0) continue;
            var all = stack(others.Select(j => Similarity(j).exp())).sum().log();
            losses.Add(stack(companions.Select(p => all - Similarity(p))).mean());
        }
        return stack(losses).mean();
    }

    private Tensor Class(Tensor h, Tensor labels) => SeenCrossEntropy(h.unbind(0).Select(row =>
        stack(SeenClasses.Select(c => Compare(row, ClassVectors[c]))) / options.ClassTemperature), labels);

    private Tensor Compare(Tensor h, Tensor semantics) =>
        (LeakyRelu(Layer("comparator/hidden", cat([h, semantics]).unsqueeze(0))).squeeze(0) * Weight("comparator/output_weight")).sum();
}
