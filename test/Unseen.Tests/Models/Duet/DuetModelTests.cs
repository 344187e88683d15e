using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Semantics;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

public sealed class DuetModelTests
{
    private static readonly DuetOptions Small = new() { TextWidth = 16, TextHeads = 2, Dropout = 0 };

    private static readonly ZslProblem Problem = TinyProblem.Create();

    /// <summary>The text of the test side does not depend on the picture: computed once it must give the same numbers, bit by bit.</summary>
    [Theory]
    [InlineData(DuetVisualTokens.Class, 1)]
    [InlineData(DuetVisualTokens.ClassAndRegions, 1)]
    [InlineData(DuetVisualTokens.Regions, 1)]
    [InlineData(DuetVisualTokens.Class, 2)]
    public void TheTemplateIsEncodedOnceWithTheSameScores(DuetVisualTokens tokens, int layers)
    {
        using var scope = NewDisposeScope();
        using var model = new DuetModel(Small with { VisualTokens = tokens, CrossLayers = layers }, Problem);
        var features = FeatureTensor.Read(Problem.Features, model.FeatureKind, Problem.Train.Images.AsSpan(0, 5));
        var before = model.Forward(features).ClassScores.data<float>().ToArray();
        model.Freeze();
        Assert.Equal(before, model.Forward(features).ClassScores.data<float>().ToArray());
    }

    /// <summary>One forward for all images and sentences against image by image, all tokens, nothing shared.</summary>
    [Fact]
    public void TheBatchedGroundingStepEqualsTheStraightforwardOne()
    {
        using var scope = NewDisposeScope();
        using var parts = new DuetParts(Small, Problem);
        var (images, labels) = (Problem.Train.Images[..6], Problem.Train.Labels[..6]);
        labels = [.. labels.Select((_, i) => Problem.Train.Labels[i * 6])];
        images = [.. images.Select((_, i) => Problem.Train.Images[i * 6])];
        var features = FeatureTensor.Read(Problem.Features, FeatureKind.Global, images);
        var draws = parts.Sampler.Draw(labels, new Random(4))!;
        Assert.Contains(draws, d => d.Contrast is not null);
        var terms = parts.Training.Ground(features, tensor(Array.ConvertAll(labels, l => (long)l)), draws).ToDictionary(t => t.Name, t => t.Value);
        var (predicted, reconstruction, contrast) = new StraightforwardDuet(Small, parts.Network, Problem.Features).Ground(features, draws);
        var degrees = tensor(draws.Select(parts.Sampler.Degree).ToArray());
        Close((degrees * reconstruction).mean(), terms["cmr"]);
        var rows = draws.Index().Where(d => d.Item.Contrast is not null).ToArray();
        var expected = rows.Average(r => parts.Sampler.ContrastWeight(r.Item) * contrast[r.Index].item<float>());
        Assert.Equal(expected, terms["acl"].item<float>(), 1e-4 * Math.Abs(expected));
        var seen = predicted.mm(parts.ClassSemantics.t()).narrow(1, 0, 6); // seen classes come first
        Close(nn.functional.cross_entropy(seen, tensor(Array.ConvertAll(labels, l => (long)l))), terms["cc"]);
    }

    /// <summary>Of ratings from 1 to 10 nearly all would be "present" in a sentence.</summary>
    [Fact]
    public void ValuesThatDoNotSayWhatAClassHasAreRefusedInSentences()
    {
        var problem = TinyProblem.Create(scale: AttributeScale.Percent);
        problem = problem with { Semantics = problem.Semantics with { Scale = AttributeScale.Raw } };
        Assert.StartsWith("A sentence of DUET says what a class has, from 0 to 1, but class_attributes.csv holds ",
            Assert.Throws<ConfigurationException>(() => new DuetModel(Small, problem)).Message, StringComparison.Ordinal);
        new DuetModel(Small with { UseLanguage = false }, problem).Dispose();
    }

    /// <summary>Class vectors without words have the attributes as facts, and with them the vectors of their words.</summary>
    [Fact]
    public void WordsOfFactsBeginAsThoseOfAttributes()
    {
        Tensor Words(ZslProblem problem)
        {
            random.manual_seed(1);
            using var model = new DuetModel(Small, problem);
            return model.State["text.bert.embeddings.word_embeddings.weight"].detach().clone();
        }
        using var scope = NewDisposeScope();
        var facts = ClassFacts.OfAttributes(Problem.Attributes, Problem.Semantics.UnitValues());
        var beside = Problem with { WordVectors = null, Facts = facts with { WordVectors = Problem.WordVectors } };
        Assert.True(Words(Problem).allclose(Words(beside), 0, 0));
        Assert.False(Words(Problem).allclose(Words(beside with { Facts = facts })));
    }

    [Fact]
    public void AClassificationStepHasTheTermsOfEq13()
    {
        using var scope = NewDisposeScope();
        using var parts = new DuetParts(Small, Problem);
        var labels = Problem.Train.Labels[..7];
        var features = FeatureTensor.Read(Problem.Features, FeatureKind.Global, Problem.Train.Images.AsSpan(0, 7));
        var terms = parts.Training.Classify(features, tensor(Array.ConvertAll(labels, l => (long)l)), Problem.Train.Images[1..8]);
        Assert.Equal(["cc", "ar", "sc", "con"], terms.Select(t => t.Name));
        Assert.Equal([1, 0.01, 0.001, 0.05], terms.Select(t => t.Weight));
    }

    /// <summary>Gradients of every loss reach what they should: grounding trains text, cross layer and vision.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheTextEncoderLearnsUnlessItIsFrozen(bool trained)
    {
        using var scope = NewDisposeScope();
        using var model = new DuetModel(Small with { TrainText = trained, GroundingShare = 1 }, Problem);
        Assert.Equal(trained, model.TrainedParameters.Any(p => p.Name.StartsWith("text.", StringComparison.Ordinal)));
        var features = FeatureTensor.Read(Problem.Features, model.FeatureKind, Problem.Train.Images);
        model.Losses(features, tensor(Array.ConvertAll(Problem.Train.Labels, l => (long)l))).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        Assert.All(model.TrainedParameters.Where(p => !p.Name.Contains("class_contrast", StringComparison.Ordinal)), p => Assert.NotNull(p.Parameter.grad));
    }

    /// <summary>Every row of table 3 of the paper is reachable by options, and trains.</summary>
    [Fact]
    public void EveryAblationOfThePaperRuns()
    {
        DuetOptions[] rows =
        [
            Small with { UseLanguage = false },
            Small with { VisualTokens = DuetVisualTokens.ClassAndRegions },
            Small with { VisualTokens = DuetVisualTokens.Regions },
            Small with { TrainText = false },
            Small with { Sentence = DuetSentence.Prompts },
            Small with { Sentence = DuetSentence.Attributes },
            Small with { MaskSampling = DuetMaskSampling.Uniform },
            Small with { PruningRatio = 0 },
            Small with { ContrastWeight = 0 },
            Small with { AttributeContrastWeight = 0 },
            Small with { CrossLayers = 2 },
        ];
        foreach (var options in rows)
            foreach (var share in new[] { 0.0, 1 })
            {
                using var scope = NewDisposeScope();
                using var model = new DuetModel(options with { GroundingShare = share }, Problem);
                var features = FeatureTensor.Read(Problem.Features, model.FeatureKind, Problem.Train.Images);
                var terms = model.Losses(features, tensor(Array.ConvertAll(Problem.Train.Labels, l => (long)l)));
                Assert.All(terms, t => Assert.True(float.IsFinite(t.Value.item<float>()), $"{options}: {t.Name}"));
                Assert.Equal(share == 1 && options.UseLanguage && options.Sentence != DuetSentence.Prompts, terms.Any(t => t.Name == "cmr"));
                Assert.Equal(share == 0 || !options.UseLanguage ? options.ContrastWeight > 0 : false, terms.Any(t => t.Name == "con"));
            }
    }

    /// <summary>One class without any attribute leaves the grounding of the others as it is; when no class has any, the step classifies.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(8, false)]
    public void ClassesWithoutASingleAttributeAreClassifiedAllTheSame(int bareClasses, bool grounds)
    {
        using var scope = NewDisposeScope();
        var values = new float[8, 8];
        for (var c = bareClasses; c < 8; c++) values[c, c] = 1;
        var bare = Problem with { Semantics = Problem.Semantics with { Values = values } };
        using var model = new DuetModel(Small with { GroundingShare = 1 }, bare);
        var features = FeatureTensor.Read(bare.Features, model.FeatureKind, bare.Train.Images);
        var terms = model.Losses(features, tensor(Array.ConvertAll(bare.Train.Labels, l => (long)l)));
        Assert.Equal(grounds, terms.Any(t => t.Name == "cmr"));
        Assert.All(terms, t => Assert.True(float.IsFinite(t.Value.item<float>()), t.Name));
    }

    [Fact]
    public void RelationsOfAGraphAreTheSentencesWhenSemanticsAreEmbeddings()
    {
        using var scope = NewDisposeScope();
        RelationEntry[] relations = [.. Enumerable.Range(0, 8).SelectMany(c => new RelationEntry[] { new(c, "hasPart", $"part{c % 3}"), new(c, "is", $"kind{c % 2}") })];
        var problem = Problem with { Facts = ClassFacts.OfRelations(relations, 8), Attributes = [], WordVectors = null };
        using var model = new DuetModel(Small with { GroundingShare = 1 }, problem);
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, problem.Train.Images);
        var terms = model.Losses(features, tensor(Array.ConvertAll(problem.Train.Labels, l => (long)l)));
        Assert.Equal(["cc", "ar", "sc", "cmr", "acl"], terms.Select(t => t.Name));
    }

    /// <summary>bf16 keeps 8 bits of a factor: scores stay within a few hundredths of their range.</summary>
    [Fact]
    public void Bf16ProductsStayClose()
    {
        using var scope = NewDisposeScope();
        using var model = new DuetModel(Small, Problem);
        using var rounded = new DuetModel(Small, Problem, Precision.Bf16, model.State);
        var features = FeatureTensor.Read(Problem.Features, model.FeatureKind, Problem.Train.Images);
        var (exact, close) = (model.Forward(features).ClassScores, rounded.Forward(features).ClassScores);
        var difference = (exact - close).abs().max().item<float>();
        Assert.InRange(difference, 1e-7, 0.03 * (exact.max() - exact.min()).item<float>());
    }

    /// <summary>
    /// A prompt's answers are the summed probabilities of its attributes' tokens at its mask, computed again by loops: attributes of one, two and three words, some of
    /// which they share.
    /// </summary>
    [Theory]
    [InlineData(DuetVisualTokens.Class, 1)]
    [InlineData(DuetVisualTokens.Regions, 2)]
    public void PromptsAreAnsweredByTheTokensOfTheirAttributes(DuetVisualTokens tokens, int layers)
    {
        using var scope = NewDisposeScope();
        var options = Small with { VisualTokens = tokens, CrossLayers = layers };
        var problem = Problem with
        {
            Attributes = [.. Problem.Attributes.Select((a, i) => a with { Phrase = string.Join(' ', new[] { $"kind{i / 2}", "dark", "wing" }.Take(1 + i % 3)) })],
        };
        using var model = new DuetModel(options, problem);
        using (no_grad())
            foreach (var (_, parameter) in model.TrainedParameters) parameter.add_(randn_like(parameter) * 0.2); // so that the answers differ
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, problem.Train.Images.AsSpan(0, 3));
        var answers = NaiveDuetLosses.Rows(model.PromptedAttributes(features)!);

        var facts = ClassFacts.OfAttributes(problem.Attributes, problem.Semantics.UnitValues()).Facts;
        var words = new WordPrompts(PromptText.Texts(facts).Concat(problem.Attributes.Select(a => a.Phrase)));
        var (question, masks) = (new List<long> { words.Special("[CLS]") }, new Dictionary<string, int>());
        foreach (var prompt in new[] { "group 0", "group 1" })
        {
            question.AddRange(words.Encode($"{prompt} :").Select(id => (long)id));
            masks[prompt] = question.Count;
            question.AddRange([words.Special("[MASK]"), words.Encode("|")[0]]);
        }
        question.Add(words.Special("[SEP]"));
        using var network = DuetNetwork.Load(options, DuetTextSide.Load(options, model.State), problem.Features.Visual(), 8, model.State, Precision.F32);
        using var naive = new NaiveNetwork(options, network);
        Assert.Equal([1, 2, 3], facts.Select(f => words.Encode(f.Text).Length).Distinct().Order());
        for (var i = 0; i < 3; i++)
        {
            var language = naive.See(features[i], [.. question]).Language;
            var expected = facts.Select(f => words.Encode(f.Text).Sum(id => NaiveDuetLosses.Softmax(naive.Words(language[masks[f.Prompt]]))[id])).ToArray();
            Assert.True(expected.Max() > 2 * expected.Min(), "the answers tell nothing apart");
            for (var a = 0; a < 8; a++) Assert.Equal(expected[a], answers[i][a], 1e-4);
        }
    }

    [Fact]
    public void AModelWithoutLanguageAnswersNoPrompt()
    {
        using var scope = NewDisposeScope();
        var features = FeatureTensor.Read(Problem.Features, FeatureKind.Global, Problem.Train.Images.AsSpan(0, 3));
        using var silent = new DuetModel(Small with { UseLanguage = false }, Problem);
        Assert.Null(silent.PromptedAttributes(features));
    }

    /// <summary>Eq. 22 takes gamma from the products of seen classes, the authors' code from their softmax; the loss knows nothing of it.</summary>
    [Theory]
    [InlineData(DuetCalibrationScale.Logit)]
    [InlineData(DuetCalibrationScale.Probability)]
    public void GammaIsTakenFromSeenClasses(DuetCalibrationScale scale)
    {
        using var scope = NewDisposeScope();
        using var plain = new DuetModel(Small, Problem);
        using var model = new DuetModel(Small with { Calibration = 0.7, CalibrationScale = scale }, Problem, state: plain.State);
        var features = FeatureTensor.Read(Problem.Features, model.FeatureKind, Problem.Train.Images.AsSpan(0, 4));
        var output = model.Forward(features);
        var found = NaiveDuetLosses.Rows(output.ClassScores);
        foreach (var (image, products) in NaiveDuetLosses.Rows(plain.Forward(features).ClassScores).Index())
        {
            var scores = scale == DuetCalibrationScale.Logit ? products : NaiveDuetLosses.Softmax(products);
            for (var c = 0; c < 8; c++) Assert.Equal(scores[c] - (Problem.SeenClass[c] ? 0.7 : 0), found[image][c], 1e-6);
        }
        Assert.Equal(scale == DuetCalibrationScale.Logit, output.Product is not null);
    }

    [Fact]
    public void BertWithoutItsFilesIsRefusedInWords()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ConfigurationException>(() => new DuetModel(new() { TextEncoder = DuetTextEncoder.Bert }, Problem));
        Assert.Contains("options.textEncoder is bert: give its files with options.textWeights (safetensors) and options.textVocabulary (vocab.txt), "
            + "or set options.textEncoder=small.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WordEmbeddingsAddUpToTheAttributeVectors()
    {
        using var scope = NewDisposeScope();
        AttributeEntry[] attributes = [new("a", "size", "large size", []), new("b", "size", "small size", []), new("c", "", "large", [])];
        var words = new WordPrompts(attributes.Select(a => a.Phrase).Append("wing"));
        var vectors = new float[,] { { 3, 0 }, { 1, 2 }, { 2, -1 } };             // large (2, -1), size (1, 1), small (0, 1)
        var table = WordEmbeddings.Create(words, attributes, vectors, width: 4);
        Assert.Equal([words.Count, 4], table.shape);
        Tensor Of(string word) => table[words.Encode(word)[0]];
        var (one, two) = (Of("large") - Of("size"), Of("small") - Of("size"));    // centred, turned and scaled: angles between differences stay
        var cosine = (one * two).sum() / (one.norm() * two.norm());
        Assert.Equal((1 * -1 + -2 * 0) / (Math.Sqrt(5) * 1), cosine.item<float>(), 0.03);
        Assert.Equal(0.1, table.index_select(0, tensor(new long[] { words.Encode("large")[0], words.Encode("size")[0], words.Encode("small")[0] }))
            .square().mean().sqrt().item<float>(), 1e-4);
    }

    [Theory]
    [InlineData("template_tokens", 1e6f)]
    [InlineData("template_tokens", 0.5f)]
    [InlineData("question_places", float.NaN)]
    [InlineData("fact_prompts", -1f)]
    public void ASentenceOfAnEditedModelFileIsRefused(string name, float value)
    {
        using var scope = NewDisposeScope();
        using var model = new DuetModel(Small, Problem);
        var state = model.State.ToDictionary();
        state[name] = state[name].clone();
        state[name][0] = tensor(value);
        Assert.Contains(name, Assert.Throws<CheckpointMismatchException>(() => new DuetModel(Small, Problem, state: state)).Message, StringComparison.Ordinal);
    }

    private static void Close(Tensor expected, Tensor found) =>
        Assert.Equal(expected.item<float>(), found.item<float>(), 1e-4 * Math.Max(1, Math.Abs(expected.item<float>())));
}
