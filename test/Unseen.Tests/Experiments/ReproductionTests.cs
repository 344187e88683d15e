using Unseen.Evaluation;
using Unseen.Experiments;
using Unseen.Experiments.Reproduction;
using Unseen.Features;
using Unseen.Reports;
using Unseen.Tests.Data;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Experiments;

/// <summary>Experiments run on the tiny dataset.</summary>
public sealed class ReproductionTests(MiniRun mini) : IClassFixture<MiniRun>, IDisposable
{
    private const string Quick = "options: {lambdaExponents: [-1, 1], featureNormalisations: [l2], attributeNormalisations: [l2]}\n";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Our_figures_stand_beside_the_published_ones()
    {
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + Quick), Options() with { Seeds = [1, 2] });
        Assert.Equal([1, 2], report.Seeds);
        Assert.Equal(66.1, report.Result.Published.U);
        Assert.True(report.Result.Ours!.H!.Mean > 0);
        Assert.Null(report.Result.Calibrated);
        Assert.Equal(["the dataset Mini is not the published CUB (9 seen classes, published 150; 3 unseen classes, published 50; 6 " +
            "attributes, published 312; 63 trainval images, published 7057; 9 test_seen images, published 1764; 24 test_unseen images, " +
            "published 2967), so the numbers do not compare", OtherFeatures], report.Departures);
        var text = report.ToString().Split('\n');
        Assert.Equal("mine: A title; ours on Mini, clean protocol, 2 seeds (1, 2)", text[0]);
        Assert.Matches(@"^percent +T1 +U +S +H +AUSUC$", text[2]);
        Assert.Matches(@"^published +- +66\.1 +66\.7 +66\.4 +-$", text[3]);
        Assert.Matches(@"^ours +\d+\.\d ± \d+\.\d( +\d+\.\d ± \d+\.\d){4}$", text[4]);
        Assert.Matches(@"^ours - published +-( +[+-]\d+\.\d){3} +-$", text[5]);
        Assert.Contains("published: A paper, table 2, row 1", text);
        Assert.Contains("note: A note.", text);
    }

    [Fact]
    public void A_setting_cannot_say_what_an_option_says()
    {
        var options = Options() with { Settings = ["dataset=elsewhere", "training.epochs=1", "seeds=[7]"] };
        Assert.Equal(["The setting dataset=elsewhere contradicts --dataset, which decides. Leave it out.", "The setting seeds=[7] contradicts --seeds, which decides. Leave it out."],
            Assert.Throws<ConfigurationException>(() => Reproducer.Run(Find("mine", Head("ridge", "default") + Quick), options)).Errors);
    }

    [Fact]
    public void What_is_published_in_words_is_printed_in_words()
    {
        var head = Head("ridge", "default").Replace("published: {", "published: {relative: above DGP, ", StringComparison.Ordinal);
        Assert.Contains("published: above DGP; A paper, table 2, row 1", Reproducer.Run(Find("mine", head + Quick), Options()).ToString().Split('\n'));
    }

    [Fact]
    public void Rows_with_nothing_published_show_all_of_ours()
    {
        var rows = "ablation:\n- name: mine\n  published: {relative: none}\n  options: {}\n- name: not run\n  published: {relative: none}\n";
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + Quick + rows), Options() with { Ablation = true });
        var text = report.ToString().Split('\n');
        var at = Array.IndexOf(text, "ablation");
        Assert.Matches(@"^percent +T1 +U +S +H +AUSUC$", text[at + 1]);
        Assert.Equal(Cells(text[4])[1..], Cells(text[at + 2])[1..]);
        Assert.Matches("^not run +not run", text[at + 3]);

        static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void The_difference_is_ours_less_theirs()
    {
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + Quick), Options());
        var difference = report.ToString().Split('\n')[5].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var expected = (report.Result.Ours!.U!.Mean * 100 - 66.1).ToString("+0.0;-0.0;0.0", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(expected, difference[4]);
    }

    [Fact]
    public void It_is_the_run_that_train_would_do()
    {
        var options = Options();
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + Quick), options);
        using var dataset = mini.Open();
        var alone = Experiment.Run(MiniRun.Quick, dataset, new RunOptions { Output = mini.NewFolder() }).Report;
        Assert.Equal(alone.Metrics, ZslReport.Read(Path.Combine(options.Output, "run", "report.json")).Metrics);
        Assert.Equal((alone.Metrics.T1, alone.Metrics.H), (report.Result.Ours!.T1, report.Result.Ours.H));
    }

    [Fact]
    public void Uncalibrated_publications_meet_our_figures_at_gamma_0()
    {
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + "calibration: none\n" + Quick), Options());
        var stored = ZslReport.Read(Path.Combine(folder.File("out"), "run", "report.json"));
        Assert.Equal(stored.Calibrations!.Zero.H, report.Result.Ours!.H);
        Assert.Equal(stored.Metrics.H, report.Result.Calibrated!.H);
        Assert.Contains("ours, gamma chosen", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Uncalibrated_tables_and_curves_have_our_figures_at_both_gammas()
    {
        var rows = "ablation:\n- {name: full, published: {h: 50}, options: {}}\n- {name: theirs, published: {h: 40}}\n" +
            "curves:\n- {name: weight, source: figure 5, option: tciWeight, values: [0, 1]}\n";
        var experiment = Find("mine", Head("cvsc", "cvsc-paper") + "calibration: none\ntraining: {epochs: 2, batchSize: 9}\noptions: {tciWeight: 1}\n" + rows);
        var report = Reproducer.Run(experiment, Options() with { Ablation = true, Curves = true, Protocol = EvaluationProtocol.Clean });
        var stored = ZslReport.Read(Path.Combine(folder.File("out"), report.Curves[0].Points[0].Run, "report.json"));
        Assert.Equal((stored.Calibrations!.Zero.H, stored.Metrics.H), (report.Curves[0].Points[0].Ours.H, report.Curves[0].Points[0].Calibrated!.H));
        var lines = report.ToString().Split('\n');
        var at = Array.IndexOf(lines, "ablation, ours at gamma 0 like them");
        Assert.Matches("^percent +H published +H ours +T1 +U +S +AUSUC +U, gamma chosen +S, gamma chosen +H, gamma chosen$", lines[at + 1]);
        Assert.EndsWith(Percent(report.Result.Calibrated!.H), lines[at + 2], StringComparison.Ordinal);
        Assert.Matches("^theirs +40.0( +not run){8}$", lines[at + 3]);
        var curve = Array.FindIndex(lines, line => line.StartsWith("curve: weight", StringComparison.Ordinal));
        Assert.Matches("^tciWeight +T1 +U +S +H +AUSUC +U, gamma chosen +S, gamma chosen +H, gamma chosen$", lines[curve + 1]);
        Assert.EndsWith(Percent(stored.Metrics.H), lines[curve + 2], StringComparison.Ordinal);
        Assert.Contains("H, gamma chosen", File.ReadAllText(Path.Combine(folder.File("out"), report.Curves[0].Picture)), StringComparison.Ordinal);

        static string Percent(MeanStd? value) => (value!.Mean * 100).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Ablation_rows_run_what_they_name()
    {
        var experiment = Find("mine", Head("cvsc", "cvsc-paper") + "training: {epochs: 2, batchSize: 9}\noptions: {tciWeight: 1}\n" +
            "ablation:\n- name: no CCL\n  published: {h: 50}\n  options: {cclWeight: 0}\n- name: as printed\n  published: {h: 40}\n" +
            "- name: full\n  source: table 9\n  published: {h: 60}\n  options: {}\n- name: code\n  published: {t1: 1}\n  preset: cvsc-code\n");
        var options = Options() with { Ablation = true };
        var report = Reproducer.Run(experiment, options);
        Assert.Equal(["ablation-1-no-ccl", null, "run", "ablation-4-code"], report.Ablation.Select(r => r.Run));
        Assert.Equal(report.Result.Ours, report.Ablation[2].Ours);
        Assert.Equal("table 9", report.Ablation[2].Source);
        Assert.Contains("cclWeight: 0\n", Config("ablation-1-no-ccl"), StringComparison.Ordinal);
        Assert.Contains("tciWeight: 1\n", Config("ablation-1-no-ccl"), StringComparison.Ordinal);
        Assert.Contains("epochs: 2\n", Config("ablation-4-code"), StringComparison.Ordinal);
        Assert.Contains("tciWeight: 1\n", Config("run"), StringComparison.Ordinal);
        Assert.Matches(@"as printed +- +not run +40\.0 +not run", report.ToString());
        Assert.Equal(report.ToString(), File.ReadAllText(Path.Combine(options.Output, "reproduction.txt")));
        var resumed = Reproducer.Run(experiment, options with { Resume = true, Progress = new NoTraining() });
        Assert.Equal(report.ToJson(), resumed.ToJson());
    }

    [Fact]
    public void Curves_run_every_value_of_their_option()
    {
        var experiment = Find("mine", Head("cvsc", "cvsc-paper") + "training: {epochs: 2, batchSize: 9}\noptions: {tciWeight: 1}\n" +
            "curves:\n- name: Weight of TCI\n  source: figure 5(a)\n  option: tciWeight\n  values: [0, 0.5, 1]\n  finding: rises to 1\n");
        Assert.Empty(Reproducer.Run(experiment, Options() with { Output = folder.File("plain") }).Curves);
        var options = Options() with { Curves = true };
        var report = Reproducer.Run(experiment, options);
        var curve = Assert.Single(report.Curves);
        Assert.Equal([0, 0.5, 1], curve.Points.Select(p => p.Value));
        Assert.Equal(["curve-1-weight-of-tci-0", "curve-1-weight-of-tci-0.5", "run"], curve.Points.Select(p => p.Run));
        Assert.Equal(report.Result.Ours, curve.Points[2].Ours);
        Assert.Contains("tciWeight: 0.5\n", Config("curve-1-weight-of-tci-0.5"), StringComparison.Ordinal);
        var lines = report.ToString().Split('\n');
        var at = Array.IndexOf(lines, "curve: Weight of TCI (figure 5(a); curve-1-weight-of-tci.svg)");
        Assert.Matches(@"^tciWeight +T1 +U +S +H +AUSUC$", lines[at + 1]);
        Assert.Matches(@"^0\.5( +\d+\.\d){5}$", lines[at + 3]);
        Assert.Equal("the paper: rises to 1", lines[at + 5]);
        var svg = System.Xml.Linq.XDocument.Load(Path.Combine(options.Output, curve.Picture));
        Assert.Equal(8, svg.Descendants().Count(e => (e.Attribute("class")?.Value ?? "").StartsWith("line ", StringComparison.Ordinal)));    // 4 lines, 4 keys
        Assert.Equal(report.ToJson(), Reproducer.Run(experiment, options with { Resume = true, Progress = new NoTraining() }).ToJson());
    }

    [Fact]
    public void Mistakes_of_curves_are_found_before_anything_runs()
    {
        const string Curve = "curves:\n- name: c\n  source: figure 1\n  option: OPTION\n  values: VALUES\n";
        string Refused(string option, string values, string? setting = null) => string.Join('\n', Assert.Throws<ConfigurationException>(() => Reproducer.Run(
            Find("mine", Head("cvsc", "cvsc-code") + Curve.Replace("OPTION", option, StringComparison.Ordinal).Replace("VALUES", values, StringComparison.Ordinal)),
            Options() with { Curves = true, Settings = setting is null ? [] : [setting] })).Errors);
        Assert.EndsWith("curves[0]: values must be two numbers or more, found 1.", Refused("tciWeight", "[1]"), StringComparison.Ordinal);
        Assert.EndsWith("curves[0]: values must rise.", Refused("tciWeight", "[1, 1]"), StringComparison.Ordinal);
        Assert.Contains("Unknown key of options 'tciWieght'. Did you mean 'tciWeight'?", Refused("tciWieght", "[1, 2]"), StringComparison.Ordinal);
        Assert.Contains("options.tciWeight must be", Refused("tciWeight", "[-1, 2]"), StringComparison.Ordinal);
        Assert.Equal("The setting options.tciWeight=3 fixes what the curve 'c' varies. Leave it out, or the curves.",
            Refused("tciWeight", "[1, 2]", "options.tciWeight=3"));
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void A_row_that_needs_regions_is_found_before_anything_runs()
    {
        var store = MiniStore.Learnable(folder.File("one.safetensors"), mini.DatasetPath, new FeatureGrid(1, 1));
        var options = Options() with { Features = [store], Ablation = true, Progress = new NoTraining() };
        Assert.StartsWith("row 'CSG w/ hidden': These options of DUET tell regions of a picture apart, but the features have one region per picture.",
            Assert.Throws<ConfigurationException>(() => Reproducer.Run(ExperimentCatalog.Find("duet-awa2"), options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_version_lacks_is_named()
    {
        string Refused(string yaml, Func<ReproductionOptions, ReproductionOptions>? change = null) => string.Join('\n',
            Assert.Throws<ConfigurationException>(() => Reproducer.Run(Find("mine", yaml), (change ?? (o => o))(Options()))).Errors);
        Assert.StartsWith("Experiment 'mine' needs the method 'oracle', which this version does not have. It has: cvsc, ",
            Refused(Head("oracle", "oracle-cub")), StringComparison.Ordinal);
        Assert.Equal("Experiment 'mine' needs the preset 'ridge-cub' of method 'ridge', which this version does not have. Choose another " +
            "with --preset: default.", Refused(Head("ridge", "ridge-cub")));
        Assert.Contains("mine.yaml:11: Unknown key of options 'cclWieght'. Did you mean 'cclWeight'?",
            Refused(Head("cvsc", "cvsc-code") + "options: {cclWieght: 1}\n"), StringComparison.Ordinal);
        Assert.Contains("Unknown key of training 'epoch'", Refused(Head("cvsc", "cvsc-code"), o => o with { Settings = ["training.epoch=1"] }),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void Other_settings_are_departures()
    {
        var options = Options() with { Protocol = EvaluationProtocol.Published, Settings = ["allFolds=true"] };
        var report = Reproducer.Run(Find("mine", Head("ridge", "default") + "semantics: sentences\n" + Quick),
            options with { Semantics = "attributes" });
        Assert.Equal(["class semantics attributes, published sentences", "protocol published, published clean", OtherFeatures, "the setting allFolds=true"],
            report.Departures.Skip(1));
        Assert.True(report.TestSelected);
        Assert.Contains("TEST-SELECTED", report.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The store is called tiny.safetensors, and nobody said what its backbone was trained on.</summary>
    private const string OtherFeatures = "features: ours tiny.safetensors, backbone tiny, pre-trained on not stated, published some network";

    [Theory]
    [InlineData("tiny net pre-trained on not stated, 4 regions of 12 values", true)]
    [InlineData("Ti-ny, data: Not stated; 4 regions of 12 values", true)]
    [InlineData("tiny net pre-trained on not stated, 14 regions of 12 values", false)]
    [InlineData("tiny net pre-trained on not stated, 4 regions of 12 values101", false)]
    [InlineData("tinyer net pre-trained on not stated, 4 regions of 12 values", false)]
    [InlineData("tiny net pre-trained on ImageNet-1k, 4 regions of 12 values", false)]
    [InlineData("tiny net pre-trained on not stated, one vector of 12 values", false)]
    public void Features_are_those_of_the_publication_when_its_words_name_them(string published, bool same)
    {
        using var dataset = mini.Open();
        Assert.Equal(same, Reproducer.AreNamed(dataset, published));
    }

    [Fact]
    public void Features_that_the_publication_names_do_not_depart()
    {
        var head = Head("ridge", "default").Replace("some network", "tiny pre-trained on not stated, 4 regions of 12 values", StringComparison.Ordinal);
        Assert.DoesNotContain(Reproducer.Run(Find("mine", head + Quick), Options()).Departures, d => d.StartsWith("features", StringComparison.Ordinal));
    }

    private PublishedExperiment Find(string name, string yaml) => ExperimentCatalog.Find(folder.File($"{name}.yaml", yaml));

    private static string Head(string method, string preset) => $"""
        title: A title
        method: {method}
        preset: {preset}
        dataset: cub
        features: some network
        protocol: clean
        source: A paper, table 2, row 1
        published: {"{u: 66.1, s: 66.7, h: 66.4}"}
        notes:
          - A note.

        """;

    private ReproductionOptions Options() => new()
    {
        Dataset = mini.DatasetPath,
        Features = [mini.StorePath],
        Output = folder.File("out"),
        Seeds = [1],
    };

    private string Config(string run) => File.ReadAllText(Path.Combine(folder.File("out"), run, "config.yaml"));

    private sealed class NoTraining : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => Assert.Fail("It trained.");
    }
}
