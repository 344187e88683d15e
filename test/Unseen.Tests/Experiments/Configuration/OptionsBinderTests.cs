using Unseen.Experiments.Configuration;
using Xunit;

namespace Unseen.Tests.Experiments.Configuration;

public sealed class OptionsBinderTests
{
    [Fact]
    public void Keys_of_every_kind_are_bound()
    {
        var options = Bind("""
            dataset: cub
            mode: testSelected
            epochs: 7
            dropout: 0.05
            learningRate: 3e-3
            budget: 5000000000
            shuffle: false
            gamma: -1.5
            note: "null"
            seeds: [3, 4]
            features:
              - a.safetensors
              - 'b'
            activation: tanh
            training: {batch: 8}
            second:
              patience: 1
            stages:
              - batch: 5
              - {batch: 6, patience: 2}
            options: {weight: 2, scale: 5}
            """);
        Assert.Equal("cub", options.Dataset);
        Assert.Equal(SampleMode.TestSelected, options.Mode);
        Assert.Equal((7, 0.05f, 3e-3, 5_000_000_000L), (options.Epochs, options.Dropout, options.LearningRate, options.Budget));
        Assert.False(options.Shuffle);
        Assert.Equal(-1.5, options.Gamma);
        Assert.Equal("null", options.Note);
        Assert.Equal([3, 4], options.Seeds);
        Assert.Equal(["a.safetensors", "b"], options.Features);
        Assert.Equal(new SampleInner { Batch = 8 }, options.Training);
        Assert.Equal(new SampleInner { Patience = 1 }, options.Second);
        Assert.Equal([new SampleInner { Batch = 5 }, new SampleInner { Batch = 6, Patience = 2 }], options.Stages);
        Assert.Equal(new SampleMethodA { Weight = 2, Scale = 5 }, options.Options);
    }

    [Theory]
    [InlineData("test-selected", "TestSelected")]
    [InlineData("TESTSELECTED", "TestSelected")]
    [InlineData("test_selected", "TestSelected")]
    [InlineData("bf16", "BF16")]
    public void Enumerations_ignore_case_and_dashes(string written, string expected) =>
        Assert.Equal(expected, Bind($"mode: {written}").Mode.ToString());

    [Fact]
    public void The_defaults_are_not_changed()
    {
        var defaults = new SampleOptions();
        var bound = OptionsBinder.Bind(ConfigDocument.Parse("training: {batch: 9}", "x.yaml"), defaults);
        Assert.Equal((9, 50), (bound.Training.Batch, defaults.Training.Batch));
    }

    [Fact]
    public void Empty_text_gives_the_defaults() => Assert.Equal(ConfigWriter.Write(new SampleOptions()), ConfigWriter.Write(Bind("")));

    [Fact]
    public void Null_is_for_nullable_keys_only()
    {
        Assert.Null(OptionsBinder.Bind(ConfigDocument.Parse("gamma: ~\nnote:", "x.yaml"),
            new SampleOptions { Gamma = 1, Note = "n" }).Gamma);
        Assert.Equal(["x.yaml:1: epochs must be an integer, found nothing."], Errors("epochs: null"));
    }

    [Fact]
    public void Assignments_overlay_the_file()
    {
        var document = ConfigDocument.Parse("epochs: 3\ntraining: {batch: 4}", "x.yaml");
        string[] assignments = ["epochs=5", "training.patience=2", "seeds=[7, 8]", "second.batch=6", "note=a: b"];
        foreach (var assignment in assignments) document.Set(assignment);
        var options = OptionsBinder.Bind<SampleOptions>(document);
        Assert.Equal(5, options.Epochs);
        Assert.Equal(new SampleInner { Batch = 4, Patience = 2 }, options.Training);
        Assert.Equal([7, 8], options.Seeds);
        Assert.Equal(6, options.Second?.Batch);
        Assert.Equal("a: b", options.Note);
    }

    [Fact]
    public void A_key_can_be_read_before_binding()
    {
        var document = ConfigDocument.Parse("mode: clean\ntraining: {batch: 4}", "x.yaml");
        Assert.Equal(("clean", "4", null), (document.Text("mode"), document.Text("training.batch"), document.Text("training.none")));
        Assert.True(document.Has("training"));
        Assert.False(document.Has("epochs"));
    }

    private static SampleOptions Bind(string yaml) => OptionsBinder.Bind<SampleOptions>(ConfigDocument.Parse(yaml, "x.yaml"));

    private static IReadOnlyList<string> Errors(string yaml) => Assert.Throws<ConfigurationException>(() => Bind(yaml)).Errors;
}
