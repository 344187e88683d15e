using Unseen.Data;
using Unseen.Features;
using Unseen.Models.Duet;
using Unseen.Semantics;
using Unseen.Tests.Models.Duet;
using static TorchSharp.torch;

namespace Unseen.Benchmarks;

/// <summary>DUET against its straightforward forms: 312 attributes in 28 prompts, 150 seen classes with some 40 attributes each, 1280 visual values.</summary>
internal static class DuetCases
{
    private const int Attributes = 312, Prompts = 28, Visual = 1280, Seen = 150, Unseen = 50;

    private static readonly DuetOptions Options = new() { Dropout = 0 };

    /// <summary>
    /// A grounding step of 50 images with its contrasts, forward and backward: one pass for all sentences and images, against image by image. Both with
    /// this dropout.
    /// </summary>
    public static (double Ours, double Reference, double OurPeak, double ReferencePeak) Grounding(Precision precision, double dropout)
    {
        using var scope = NewDisposeScope();
        var problem = Problem();
        using var parts = new DuetParts(Options with { Dropout = dropout }, problem, precision);
        var (images, labels) = (problem.Train.Images[..50], problem.Train.Labels[..50]);
        var features = rand(50, Visual);
        var classes = tensor(Array.ConvertAll(labels, l => (long)l));
        var draws = parts.Sampler.Draw(labels, new Random(1))!;
        var port = new StraightforwardDuet(Options, parts.Network, problem.Features, training: dropout > 0);
        return (Stopwatches.Median(Ours, 5), Stopwatches.Median(Reference, 1), PeakMemory.OfMebibytes(Ours), PeakMemory.OfMebibytes(Reference));

        void Ours()
        {
            using var inner = NewDisposeScope();
            parts.Training.Ground(features, classes, draws).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        }

        void Reference()
        {
            using var inner = NewDisposeScope();
            var (predicted, reconstruction, contrast) = port.Ground(features, draws);
            (predicted.square().sum() + reconstruction.sum() + contrast.sum()).backward();
        }
    }

    /// <summary>
    /// The vision side in the test pass of 1000 images after the backbone, in batches of 100: the template's keys and values once, against the template
    /// encoded for every image.
    /// </summary>
    public static (double Ours, double Reference) TestPass()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var problem = Problem();
        using var parts = new DuetParts(Options, problem, Precision.F32);
        var (features, text) = (rand(1000, Visual), parts.Network.Text!);
        var keys = parts.Network.Keys(parts.Network.Encode(text.Template, null, training: false));
        return (Stopwatches.Median(Ours, 5), Stopwatches.Median(Reference, 1));

        void Ours()
        {
            using var inner = NewDisposeScope();
            foreach (var batch in features.split(100))
                _ = parts.Network.Attributes(parts.Network.Cross(parts.Network.VisualTokens(batch), keys), batch).mm(parts.ClassSemantics.t());
        }

        void Reference()
        {
            foreach (var batch in features.split(100))
            {
                using var inner = NewDisposeScope();
                var template = text.Template.expand(batch.shape[0], -1);
                var encoded = parts.Network.Encode(template, null, training: false);
                var vision = parts.Network.Cross(parts.Network.VisualTokens(batch), encoded, null, wantVision: true, training: false).Vision!;
                _ = parts.Network.Attributes(vision, batch).mm(parts.ClassSemantics.t());
            }
        }
    }

    /// <summary>
    /// Scores of tokens in the size of BERT-base (768 wide, about 30,000 words) with their cross-entropy, forward and backward, 10 sentences of 150 tokens: at two
    /// masked tokens each against all.
    /// </summary>
    public static (double Ours, double Reference) TokenHead()
    {
        const int sentences = 10, tokens = 150, masked = 2, width = 768, words = 97;
        using var scope = NewDisposeScope();
        var problem = Problem();
        problem = problem with
        {
            Attributes = [.. problem.Attributes.Select((a, i) => a with { Phrase = string.Join(' ', Enumerable.Range(i * words, words).Select(w => $"word{w}")) })],
        };
        using var parts = new DuetParts(Options with { TextWidth = width, TextHeads = 12 }, problem);
        var states = rand(sentences, tokens, width).requires_grad_();
        var labels = randint(parts.Network.Text!.WordTable.shape[0], [sentences, tokens], int64);
        return (Stopwatches.Median(() => Step(masked), 5), Stopwatches.Median(() => Step(tokens), 3));

        void Step(int count)
        {
            using var inner = NewDisposeScope();
            var scores = parts.Network.Tokens(states.narrow(1, 0, count));
            nn.functional.cross_entropy(scores.flatten(0, 1), labels.narrow(1, 0, count).flatten()).backward();
        }
    }

    private static ZslProblem Problem()
    {
        var random = new Random(1);
        var values = new float[Seen + Unseen, Attributes];
        foreach (ref var value in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref values[0, 0], values.Length))
            value = random.NextSingle() < 0.12 ? 0.5f + random.NextSingle() / 2 : random.NextSingle() / 2;
        AttributeEntry[] attributes = [.. Enumerable.Range(0, Attributes).Select(a =>
            new AttributeEntry($"attribute {a}", $"part{a % Prompts} kind{a % 4}", $"word{a / Prompts} part{a % Prompts} kind{a % 4}", []))];
        int[] images = [.. Enumerable.Range(0, 10 * Seen)];
        return new()
        {
            Semantics = new ClassSemantics([.. Enumerable.Range(0, Seen + Unseen).Select(c => $"class {c}")], [.. attributes.Select(a => a.Name)], values, AttributeScale.Unit),
            SeenClass = [.. Enumerable.Range(0, Seen + Unseen).Select(c => c < Seen)],
            Attributes = attributes,
            Features = new NoisePictures(),
            Train = new(images, Array.ConvertAll(images, i => i % Seen)),
            Evaluation = new([], []),
        };
    }

    /// <summary>Features without pictures: the same noise for an image whenever it is read.</summary>
    private sealed class NoisePictures : IFeatureSource
    {
        public int Regions => 1;

        public FeatureGrid? Grid => null;

        public IReadOnlyList<int> VisualWidths => [Visual];

        public void ReadRegions(int image, Span<float> destination) => ReadGlobal(image, destination);

        public void ReadGlobal(int image, Span<float> destination)
        {
            var random = new Random(image);
            foreach (ref var value in destination) value = random.NextSingle();
        }
    }
}
