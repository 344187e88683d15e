using Unseen.Experiments.Configuration;
using Xunit;

namespace Unseen.Tests.Experiments.Configuration;

/// <summary>What a user reads when a configuration is wrong, word for word.</summary>
public sealed class ConfigurationMessageTests
{
    [Fact]
    public void Every_problem_is_reported_at_once_with_its_line() => Assert.Equal(
        [
            "x.yaml:1: Unknown key 'epoch'. Did you mean 'epochs'? Known: dataset, mode, epochs, dropout, learningRate, budget, shuffle, " +
            "gamma, note, seeds, features, activation, training, second, stages, options.",
            "x.yaml:2: learningRate must be a finite number, found 'fast'.",
            "x.yaml:3: mode must be one of clean, test-selected, bf16, found 'dirty'.",
            "x.yaml:4: Key 'mode' appears twice, first in line 3.",
            "x.yaml:6: Unknown key of training 'batchSize'. Known: batch, patience.",
            "x.yaml:7: training.patience must be an integer, found a list.",
            "x.yaml:8: seeds must be a list such as [1, 2], found '1'.",
            "x.yaml:9: dropout must be greater than 0 and at most 0.1, found 0.2.",
            "x.yaml:10: shuffle must be true or false, found 'yes'.",
            "--set epochs=0: epochs must be at least 1, found 0.",
            "--set epochs: Expected key=value, for example training.epochs=5.",
        ],
        Errors("""
            epoch: 3
            learningRate: fast
            mode: dirty
            mode: clean
            training:
              batchSize: 3
              patience: [1]
            seeds: 1
            dropout: 0.2
            shuffle: yes
            """, "epochs=0", "epochs").OrderBy(e => e.StartsWith("--set epochs:", StringComparison.Ordinal)));

    [Theory]
    [InlineData("dataset:", "x.yaml:1: dataset is required.")]
    [InlineData("dataset: ''", "x.yaml:1: dataset is required.")]
    [InlineData("seeds: [3, 3]", "x.yaml: seeds must differ from each other.")]
    [InlineData("seeds: [3, 0]", "x.yaml:1: seeds[1] must be from 1 to 9, found 0.")]
    [InlineData("seeds: [3, x]", "x.yaml:1: seeds[1] must be an integer, found 'x'.")]
    [InlineData("features: [[a]]", "x.yaml:1: features[0] must be a text, found a list.")]
    [InlineData("activation: gelu", "x.yaml:1: activation must be one of 'relu', 'tanh', found 'gelu'.")]
    [InlineData("epochs: 1e3", "x.yaml:1: epochs must be an integer, found '1e3'.")]
    [InlineData("epochs: 99999999999", "x.yaml:1: epochs must be an integer, found '99999999999'.")]
    [InlineData("dropout: 1e99", "x.yaml:1: dropout must be a finite number, found '1e99'.")]
    [InlineData("learningRate: .nan", "x.yaml:1: learningRate must be a finite number, found '.nan'.")]
    [InlineData("mode: 1", "x.yaml:1: mode must be one of clean, test-selected, bf16, found '1'.")]
    [InlineData("training: 5", "x.yaml:1: training must be a mapping of keys, found '5'.")]
    [InlineData("\ntraining: {batch: 2}", "x.yaml:2: training: patience must not exceed batch (2), found 3.")]
    [InlineData("options: {weight: -1}", "x.yaml:1: options.weight must be at least 0, found -1.")]
    [InlineData("options: {wieght: 1}", "x.yaml:1: Unknown key of options 'wieght'. Did you mean 'weight'? Known: scale, weight.")]
    [InlineData("[1, 2]", "x.yaml:1: The file must hold 'key: value' lines, found a list.")]
    [InlineData("[a]: 1", "x.yaml:1: A key must be a name, found a list.")]
    [InlineData("a: &x 1", "x.yaml:1: Anchors (&name) are not allowed.")]
    [InlineData("note: !!str a", "x.yaml:1: Tags (!name) are not allowed.")]
    [InlineData("epochs: 1\n---\nepochs: 2", "x.yaml:2: Only one YAML document is allowed in a file.")]
    public void A_problem_names_place_expectation_and_finding(string yaml, string message) => Assert.Equal(message, Errors(yaml)[0]);

    [Fact]
    public void Aliases_are_refused() =>
        Assert.Contains("x.yaml:2: Aliases (*name) are not allowed; write the value out.", Errors("dataset: &a b\nnote: *a"));

    [Fact]
    public void Broken_YAML_names_the_line() =>
        Assert.StartsWith("x.yaml:2: This is not valid YAML: ", Errors("epochs: 1\nseeds: [1, 2")[0]);

    [Fact]
    public void Text_that_breaks_the_YAML_scanner_itself_is_a_configuration_error() => Assert.Equal(
        "x.yaml:1: This is not valid YAML: unexpected characters after this place.", Errors("note: [a{b\nc: 1")[0]);

    [Fact]
    public void Depth_is_limited() => Assert.Equal(
        "x.yaml:1: This is not valid YAML: values are nested more than 32 deep.",
        Errors("note: " + new string('[', 5000))[0]);

    [Fact]
    public void Size_is_limited() => Assert.Equal(
        "x.yaml:1: The text has 1048577 characters; at most 1048576 are allowed.", Errors(new string('#', (1 << 20) + 1))[0]);

    [Fact]
    public void A_missing_file_is_a_configuration_error() => Assert.StartsWith(
        "no-such-file.yaml: Cannot read the configuration: ",
        Assert.Throws<ConfigurationException>(() => ConfigDocument.Load("no-such-file.yaml")).Errors[0]);

    [Theory]
    [InlineData("=3", "--set =3: Expected key=value, for example training.epochs=5.")]
    [InlineData("a..b=3", "--set a..b=3: 'a..b' is not a key path such as training.epochs.")]
    [InlineData("seeds=[1", "--set seeds=[1: This is not valid YAML: ")]
    [InlineData("epochs.x=1", "--set epochs.x=1: epochs must be an integer, found a mapping of keys.")]
    public void Assignments_are_checked(string assignment, string message) => Assert.StartsWith(message, Errors("", assignment)[0]);

    [Fact]
    public void Options_made_in_code_are_checked_by_the_same_rules() => Assert.Equal(
        ["epochs must be at least 1, found 0.", "training: patience must not exceed batch (1), found 3."],
        Assert.Throws<ConfigurationException>(() =>
            OptionsValidator.Require(new SampleOptions { Epochs = 0, Training = new() { Batch = 1 } })).Errors);

    [Fact]
    public void A_bound_of_a_float_is_rounded_like_the_float() => OptionsValidator.Require(new SampleOptions { Dropout = 0.1f });

    private static IReadOnlyList<string> Errors(string yaml, params string[] assignments)
    {
        var document = ConfigDocument.Parse(yaml, "x.yaml");
        foreach (var assignment in assignments) document.Set(assignment);
        return Assert.Throws<ConfigurationException>(() => OptionsBinder.Bind<SampleOptions>(document)).Errors;
    }
}
