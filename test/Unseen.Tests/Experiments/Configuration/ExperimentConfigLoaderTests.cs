using Unseen.Experiments;
using Unseen.Experiments.Configuration;
using Unseen.Models.Cvsc;
using Xunit;

namespace Unseen.Tests.Experiments.Configuration;

public sealed class ExperimentConfigLoaderTests
{
    public static TheoryData<string, string> Presets => [.. MethodCatalog.All.SelectMany(m => m.Presets.Select(p => (m.Id, p.Name)))];

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_preset_is_written_and_read_back_equal(string method, string preset)
    {
        var config = Load($"method: {method}\npreset: {preset}");
        Assert.Equal(MethodCatalog.Find(method).Preset(preset).Options, config.Options);
        Assert.Empty(OptionsDifference.Find(config, Load(ConfigWriter.Write(config))));
    }

    [Fact]
    public void The_recipe_of_the_method_fills_the_training_settings()
    {
        var recipe = MethodCatalog.Find("cvsc").Recipe!;
        var config = Load("method: cvsc\ntraining: {epochs: 3}");
        Assert.Equal((3, recipe.BatchSize, recipe.LearningRate),
            (config.Training.Epochs, config.Training.BatchSize, config.Training.LearningRate));
        Assert.Equal(config.Training.Over(recipe), new Unseen.Training.TrainingOptions { Epochs = 3 }.Over(recipe));
    }

    [Fact]
    public void Options_change_the_preset()
    {
        var config = Load("method: cvsc\npreset: cvsc-code\noptions: {cclWeight: 0.25}");
        Assert.Equal(((CvscOptions)MethodCatalog.Find("cvsc").Preset("cvsc-code").Options) with { CclWeight = 0.25 }, config.Options);
    }

    [Fact]
    public void All_problems_are_reported_with_those_of_method_and_preset() => Assert.Equal(
        [
            "x.yaml:1: " + NearestName.Unknown("preset of method 'cvsc'", "cvsc-cod",
                MethodCatalog.Find("cvsc").Presets.Select(p => p.Name)),
            "x.yaml:2: protocol must be one of clean, published, found 'dirty'.",
            "x.yaml:3: Unknown key of options 'cclWieght'. Did you mean 'cclWeight'? Known: ",
            "x.yaml: dataset is required.",
        ],
        Errors("preset: cvsc-cod\nprotocol: dirty\noptions: {cclWieght: 1}", "dataset")
            .Select(e => e[..Math.Min(e.Length, e.Contains("cclWieght") ? 79 : 999)]));

    [Fact]
    public void An_unknown_method_is_reported_once() => Assert.Equal(
        [NearestNameLine("csvc"), "x.yaml:3: seeds must be a list such as [1, 2], found 'x'."],
        Errors("method: csvc\noptions: {any: 1}\nseeds: x"));

    [Fact]
    public void Training_settings_of_a_closed_form_are_refused() => Assert.Equal(
        [
            "x.yaml:2: training.epochs has no effect: method 'ridge' solves a closed form, without epochs, batches or a learning rate. " +
            "Remove it.",
        ],
        Errors("method: ridge\ntraining: {epochs: 3, batchSize: null}"));

    [Fact]
    public void At_least_one_seed_is_needed() => Assert.Equal(["x.yaml:1: seeds must name at least one seed."], Errors("seeds: []"));

    private static string NearestNameLine(string name) =>
        "x.yaml:1: " + NearestName.Unknown("method", name, MethodCatalog.All.Select(m => m.Id));

    private static ExperimentConfig Load(string yaml) => ExperimentConfigLoader.Load(ConfigDocument.Parse(yaml, "x.yaml"));

    private static IReadOnlyList<string> Errors(string yaml, params string[] required) =>
        Assert.Throws<ConfigurationException>(() => ExperimentConfigLoader.Load(ConfigDocument.Parse(yaml, "x.yaml"), required)).Errors;
}
