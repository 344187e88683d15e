using Unseen.Experiments.Configuration;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ConfigPrintTests
{
    [Fact]
    public void What_is_printed_is_a_configuration_that_prints_the_same()
    {
        using var folder = new TemporaryFolder();
        var printed = CliRun.Of("config", "print", "--method", "cvsc", "--set", "training.epochs=5");
        Assert.Equal((0, ""), (printed.ExitCode, printed.Error));
        Assert.Contains("\n  epochs: 5\n", printed.Output, StringComparison.Ordinal);
        Assert.Contains("# Weight of the cross-entropy over all classes.", printed.Output, StringComparison.Ordinal);
        File.WriteAllText(folder["a.yaml"], printed.Output);
        Assert.Equal(printed.Output, CliRun.Of("config", "print", "--config", folder["a.yaml"]).Output);
    }

    [Fact]
    public void Options_win_over_set_and_set_over_the_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a.yaml"], "method: eszsl\nprecision: bf16\nsemantics: text");
        var run = CliRun.Of("config", "print", "--config", folder["a.yaml"], "--set", "method=sae", "--set", "precision=f32", "--method",
            "ridge", "--no-comments");
        var config = ExperimentConfigLoader.Load(ConfigDocument.Parse(run.Output, "printed"));
        Assert.Equal(("ridge", Precision.F32, "text"), (config.Method, config.Precision, config.Semantics));
        Assert.DoesNotContain("#", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_printed()
    {
        var run = CliRun.Of("config", "print", "--method", "cvcs", "--set", "seeds=x", "--set", "folds");
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal(3, run.Error.Trim().Split('\n').Length);
        Assert.StartsWith("--set folds: Expected key=value", run.Error, StringComparison.Ordinal);
    }
}
