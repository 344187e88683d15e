using Unseen.Data;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Models.Encoders;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>DUET with a BERT of any size, as its file tells.</summary>
public sealed class BertSizesTests : IDisposable
{
    private static readonly string[] Words =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ":", ",", "|", "group", "attribute", .. Enumerable.Range(0, 10).Select(i => $"{i}")];

    private readonly TemporaryFolder folder = new();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem = TinyProblem.Create();

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // text.* stay what they were
    public void TheSizesAreThoseOfTheFile(bool trainText)
    {
        var options = Options(new() { Positions = 120 }) with { TrainText = trainText };
        var model = new DuetModel(options, problem);
        var before = Text(model);
        var recipe = new TrainingRecipe { Epochs = 1, BatchSize = 9, LearningRate = 1e-3, Sampler = SamplerKind.Shuffled };
        Trainer.Fit(model, problem, new FitContext { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None }, null);
        Assert.Equal(trainText, !before.SequenceEqual(Text(model)));
        Assert.Equal(trainText, model.TrainedParameters.Any(p => p.Name.StartsWith("text.", StringComparison.Ordinal)));
        if (!trainText)
            Assert.All(model.State.Where(s => s.Key.StartsWith("text.", StringComparison.Ordinal)), s => Assert.Null(s.Value.grad));
        foreach (var file in Directory.GetFiles(folder.Path)) File.Delete(file);
        using var stored = new DuetModel(options, problem with { Train = new([], []) }, state: model.State);
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, problem.Evaluation.Images);
        Assert.Equal(Scores(model, features), Scores(stored, features));
        stored.Freeze();
        Assert.Equal(Scores(model, features), Scores(stored, features));
    }

    /// <summary>Neither a long list of prompts nor a short BERT ends training halfway.</summary>
    [Fact]
    public void TheSmallEncoderMakesRoomForItsQuestion()
    {
        var options = new DuetOptions { TextWidth = 16, TextHeads = 2, SentenceLimit = 16, GroundingShare = 0.5 };
        var prompts = problem with { Attributes = [.. problem.Attributes.Select((a, i) => a with { Group = $"group {i}" })] };
        var model = new DuetModel(options, prompts);
        Assert.True(model.State["question_tokens"].shape[0] > 16, "the limit is for sentences about a class");
        Trainer.Fit(model, prompts, new FitContext { Seed = 1, Recipe = new() { Epochs = 1, BatchSize = 9 }, Cancellation = CancellationToken.None }, null);
        using var stored = new DuetModel(options, problem with { Train = new([], []) }, state: model.State);
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, problem.Evaluation.Images);
        Assert.Equal(Scores(model, features), Scores(stored, features));
    }

    [Fact]
    public void WhatDoesNotBelongTogetherIsRefused()
    {
        string Message(DuetOptions wrong) => Assert.ThrowsAny<UnseenException>(() => new DuetModel(wrong, problem)).Message;
        var options = Options(new());
        var other = options with { TextVocabulary = folder.File("other.txt", string.Join('\n', Words.Append("more"))) };
        Assert.Equal($"{options.TextWeights} has {Words.Length} words, {other.TextVocabulary} has {Words.Length + 1}. Give the vocab.txt that belongs to the weights.", Message(other));
        var deit = options with { TextWeights = TinyWeights.Write(folder.File("deit.safetensors"), TinyWeights.Deit.Layout()) };
        Assert.Contains("does not hold the weights of a BERT, such as bert-base-uncased.", Message(deit), StringComparison.Ordinal);
        Assert.Contains("prompts has", Message(Options(new() { Positions = 8 })), StringComparison.Ordinal);
        Assert.Contains("this BERT takes at most 8. Put related attributes under one prompt (the group column of attributes.csv), or set options.textEncoder=small.",
            Message(Options(new() { Positions = 8 })), StringComparison.Ordinal);
        Assert.Contains("RoBERTa", Message(Options(new() { Positions = 514, TokenTypes = 1 })), StringComparison.Ordinal);
    }

    private DuetOptions Options(BertOptions sizes) => new()
    {
        TextEncoder = DuetTextEncoder.Bert,
        TextWeights = TinyWeights.Write(folder.File("bert.safetensors"), (sizes with
        {
            Vocabulary = Words.Length,
            Hidden = 128,
            Heads = 2,
            Layers = 2,
            FeedForward = 32,
            MaskedLanguageHead = true,
        }).Layout()),
        TextVocabulary = folder.File("vocab.txt", string.Join('\n', Words)),
        Dropout = 0,
        GroundingShare = 0.5,
        AttributeContrastWeight = 0.1,
    };

    private static float[] Text(DuetModel model) =>
        [.. model.State.Where(s => s.Key.StartsWith("text.", StringComparison.Ordinal)).OrderBy(s => s.Key).SelectMany(s => s.Value.data<float>().ToArray())];

    private static float[] Scores(DuetModel model, Tensor features) => model.Forward(features).ClassScores.data<float>().ToArray();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }
}
