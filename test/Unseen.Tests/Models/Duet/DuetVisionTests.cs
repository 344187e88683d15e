using Unseen.Data;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Losses;
using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Models.Encoders;
using Unseen.Tests.Contracts;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Models.Encoders;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

public sealed class DuetVisionTests : IDisposable
{
    private const int Side = 32;

    private readonly TemporaryFolder folder = new();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly ZslProblem problem;
    private readonly DuetOptions options;

    public DuetVisionTests()
    {
        var tiny = TinyProblem.Create();
        problem = tiny with { Features = new MemoryPictures(64, Side) };
        options = new()
        {
            TextWidth = 16,
            TextHeads = 2,
            Dropout = 0,
            Vision = DuetVisionEncoder.Deit,
            VisionWeights = TinyWeights.Write(folder.File("deit.safetensors"), TinyWeights.Deit.Layout()),
            PictureSize = Side,
        };
    }

    /// <summary>
    /// Every loss of a step on pictures is that of the same network on features which the encoder has made of each picture alone: contrast images
    /// and companions go through the encoder together with the batch, repeated pictures once.
    /// </summary>
    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    public void ALossOnPicturesIsTheLossOnTheirFeatures(double grounding, int? trained)
    {
        var pictures = Model(options with { GroundingShare = grounding, TrainedVisionBlocks = trained }, problem);
        var stored = problem with { Features = Encoded() };
        var features = Model(options with { GroundingShare = grounding, Vision = DuetVisionEncoder.Features, VisionWeights = null }, stored);
        var (expected, found) = (Losses(features, stored), Losses(pictures, problem));
        Assert.Contains(expected, t => t.Name == (grounding == 1 ? "acl" : "con"));
        Assert.Equal(expected.Select(t => t.Name), found.Select(t => t.Name));
        foreach (var (term, other) in expected.Zip(found)) Assert.Equal(term.Value.item<float>(), other.Value.item<float>(), 1e-4);
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, problem.Evaluation.Images);
        var global = FeatureTensor.Read(stored.Features, FeatureKind.Global, problem.Evaluation.Images);
        Assert.True(problem.Evaluation.Count > 16, "more pictures than go through at a time");
        Close(features.Forward(global).ClassScores, pictures.Forward(rows).ClassScores);
    }

    [Theory]
    [InlineData(null, 3)]
    [InlineData(3, 3)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    public void WhatIsNotFrozenLearns(int? trained, int blocks)
    {
        var model = Model(options with { TrainedVisionBlocks = trained, GroundingShare = 1 }, problem);
        Losses(model, problem).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        var vision = model.TrainedParameters.Where(p => p.Name.StartsWith("vision.", StringComparison.Ordinal)).ToList();
        Assert.Equal(blocks, vision.Select(p => p.Name.Split('.')).Where(n => n[2] == "encoder").Select(n => n[4]).Distinct().Count());
        Assert.Equal(trained is null, vision.Any(p => p.Name == "vision.deit.embeddings.cls_token"));
        Assert.Equal(trained != 0, vision.Any(p => p.Name == "vision.deit.layernorm.weight"));
        Assert.All(vision, p => Assert.NotNull(p.Parameter.grad));
        Assert.Equal(TinyWeights.Deit.Layout().Weights.Count(w => !w.Name.Contains("classifier", StringComparison.Ordinal)),
            model.State.Keys.Count(name => name.StartsWith("vision.", StringComparison.Ordinal)));
    }

    /// <summary>Tokens, regions, encoders: all train, and a stored model scores without the file of the weights.</summary>
    [Theory]
    [InlineData(DuetVisionEncoder.Deit, DuetVisualTokens.Class, true)]
    [InlineData(DuetVisionEncoder.Deit, DuetVisualTokens.ClassAndRegions, true)]
    [InlineData(DuetVisionEncoder.Deit, DuetVisualTokens.ClassAndRegions, false)]
    [InlineData(DuetVisionEncoder.Deit, DuetVisualTokens.Regions, true)]
    [InlineData(DuetVisionEncoder.Swin, DuetVisualTokens.Class, true)]
    [InlineData(DuetVisionEncoder.Swin, DuetVisualTokens.ClassAndRegions, true)]
    [InlineData(DuetVisionEncoder.MobileNetV2, DuetVisualTokens.Class, true)]
    [InlineData(DuetVisionEncoder.MobileNetV2, DuetVisualTokens.Regions, false)]
    public void AStoredModelNeedsItsWeightFileNoMore(DuetVisionEncoder encoder, DuetVisualTokens tokens, bool language)
    {
        var file = folder.File("weights.safetensors");
        if (encoder == DuetVisionEncoder.MobileNetV2) TinyWeights.WriteMobileNetV2(file);
        else TinyWeights.Write(file, encoder == DuetVisionEncoder.Swin ? TinyWeights.Swin.Layout() : TinyWeights.Deit.Layout());
        var used = options with { Vision = encoder, VisualTokens = tokens, UseLanguage = language, VisionWeights = file, AttributeContrastWeight = 0.1 };
        var model = Model(used, problem);
        var recipe = new TrainingRecipe { Epochs = 1, BatchSize = 9, LearningRate = 1e-3, Sampler = SamplerKind.Shuffled };
        var before = model.State.ToDictionary(s => s.Key, s => s.Value.data<float>().ToArray());
        Trainer.Fit(model, problem, new FitContext { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None }, null);
        foreach (var (name, parameter) in model.TrainedParameters.Where(p => p.Name.EndsWith("conv2_weight", StringComparison.Ordinal)))
            Assert.NotEqual(before[name], parameter.data<float>().ToArray());
        foreach (var (name, tensor) in model.State.Where(s => s.Key.Contains("batchnorm", StringComparison.Ordinal)))
            Assert.Equal(before[name], tensor.data<float>().ToArray());
        File.Delete(file);
        using var stored = new DuetModel(used, problem with { Train = new([], []) }, state: model.State);
        stored.Freeze();
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, problem.Evaluation.Images);
        Assert.Equal(FeatureKind.Pixels, stored.FeatureKind);
        Assert.Equal(model.Forward(rows).ClassScores.data<float>().ToArray(), stored.Forward(rows).ClassScores.data<float>().ToArray());
    }

    /// <summary>The preset for pictures trains, in both precisions, with weights to begin with.</summary>
    [Theory]
    [InlineData(Precision.F32)]
    [InlineData(Precision.Bf16)]
    public void ThePresetForPicturesRuns(Precision precision)
    {
        var method = MethodCatalog.Find("duet");
        var preset = method.Preset("duet-mobilenet");
        var used = (DuetOptions)preset.Options with { PictureSize = Side, VisionWeights = TinyWeights.WriteMobileNetV2(folder.File("weights.safetensors")) };
        var context = new FitContext { Seed = 1, Recipe = preset.Training!.Over(method.Recipe!) with { Epochs = 1 }, Precision = precision };
        using var model = method.Create(used).Fit(problem, null, context).Model;
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, problem.Evaluation.Images);
        Assert.True(model.Forward(rows).ClassScores.isfinite().all().item<bool>());
    }

    [Theory]
    [InlineData(DuetAugmentation.FlipAndCrop)]
    [InlineData(DuetAugmentation.None)] // what frozen blocks have made is not in a checkpoint
    public void AResumedFitIsAnUninterruptedOne(DuetAugmentation augmentation)
    {
        var recipe = new TrainingRecipe { Epochs = 2, BatchSize = 9, LearningRate = 1e-3, Sampler = SamplerKind.Shuffled, Accumulation = 2, ResetOptimiser = true };
        var used = options with { TrainedVisionBlocks = 2, Augmentation = augmentation };
        float[] Fit(FitContext context)
        {
            using var model = Model(used, problem);
            Trainer.Fit(model, problem, context, null);
            return [.. model.State.OrderBy(s => s.Key).SelectMany(s => s.Value.data<float>().ToArray())];
        }
        var whole = new FitContext { Seed = 1, Recipe = recipe, Cancellation = CancellationToken.None };
        foreach (var step in new[] { 2, 4, 5 })
        {
            using var source = new CancellationTokenSource();
            var path = folder.File($"{step}.safetensors");
            Assert.Throws<OperationCanceledException>(() => Fit(whole with
            {
                CheckpointPath = path,
                Cancellation = source.Token,
                Progress = new Immediate(update =>
                {
                    if (update.Done == step) source.Cancel();
                }),
            }));
            Assert.Equal(Fit(whole), Fit(whole with { CheckpointPath = path }));
        }
    }

    [Theory]
    [InlineData(DuetAugmentation.FlipAndCrop)]
    [InlineData(DuetAugmentation.None)]
    public void TrainingLeavesNoTensorBehind(DuetAugmentation augmentation) => Leak.None(() =>
    {
        using var model = Model(options with { GroundingShare = 0.5, TrainedVisionBlocks = 1, Augmentation = augmentation }, problem);
        Trainer.Fit(model, problem, new FitContext
        {
            Seed = 1,
            Recipe = new() { Epochs = 1, BatchSize = 12, Accumulation = 2 },
            Cancellation = CancellationToken.None,
        }, EpochCriterion.BestGammaH);
    }, parameters: ParametersOf(options));

    /// <summary>Each picture comes out as one of all its possible cuts, mirrored or not.</summary>
    [Fact]
    public void FlipAndCropCutsFromTheMirroredPictureWithItsMargin()
    {
        manual_seed(3);
        var pixels = arange(20 * 3 * 16 * 16).to(float32).reshape(20, 3, 16, 16) + 1;
        var changed = PictureAugmentation.FlipAndCrop(pixels);
        Assert.Equal(pixels.shape, changed.shape);
        var found = new List<(bool Mirrored, int Top, int Left)>();
        for (var i = 0; i < 20; i++)
        {
            foreach (var mirrored in new[] { false, true })
            {
                var wide = zeros(3, 20, 20);
                wide.narrow(1, 2, 16).narrow(2, 2, 16).copy_(mirrored ? pixels[i].flip(2) : pixels[i]);
                for (var top = 0; top <= 4; top++)
                    for (var left = 0; left <= 4; left++)
                        if (changed[i].equal(wide.narrow(1, top, 16).narrow(2, left, 16)).all().item<bool>()) found.Add((mirrored, top, left));
            }
            Assert.Equal(i + 1, found.Count);
        }
        Assert.True(found.Distinct().Count() >= 10, "twenty pictures, at many different places");
        Assert.Equal(2, found.Select(f => f.Mirrored).Distinct().Count());
    }

    /// <summary>The authors' code projects the class scores of the published head, as they are; the head is trained along and stored.</summary>
    [Theory]
    [InlineData(DuetVisionEncoder.Deit)]
    [InlineData(DuetVisionEncoder.Vit)]
    [InlineData(DuetVisionEncoder.Swin)]
    public void LogitsAreTheScoresOfThePublishedHead(DuetVisionEncoder encoder)
    {
        var file = folder.File("logits.safetensors");
        TinyWeights.Write(file, encoder switch
        {
            DuetVisionEncoder.Swin => (TinyWeights.Swin with { Classes = 5 }).Layout(),
            _ => (TinyWeights.Deit with { Distilled = encoder == DuetVisionEncoder.Deit }).Layout(),
        });
        var used = options with { Vision = encoder, VisionWeights = file, VisualFeature = DuetVisualFeature.Logits, GroundingShare = 1, UseLanguage = false, ContrastWeight = 0 };
        var model = Model(used, problem);
        Losses(model, problem).Select(t => t.Value * t.Weight).Aggregate((a, b) => a + b).backward();
        var heads = model.TrainedParameters.Where(p => p.Name.Contains("classifier.weight", StringComparison.Ordinal)).ToArray();
        Assert.Equal(encoder == DuetVisionEncoder.Deit ? 2 : 1, heads.Length);
        Assert.All(heads, h => Assert.True(h.Parameter.grad!.abs().max().item<float>() > 0, h.Name));

        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, [0, 9]);
        using var network = encoder == DuetVisionEncoder.Swin ? VisionEncoders.OpenSwin(file, head: true).Load()
            : (encoder == DuetVisionEncoder.Deit ? VisionEncoders.OpenDeit(file, head: true) : VisionEncoders.OpenVit(file, head: true)).Load();
        using var constants = no_grad();
        var logits = network.Logits(network.Tokens(rows.view(-1, 3, Side, Side)));            // [2, 5]
        Assert.Equal([8, 5], model.State["duet.fc_image.weight"].shape);
        Close(logits.mm(model.State["duet.fc_image.weight"].t()) + model.State["duet.fc_image.bias"], model.Forward(rows).PredictedAttributes!);
        using var stored = new DuetModel(used, problem with { Train = new([], []) }, state: model.State);
        Assert.Equal(model.Forward(rows).ClassScores.data<float>().ToArray(), stored.Forward(rows).ClassScores.data<float>().ToArray());
    }

    /// <summary>ViT was published with pixels of mean and deviation 0.5, stretched; DeiT with ImageNet's, cut out.</summary>
    [Fact]
    public void PixelsAreThoseThatTheWeightsWerePublishedWith()
    {
        PreprocessingOptions Of(DuetVisionEncoder encoder) => (options with { Vision = encoder }).Pictures()!.Preprocessing;
        Assert.Equal(new() { Height = Side, Width = Side, Mean = [0.5, 0.5, 0.5], StandardDeviation = [0.5, 0.5, 0.5] }, Of(DuetVisionEncoder.Vit));
        Assert.Equal([0.485, 0.456, 0.406], Of(DuetVisionEncoder.Deit).Mean);
        Assert.Equal(CropRule.Center, Of(DuetVisionEncoder.Deit).Crop);
        Assert.Equal(new() { Height = Side, Width = Side }, Of(DuetVisionEncoder.MobileNetV2));
    }

    /// <summary>Products of a vision transformer are rounded too: its scores move, by a few hundredths of their range at most.</summary>
    [Fact]
    public void Bf16ReachesTheVisionEncoder()
    {
        var used = options with { UseLanguage = false, ContrastWeight = 0, VisualFeature = DuetVisualFeature.Logits };
        var exact = Model(used, problem);
        using var rounded = new DuetModel(used, problem, Precision.Bf16, exact.State);
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, problem.Evaluation.Images.AsSpan(0, 8));
        using var vision = VisionEncoders.OpenDeit(options.VisionWeights!, head: true).Load();
        var pixels = rows.view(-1, 3, Side, Side);
        var before = vision.Tokens(pixels);
        vision.Precision = Precision.Bf16;
        var difference = (vision.Tokens(pixels) - before).abs().max().item<float>();
        Assert.InRange(difference, 1e-6, 0.1);
        using var constants = no_grad();
        var logits = vision.Logits(vision.Tokens(pixels)).to(bfloat16);
        var expected = logits.mm(exact.State["duet.fc_image.weight"].t().to(bfloat16)).to(float32) + exact.State["duet.fc_image.bias"];
        Close(expected, rounded.Forward(rows).PredictedAttributes!);
    }

    [Fact]
    public void AugmentationIsForTrainingOnly()
    {
        var plain = Model(options with { GroundingShare = 0 }, problem);
        var augmented = Model(options with { GroundingShare = 0, Augmentation = DuetAugmentation.FlipAndCrop }, problem);
        Assert.NotEqual(Losses(plain, problem)[0].Value.item<float>(), Losses(augmented, problem)[0].Value.item<float>());
        var rows = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, problem.Evaluation.Images);
        Assert.Equal(plain.Forward(rows).ClassScores.data<float>().ToArray(), augmented.Forward(rows).ClassScores.data<float>().ToArray());
    }

    [Fact]
    public void WhatCannotBeIsRefusedInWords()
    {
        string Message(DuetOptions wrong, ZslProblem? other = null) =>
            Assert.ThrowsAny<UnseenException>(() => new DuetModel(wrong, other ?? problem)).Message;
        Assert.Contains("options.vision is given without weights to begin with: give them with options.visionWeights (a safetensors file; for "
            + "MobileNetV2 also a folder of npy files).", Message(options with { VisionWeights = null }), StringComparison.Ordinal);
        Assert.Contains("DUET with options.vision reads pictures, but the dataset was opened with features. Open it with its pictures (without "
            + "--features), or set options.vision=features.", Message(options, TinyProblem.Create()), StringComparison.Ordinal);
        Assert.Contains("options.pictureSize is 64, but the pictures are prepared as 32x32.", Message(options with { PictureSize = 64 }), StringComparison.Ordinal);
        Assert.Contains("options.trainedVisionBlocks is 4, but the vision encoder has 3 blocks. Give fewer, or leave it out to train all of the encoder.",
            Message(options with { TrainedVisionBlocks = 4 }), StringComparison.Ordinal);
        Assert.Contains("does not hold the weights of a Swin", Message(options with { Vision = DuetVisionEncoder.Swin }), StringComparison.Ordinal);
        Assert.Contains("has a distillation token: it is a DeiT, whose pixels are normalised in another way than ViT's. Set options.vision=deit.",
            Message(options with { Vision = DuetVisionEncoder.Vit }), StringComparison.Ordinal);
        var vit = TinyWeights.Write(folder.File("vit.safetensors"), (TinyWeights.Deit with { Distilled = false, Classes = 0 }).Layout());
        Assert.Contains("has no distillation token: it is a ViT, whose pixels are normalised in another way than DeiT's. Set options.vision=vit.",
            Message(options with { VisionWeights = vit }), StringComparison.Ordinal);
        Assert.Contains("has no classification head, but options.visualFeature is logits. Give a file with one, such as facebook/deit-base-distilled-patch16-224, or "
            + "set options.visualFeature=token.",
            Message(options with { Vision = DuetVisionEncoder.Vit, VisionWeights = vit, VisualFeature = DuetVisualFeature.Logits }), StringComparison.Ordinal);
        Assert.Equal(["options.visualFeature is logits, but MobileNetV2 is read without its classification head. Set options.visualFeature=token."],
            (options with { Vision = DuetVisionEncoder.MobileNetV2, VisualFeature = DuetVisualFeature.Logits }).Validate());
        Assert.Equal(["options.visualFeature is logits, which are of the whole picture, but options.visualTokens wants regions. Set options.visualFeature=token, "
            + "or options.visualTokens=class."], (options with { VisualTokens = DuetVisualTokens.Regions, VisualFeature = DuetVisualFeature.Logits }).Validate());
        Assert.Equal(["options.pictureSize must be a multiple of 32, found 33.",
            "options.augmentation is given, but options.vision is features: no vision encoder is trained. Set options.vision, for example to mobilenet-v2."],
            new DuetOptions { PictureSize = 33, Augmentation = DuetAugmentation.FlipAndCrop }.Validate());
        var model = Model(options, problem);
        Assert.Equal("'features' must have shape [any, 3072], found [2, 12].", Assert.Throws<ShapeException>(() => model.Forward(zeros(2, 12))).Message);
    }

    private static DuetModel Model(DuetOptions options, ZslProblem problem)
    {
        manual_seed(5);
        return new DuetModel(options, problem);
    }

    private static IReadOnlyList<LossTerm> Losses(DuetModel model, ZslProblem problem)
    {
        manual_seed(9);
        int[] rows = [.. Enumerable.Range(0, 6).Select(i => i * 6)];
        var features = FeatureTensor.Read(problem.Features, model.FeatureKind, Array.ConvertAll(rows, r => problem.Train.Images[r]));
        return model.Losses(features, tensor(Array.ConvertAll(rows, r => (long)problem.Train.Labels[r])));
    }

    /// <summary>What the encoder makes of each picture alone.</summary>
    private MemoryFeatures Encoded()
    {
        using var encoder = VisionEncoders.OpenDeit(options.VisionWeights!).Load();
        using var constants = no_grad();
        return new([.. Enumerable.Range(0, 64).Select(image =>
        {
            var row = FeatureTensor.Read(problem.Features, FeatureKind.Pixels, [image]).view(1, 3, Side, Side);
            return encoder.Global(encoder.Tokens(row)).data<float>().ToArray();
        })], 1, [64]);
    }

    private int ParametersOf(DuetOptions options)
    {
        using var model = Model(options, problem);
        return model.State.Values.OfType<TorchSharp.Modules.Parameter>().Count();
    }

    private static void Close(Tensor expected, Tensor found) =>
        Assert.True((expected - found).abs().max().item<float>() < 1e-4, $"largest difference {(expected - found).abs().max().item<float>()}");

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private sealed class Immediate(Action<ProgressUpdate> report) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => report(value);
    }
}
