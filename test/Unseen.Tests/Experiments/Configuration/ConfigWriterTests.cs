using CsCheck;
using Unseen.Experiments.Configuration;
using Xunit;

namespace Unseen.Tests.Experiments.Configuration;

public sealed class ConfigWriterTests
{
    private static readonly Gen<SampleInner> Inner =
        Gen.Select(Gen.Int[3, 4096], Gen.Int[0, 3], (batch, patience) => new SampleInner { Batch = batch, Patience = patience });

    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String, Gen.OneOf("", "null", "~", "true", "...", "---", "- a", "a: b", "#x", " x ", "1e3", "é😀", "a\nb\r\n"));

    private static readonly Gen<string> Pieces = Gen.OneOf(
        Gen.OneOf("&a ", "*a", "- ", "? ", ": ", "\t", "[", "{", "\"", "|", ">", "!!x ", "%", "---", "\0", "\n"), Gen.String);

    private static readonly Gen<SampleOptions> Options = Gen.Select(
        Gen.Select(Gen.Enum<SampleMode>(), Gen.Int[1, int.MaxValue], Gen.Float[1e-6f, 0.1f], Gen.Double.Where(double.IsFinite)),
        Gen.Select(Gen.Long, Gen.Bool, Gen.Nullable(Gen.Double.Where(double.IsFinite)), Text.Where(IsUnicode)),
        Gen.Select(Gen.Int[1, 9].HashSet[0, 4], Text.Where(IsUnicode).Array[0, 3], Inner.Array[0, 3], Inner),
        (a, b, c) => new SampleOptions
        {
            Mode = a.Item1,
            Epochs = a.Item2,
            Dropout = a.Item3,
            LearningRate = a.Item4,
            Budget = b.Item1,
            Shuffle = b.Item2,
            Gamma = b.Item3,
            Note = b.Item4,
            Seeds = [.. c.Item1],
            Features = c.Item2,
            Stages = c.Item3,
            Training = c.Item4,
            Second = c.Item4,
            Options = new SampleMethodA { Weight = a.Item3 },
        });

    private static readonly SampleOptions Written = new() { Features = ["a b", "c.safetensors"], Stages = [new() { Batch = 5 }] };

    [Fact]
    public void What_is_written_is_read_back_equal() => Options.Sample(options =>
    {
        var read = OptionsBinder.Bind<SampleOptions>(ConfigDocument.Parse(ConfigWriter.Write(options), "x.yaml"));
        Assert.Equal(options.Seeds, read.Seeds);
        Assert.Equal(options.Features, read.Features);
        Assert.Equal(options.Stages, read.Stages);
        var lists = new SampleOptions();
        SampleOptions WithoutLists(SampleOptions o) => o with { Seeds = lists.Seeds, Features = lists.Features, Stages = lists.Stages };
        Assert.Equal(WithoutLists(options), WithoutLists(read));
    }, iter: 2000);

    [Fact]
    public void The_text_is_pinned() => Assert.Equal("""
        dataset: birds
        mode: test-selected
        epochs: 20
        dropout: 0.1
        learningRate: 0.0001
        budget: 1099511627776
        shuffle: true
        gamma: null
        note: null
        seeds: [1, 2]
        features: ["a b", c.safetensors]
        activation: relu
        training:
          batch: 50
          patience: 3
        second: null
        stages:
          - batch: 5
            patience: 3
        options:
          scale: 20
          weight: 1

        """, ConfigWriter.Write(Written, comments: false));

    [Fact]
    public void Comments_give_limits()
    {
        var text = ConfigWriter.Write(new SampleOptions());
        Assert.Contains("# (one of clean, test-selected, bf16)\nmode: test-selected\n", text, StringComparison.Ordinal);
        Assert.Contains("(from 1 to 4096)\n  batch: 50\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_name_key_stored_and_asked_value() => Assert.Equal(
        ["seeds: stored [1, 2], asked [1]", "training.batch: stored 50, asked 8", "second.batch: stored nothing, asked 50",
            "second.patience: stored nothing, asked 3"],
        OptionsDifference.Find(new SampleOptions(), new SampleOptions { Seeds = [1], Training = new() { Batch = 8 }, Second = new() })
            .Where(d => !d.StartsWith("second:", StringComparison.Ordinal)));

    [Fact]
    public void Equal_options_do_not_differ() => Assert.Empty(OptionsDifference.Find(new SampleOptions(), new SampleOptions()));

    [Fact]
    public void Mutated_text_gives_options_or_a_configuration_error()
    {
        var mutation = Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 6], Pieces);
        Gen.Select(Options, mutation.Array[1, 5], (options, mutations) => mutations.Aggregate(ConfigWriter.Write(options), Mutate))
            .Sample(yaml =>
        {
            try
            {
                OptionsBinder.Bind<SampleOptions>(ConfigDocument.Parse(yaml, "x.yaml"));
            }
            catch (ConfigurationException e)
            {
                Assert.NotEmpty(e.Errors);
            }
        }, iter: 3000);
    }

    private static string Mutate(string text, (int At, int Removed, string Inserted) mutation)
    {
        var at = mutation.At % (text.Length + 1);
        return text.Remove(at, Math.Min(mutation.Removed, text.Length - at)).Insert(at, mutation.Inserted);
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) return false;
        }
        return true;
    }
}
