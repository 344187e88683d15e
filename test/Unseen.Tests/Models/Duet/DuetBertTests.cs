using System.Runtime.InteropServices;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// Grounding beside BERT: attributes of several word pieces, the head tied to its word embeddings, storing and loading. The file has all names and
/// shapes of bert-base-uncased but for its vocabulary, which is small.
/// </summary>
public sealed class DuetBertTests(DuetBertTests.BertFiles files) : IClassFixture<DuetBertTests.BertFiles>, IDisposable
{
    private static readonly string[] Words =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", ",", "|", "group", "0", "1", "attri", "##bu", "##te", "wing", "##s", "2", "3", "4", "5", "6", "7"];

    private static readonly ZslProblem Problem = Named(TinyProblem.Create());

    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    private DuetOptions Options => new()
    {
        TextEncoder = DuetTextEncoder.Bert,
        TextWeights = files.Weights,
        TextVocabulary = files.Vocabulary,
        Dropout = 0,
        GroundingShare = 1,
        PruningRatio = 0,
    };

    /// <summary>Ids are lines of the vocabulary: "group 0: attribute 2, wings, 4 | group 1: |" with four, two or one pieces masked.</summary>
    [Theory]
    [InlineData(0, new[] { 2, 8, 9, 5, 4, 4, 4, 4, 6, 14, 15, 6, 18, 7, 8, 10, 5, 7, 3 }, 4, new[] { 11, 12, 13, 16 })]
    [InlineData(2, new[] { 2, 8, 9, 5, 11, 12, 13, 16, 6, 4, 4, 6, 18, 7, 8, 10, 5, 7, 3 }, 9, new[] { 14, 15 })]
    [InlineData(4, new[] { 2, 8, 9, 5, 11, 12, 13, 16, 6, 14, 15, 6, 4, 7, 8, 10, 5, 7, 3 }, 12, new[] { 18 })]
    public void EveryPieceOfAnAttributeIsMasked(int target, int[] tokens, int place, int[] pieces)
    {
        var sentence = Text().Write([0, 2, 4], target, masked: true);
        Assert.Equal(tokens, sentence.Tokens);
        Assert.Equal(place, sentence.Place);
        Assert.Equal(pieces, sentence.Target);
        pieces.CopyTo(tokens, place);
        Assert.Equal(tokens, Text().Write([0, 2, 4], target, masked: false).Tokens);
    }

    /// <summary>A short attribute beside a long one: its last place comes again and does not count.</summary>
    [Fact]
    public void SentencesOfDifferentLengthsStandInOneBatch()
    {
        var text = Text();
        var batch = SentenceBatch.Of([text.Write([0], 0, masked: true), text.Write([0, 2], 2, masked: true)], text.Padding);
        Assert.Equal([2, 8, 9, 5, 4, 4, 4, 4, 7, 8, 10, 5, 7, 3, 0, 0, 0], batch.Tokens[0].data<long>().ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0], batch.Mask[0].data<long>().ToArray());
        Assert.Equal([2, 8, 9, 5, 11, 12, 13, 16, 6, 4, 4, 7, 8, 10, 5, 7, 3], batch.Tokens[1].data<long>().ToArray());
        Assert.Equal([4, 5, 6, 7], batch.Places[0].data<long>().ToArray());
        Assert.Equal([9, 10, 10, 10], batch.Places[1].data<long>().ToArray());
        Assert.Equal([14, 15, 15, 15], batch.Target[1].data<long>().ToArray());
        Assert.Equal([1, 1, 0, 0], batch.Weights[1].data<float>().ToArray());
        Assert.Equal([1, 1, 1, 1], batch.Weights[0].data<float>().ToArray());
    }

    /// <summary>Eq. 5 and 6 piece by piece: products with BERT's word embeddings, and the contrast beside them.</summary>
    [Fact]
    public void PiecesAreReconstructedByTheWordEmbeddingsOfBert()
    {
        using var constants = no_grad();
        using var parts = new DuetParts(Options, Problem);
        Assert.Equal([Words.Length, 768], parts.Network.Text!.WordTable.shape);
        Assert.DoesNotContain(parts.Network.State.Keys, name => name.Contains("token_head", StringComparison.Ordinal));
        int[] rows = [0, 6, 12, 18];
        int[] labels = Array.ConvertAll(rows, r => Problem.Train.Labels[r]);
        var features = FeatureTensor.Read(Problem.Features, FeatureKind.Global, Array.ConvertAll(rows, r => Problem.Train.Images[r]));
        var draws = parts.Sampler.Draw(labels, new Random(2))!;
        Assert.True(draws.Select(d => d.Masked.Target.Length).Distinct().Count() > 1);
        var terms = parts.Training.Ground(features, tensor(Array.ConvertAll(labels, l => (long)l)), draws).ToDictionary(t => t.Name, t => t.Value.item<float>());
        using var naive = new NaiveGrounding(Options, parts, Problem, draws);
        Assert.Equal(naive.Reconstruction(features), terms["cmr"], 1e-3);
        Assert.Equal(naive.AttributeContrast(features), terms["acl"], 1e-3);
    }

    /// <summary>A stored model needs neither weight file nor vocabulary, and answers prompts like the one that was stored.</summary>
    [Fact]
    public void AStoredModelGivesTheSameScoresAndAnswers()
    {
        manual_seed(5);
        using var model = new DuetModel(Options, Problem);
        using (no_grad())
            foreach (var (_, parameter) in model.TrainedParameters) parameter.add_(0.01 * randn_like(parameter)); // as if it had been trained
        using var stored = new DuetModel(Options with { TextWeights = null, TextVocabulary = null }, Problem with { Train = new([], []) }, state: model.State);
        stored.Freeze();
        var features = FeatureTensor.Read(Problem.Features, FeatureKind.Global, Problem.Evaluation.Images);
        Assert.Equal(model.Forward(features).ClassScores.data<float>().ToArray(), stored.Forward(features).ClassScores.data<float>().ToArray());
        Assert.Equal(model.PromptedAttributes(features)!.data<float>().ToArray(), stored.PromptedAttributes(features)!.data<float>().ToArray());
    }

    /// <summary>Files of BERT say that BERT is meant.</summary>
    [Fact]
    public void WeightsOfBertImplyBert()
    {
        using var model = new DuetModel(Options with { TextEncoder = null }, Problem);
        Assert.Contains("text.bert.encoder.layer.11.output.dense.weight", model.State.Keys);
        Assert.Empty((Options with { TextEncoder = null }).Validate());
        Assert.Equal(["options.textWeights is given, but options.textEncoder is small, which has no weights to load. Leave options.textEncoder out, or set it to bert."],
            (Options with { TextEncoder = DuetTextEncoder.Small }).Validate());
        Assert.Equal(["options.textWeights and options.textVocabulary belong together: give both."],
            new DuetOptions { TextVocabulary = files.Vocabulary }.Validate());
    }

    private PromptText Text() => new(ClassFacts.OfAttributes(Problem.Attributes, Problem.Semantics.UnitValues()).Facts,
        new BertPrompts(WordPieceTokenizer.Load(files.Vocabulary)), DuetSentence.PromptsAndAttributes, 250);

    /// <summary>Attributes of four, two and one word pieces.</summary>
    private static ZslProblem Named(ZslProblem problem) => problem with
    {
        Attributes = [.. problem.Attributes.Select((a, i) => a with
        {
            Phrase = i switch { 0 => "attribute 2", 1 => "attribute", 2 => "wings", _ => $"{i}" },
        })],
    };

    public void Dispose() => scope.Dispose();

    /// <summary>Weights and vocabulary, written once.</summary>
    public sealed class BertFiles : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public BertFiles()
        {
            Vocabulary = folder.File("vocab.txt", string.Join('\n', Words));
            Weights = folder.File("bert.safetensors");
            var layout = new BertOptions { Vocabulary = Words.Length, Pooler = false }.Layout();
            var (random, numbers) = (new Random(1), new float[layout.Weights.Max(w => w.Elements)]);
            for (var i = 0; i < numbers.Length; i++) numbers[i] = 0.2f * (random.NextSingle() - 0.5f);
            ReadOnlyMemory<byte> bytes = MemoryMarshal.AsBytes<float>(numbers).ToArray();
            Safetensors.Write(Weights, layout.Weights.Select(w => new SafetensorsTensor(w.Name, SafetensorsType.F32, w.Shape, bytes[..(int)(4 * w.Elements)])));
        }

        public string Weights { get; }

        public string Vocabulary { get; }

        public void Dispose() => folder.Dispose();
    }
}
