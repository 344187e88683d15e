using Unseen.Classification;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Experiments;
using Unseen.Experiments.Configuration;
using Unseen.Experiments.Reproduction;
using Unseen.Models.Duet;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Models.Encoders;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>Runs that train a vision encoder along: from pictures to a model that classifies pictures.</summary>
public sealed class EndToEndRunTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly MiniRun mini = new();
    private readonly DuetOptions options;

    public EndToEndRunTests() => options = new()
    {
        TextWidth = 16,
        TextHeads = 2,
        Vision = DuetVisionEncoder.Deit,
        VisionWeights = TinyWeights.Write(folder.File("deit.safetensors"), TinyWeights.Deit.Layout()),
        VisionPreTraining = "nothing",
        TrainedVisionBlocks = 2,
        PictureSize = 32,
    };

    [Fact]
    public void AModelThatReadsPicturesIsAModelLikeAnyOther()
    {
        using var dataset = Open();
        var result = Experiment.Run(options, dataset, mini.Options(epochs: 2));
        var features = Assert.Single(result.Report.Features);
        Assert.Equal(("pictures 32x32", "nothing"), (features.Name, features.PreTraining));
        var loaded = (TinyWeights.Deit with { Classes = 0 }).Layout().Weights.Count;
        Assert.Contains($" weights {options.VisionWeights}: loaded {loaded}, missing 0, unexpected 0, shape mismatch 0, unused 4; unused: cls_classifier.bias, "
            + "cls_classifier.weight, distillation_classifier.bias, distillation_classifier.weight\n",
            File.ReadAllText(Path.Combine(Path.GetDirectoryName(result.ModelDirectory)!, "log.txt")), StringComparison.Ordinal);
        var hash = Unseen.Features.OnnxBackbone.Sha256Of(options.VisionWeights!);
        Assert.Equal($"DeiT, last 2 blocks trained along, initial weights SHA-256 {hash}", features.Backbone);
        File.Delete(options.VisionWeights!);

        var record = ModelFolder.ReadRecord(result.ModelDirectory);
        Assert.Empty(record.Backbones);
        Assert.Equal(options.Pictures()!.Preprocessing, record.Pictures!.Preprocessing);
        using var again = Rescoring.OpenDataset(record, mini.DatasetPath, []);
        var rescored = Rescoring.Run(result.ModelDirectory, again, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(result.Report.Metrics, rescored.Metrics);
        Assert.Equal(result.Report.Features, rescored.Features);

        using var classifier = ZeroShotClassifier.Load(result.ModelDirectory);
        int[] images = [.. dataset.TestProblem().Evaluation.Images.Take(3)];
        var files = Array.ConvertAll(images, i => dataset.Folder.ImagePath(dataset.Folder.Images[i]));
        using var model = ModelFolder.Load(result.ModelDirectory, record);
        var scores = Scoring.Score(model, dataset.TestProblem(), dataset.Label(images), cancellation: TestContext.Current.CancellationToken).Scores;
        foreach (var (i, found) in classifier.ClassifyFiles(files, cancellation: TestContext.Current.CancellationToken).Index())
            Assert.Equal(scores[i * 12], found.Image!.Of("seen-00").Score, 1e-4f);
        var explanation = classifier.Explain(files[0]);
        Assert.Equal(6, explanation.Evidence.Count);
        Assert.NotNull(explanation.Prompts);
        classifier.AddClass("another", new() { [record.Attributes[0].Name] = 1 });
        Assert.Equal(13, classifier.Classify(files[0]).Top(99).Count);
    }

    /// <summary>Weights that do not fit are refused before anything is written.</summary>
    [Fact]
    public void WrongWeightsLeaveNoRunFolder()
    {
        using var dataset = Open();
        var run = mini.Options(epochs: 1);
        var lacking = folder.File("lacking.safetensors");
        var swin = TinyWeights.Write(folder.File("swin.safetensors"), TinyWeights.Swin.Layout());
        using (var file = SafetensorsFile.Open(options.VisionWeights!))
            Safetensors.Write(lacking, file.Entries.Values.Where(e => e.Name != "deit.layernorm.weight")
                .Select(e => SafetensorsTensor.Of(e.Name, file.Elements<float>(e.Name, 0, (int)e.Elements).ToArray(), [.. e.Shape])));
        string Refused(DuetOptions wrong)
        {
            var message = Assert.ThrowsAny<UnseenException>(() => Experiment.Run(wrong, dataset, run)).Message;
            Assert.False(Directory.Exists(run.Output) && Directory.EnumerateFileSystemEntries(run.Output).Any(), message);
            return message;
        }
        Assert.Contains("missing: deit.layernorm.weight", Refused(options with { VisionWeights = lacking }), StringComparison.Ordinal);
        Assert.Contains($"{swin} does not hold the weights of a DeiT", Refused(options with { VisionWeights = swin }), StringComparison.Ordinal);
        Assert.Contains("options.vision is given without weights to begin with", Refused(options with { VisionWeights = null }), StringComparison.Ordinal);
        Assert.Contains("options.textEncoder is bert: give its files", Refused(options with { TextEncoder = DuetTextEncoder.Bert }), StringComparison.Ordinal);
        var vocabulary = folder.File("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]");
        Assert.Contains("does not hold the weights of a BERT", Refused(options with { TextWeights = swin, TextVocabulary = vocabulary }), StringComparison.Ordinal);
    }

    [Fact]
    public void AFinishedConfigurationRunsAgain()
    {
        using var dataset = Open();
        var run = mini.Options(epochs: 1);
        Experiment.Run(options, dataset, run);
        var config = ExperimentConfigLoader.Load(ConfigDocument.Load(Path.Combine(run.Output, "config.yaml")));
        using var reopened = config.OpenDataset();
        Assert.Empty(config.Features);
        Assert.Equal(dataset.Source.Pictures, reopened.Source.Pictures);
        Assert.Empty(OptionsDifference.Find(config.Options, options));
    }

    [Fact]
    public void MethodAndDatasetMustFit()
    {
        using var pictures = Open();
        using var features = mini.Open();
        foreach (var method in MethodCatalog.All)
            Assert.Contains("This method reads features, but the dataset was opened with its pictures.",
                Assert.Throws<ConfigurationException>(() => Experiment.Run(method.Presets[0], pictures, mini.Options())).Message, StringComparison.Ordinal);
        Assert.Contains("These options read pictures themselves (DeiT, last 2 blocks trained along): open the dataset with "
            + "ZslDataset.OpenPictures(path, options.Pictures()!.Preprocessing).",
            Assert.Throws<ConfigurationException>(() => Experiment.Run(options, features, mini.Options())).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => pictures.Features);
    }

    [Fact]
    public void AConfigurationSaysWhetherItNeedsFeatures()
    {
        ConfigurationException Refused(ExperimentConfig config) => Assert.Throws<ConfigurationException>(() => config.OpenDataset().Dispose());
        var config = new ExperimentConfig { Dataset = mini.DatasetPath, Method = "duet", Options = options };
        config.OpenDataset().Dispose();
        Assert.Contains("Method 'duet' with options.vision trains its vision encoder (DeiT, last 2 blocks trained along) on the pictures, so features, "
            + "grid and featureWeights have no meaning. Leave out --features, or set options.vision=features.",
            Refused(config with { Features = [mini.StorePath] }).Message, StringComparison.Ordinal);
        foreach (var method in MethodCatalog.All)
            Assert.Contains("No feature store given: name at least one with --features (unseen extract makes it). Only DUET does without: it trains a "
                + "vision encoder along with --set options.vision=mobilenet-v2 --set options.visionWeights=FILE.",
                Refused(config with { Method = method.Id, Options = method.Presets[0].Options }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AReproductionNeedsNoFeaturesEither()
    {
        var experiment = ExperimentCatalog.Find(folder.File("mine.yaml", "title: t\nmethod: duet\npreset: duet-cub\ndataset: cub\nfeatures: f\nsource: s\n"
            + "protocol: clean\npublished: {h: 1}\nablation:\n- name: vision only\n  published: {h: 1}\n  options: {useLanguage: false}\n"));
        var without = new ReproductionOptions { Dataset = mini.DatasetPath, Output = folder.File("out"), Seeds = [1], Ablation = true };
        Assert.Contains("No feature store given: name at least one with --features",
            Assert.Throws<ConfigurationException>(() => Reproducer.Run(experiment, without)).Message, StringComparison.Ordinal);
        var report = Reproducer.Run(experiment, without with
        {
            Settings = ["options.vision=deit", $"options.visionWeights={options.VisionWeights}", "options.visionPreTraining=nothing", "options.trainedVisionBlocks=1",
                "options.pictureSize=32", "options.textWidth=16", "options.textHeads=2", "training.epochs=1"],
        });
        Assert.Equal(["pictures 32x32, backbone DeiT, last block trained along"], report.Features.Select(f => string.Join(", ", f.Split(", ").Take(3))));
        Assert.Equal(["run", "ablation-1-vision-only"], [report.Result.Run, report.Ablation[0].Run]);
    }

    [Fact]
    public void AModelThatReadsPicturesTakesNoFeatures()
    {
        using var dataset = Open();
        var model = Experiment.Run(options, dataset, mini.Options(epochs: 1)).ModelDirectory;
        var error = Assert.Throws<CheckpointMismatchException>(() => Rescoring.OpenDataset(ModelFolder.ReadRecord(model), mini.DatasetPath, [mini.StorePath]));
        Assert.Equal("The model has its own vision encoder (DeiT, last 2 blocks trained along) and reads pictures. Leave out --features.", error.Message);
        var file = Path.Combine(model, "model.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"encoder\": \"DeiT", "\"encoder\": null, \"was\": \"", StringComparison.Ordinal));
        Assert.Throws<DatasetFormatException>(() => ModelFolder.ReadRecord(model));
    }

    private ZslDataset Open() => ZslDataset.OpenPictures(mini.DatasetPath, options.Pictures()!.Preprocessing);

    public void Dispose()
    {
        folder.Dispose();
        mini.Dispose();
    }
}
