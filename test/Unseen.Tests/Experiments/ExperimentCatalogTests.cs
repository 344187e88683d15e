using Unseen.Data;
using Unseen.Experiments.Reproduction;
using Unseen.Models.Msdn;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Experiments;

public sealed class ExperimentCatalogTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Names => [.. ExperimentCatalog.BuiltIn.Select(e => e.Name)];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_experiment_is_named_after_what_it_runs_and_says_where_its_figures_come_from(string name)
    {
        var experiment = ExperimentCatalog.Find(name);
        Assert.StartsWith($"{experiment.Method}-{experiment.Dataset}", name, StringComparison.Ordinal);
        Assert.Matches("table|row|Issues", experiment.Source);
        Assert.All(experiment.Ablation, row => Assert.Matches(row.Published.Relative is null ? "table [0-9]+, row " : "our own row", row.Source));
        Assert.All(experiment.Curves, curve => Assert.Matches("figure [0-9]+", curve.Source));
        Assert.True(experiment.Preset == "default" || experiment.Preset!.StartsWith($"{experiment.Method}-", StringComparison.Ordinal));
    }

    /// <summary>An experiment of a method of the catalog must bind, its ablation rows too, as soon as its preset exists.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shipped_experiment_binds_or_says_what_is_missing(string name)
    {
        var experiment = ExperimentCatalog.Find(name);
        var options = new ReproductionOptions { Dataset = "d", Features = ["f"], Output = "o" };
        if (ExperimentNeeds.OfMethod(experiment.Method, experiment.Preset).Any())
            Assert.Throws<ConfigurationException>(() => RowConfiguration.Load(experiment, null, options));
        else
            foreach (var row in experiment.Ablation.Where(r => r.IsRunnable).Prepend(null))
            {
                var config = RowConfiguration.Load(experiment, row, options);
                Assert.Equal((experiment.Method, experiment.Protocol, 3), (config.Method, config.Protocol, config.Seeds.Count));
            }
        Assert.All(experiment.Curves, curve => Assert.All(curve.Values, value => RowConfiguration.Load(experiment, curve, value, options)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_method_of_this_version_has_every_preset_that_a_shipped_experiment_names(string name)
    {
        var experiment = ExperimentCatalog.Find(name);
        if (Unseen.Experiments.MethodCatalog.All.FirstOrDefault(m => m.Id == experiment.Method) is not { } method) return;
        var presets = experiment.Ablation.Select(row => row.Preset).Prepend(experiment.Preset).OfType<string>();
        Assert.Subset(method.Presets.Select(p => p.Name).ToHashSet(), presets.ToHashSet());
    }

    /// <summary>Only the attention methods and DUET shift scores towards the unseen classes in their papers; figures of all others are uncalibrated.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Published_figures_are_compared_at_the_calibration_that_they_were_made_with(string name)
    {
        var experiment = ExperimentCatalog.Find(name);
        var calibrated = experiment.Method is "cvsc" or "msdnpp" or "msdn" or "dazle" or "duet";
        Assert.Equal(calibrated ? PublishedCalibration.Chosen : PublishedCalibration.None, experiment.Calibration);
    }

    [Fact]
    public void The_tables_of_the_papers_are_covered()
    {
        var names = ExperimentCatalog.BuiltIn.Select(e => e.Name).ToHashSet();
        var covered = new[] { "cvsc", "msdnpp", "msdn", "dazle", "mlis", "f-clswgan", "ce-gzsl", "ale", "sje", "devise", "eszsl", "sae", "duet" };
        Assert.All(covered, method => Assert.All(["cub", "sun", "awa2"], dataset => Assert.Contains($"{method}-{dataset}", names)));
        Assert.Superset(new HashSet<string> { "msdnpp-flo", "mlis-flo", "mlis-apy", "eszsl-apy" }, names);
        var cvsc = ExperimentCatalog.Find("cvsc-cub");
        Assert.Equal((79.1, 72.4, 78.4, 75.3), (cvsc.Published.T1, cvsc.Published.U, cvsc.Published.S, cvsc.Published.H));
        Assert.Equal([66.9, 71.4, 73.9, 73.0, 75.3], cvsc.Ablation.Select(r => r.Published.H!.Value));
        Assert.Equal([49.3, 66.0, 66.6, 48.7, 60.5, 33.8, 66.5], ExperimentCatalog.Find("mlis-cub").Ablation.Select(r => r.Published.H!.Value));
    }

    /// <summary>Figures 3 and 4 of MLIS.</summary>
    [Theory]
    [InlineData("mlis-cub")]
    [InlineData("mlis-awa2")]
    public void The_figures_of_MLIS_are_covered(string name)
    {
        var curves = ExperimentCatalog.Find(name).Curves;
        Assert.Equal(["refinementPerUnseenClass", "syntheticPerUnseenClass", "circleMargin", "circleScale"], curves.Select(c => c.Option));
        var preset = (Unseen.Models.Generative.Mlis.MlisOptions)Unseen.Experiments.MethodCatalog.Find("mlis").Presets.Single(p => p.Name == name).Options;
        double[] defaults = [preset.RefinementPerUnseenClass, preset.SyntheticPerUnseenClass, preset.CircleMargin, preset.CircleScale];
        Assert.All(curves.Zip(defaults), pair => Assert.Contains(pair.Second, pair.First.Values));
    }

    /// <summary>Table 3 of DUET: a row that runs what another row runs would be a mistake.</summary>
    [Fact]
    public void Every_row_of_the_ablation_of_duet_runs_something_of_its_own()
    {
        var experiment = ExperimentCatalog.Find("duet-awa2");
        var options = new ReproductionOptions { Dataset = "d", Features = ["f"], Output = "o" };
        Assert.Equal(11, experiment.Ablation.Count(row => row.IsRunnable));
        var configs = experiment.Ablation.Select(row => RowConfiguration.Load(experiment, row, options).Options).ToList();
        Assert.Equal(11, configs.Distinct().Count());
        Assert.Equal(RowConfiguration.Load(experiment, null, options).Options, configs[^1]);
    }

    /// <summary>Each sub-net, both, with distillation, with a causal effect each, whole, and the counterfactuals.</summary>
    [Fact]
    public void The_ablation_of_MSDNpp_runs_thirteen_different_settings()
    {
        var experiment = ExperimentCatalog.Find("msdnpp-cub");
        var options = new ReproductionOptions { Dataset = "d", Features = ["f"], Output = "o" };
        var configs = experiment.Ablation.Select(row => RowConfiguration.Load(experiment, row, options).Options).ToList();
        Assert.Equal(13, configs.Distinct().Count());
        Assert.Equal(Enum.GetValues<CounterfactualKind>(), configs.Cast<MsdnPlusPlusOptions>().Select(o => o.Counterfactual).Distinct().Order());
        Assert.Equal(RowConfiguration.Load(experiment, null, options).Options, configs[6]);
    }

    [Fact]
    public void A_relative_figure_is_said_in_words()
    {
        var experiment = ExperimentCatalog.Find("duet-awa2-kg");
        Assert.Equal((null, "kge", "duet-awa2-kg"), (experiment.Published.H, experiment.Semantics, experiment.Preset));
        Assert.StartsWith("H 30.2 % above that of DGP", experiment.Published.Relative, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_file_are_reported_at_once()
    {
        var path = folder.File("bad.yaml", "titel: x\nmethod: cvsc\ndataset: cubs\nfeatures: f\nsource: s\noptions: [1]\n" +
            "published: {u: 50, s: 50, h: 60, t1: 101}\nablation:\n- name: a\n  options: {}\n- published: {h: x}\n  option: {}\n");
        Assert.Equal([$"{path}:1: Unknown key 'titel'. Did you mean 'title'?", $"{path}:3: Unknown dataset 'cubs'. Did you mean 'cub'?",
            $"{path}:6: options must be a mapping of keys, found a list.", $"{path}:7: published.t1 must be from 0 to 100, found 101.",
            $"{path}:7: published: h must be the harmonic mean of u and s, 50.0, found 60.",
            $"{path}:8: ablation[0].published: name at least one of t1, u, s and h.",
            $"{path}:8: ablation[1].name is required.",
            $"{path}:11: ablation[1].published.h must be a finite number, found 'x'.",
            $"{path}:12: Unknown key of ablation[1] 'option'.",
            $"{path}: title is required."],
            Assert.Throws<ConfigurationException>(() => ExperimentCatalog.Find(path)).Errors.Select(e => e.Split(" Known:")[0]));
        folder.File("worse.yaml", "titel: x\n");
        var both = Assert.Throws<ConfigurationException>(() => ExperimentCatalog.All(folder.Path)).Errors;
        Assert.Contains(both, e => e.Contains("bad.yaml:1", StringComparison.Ordinal));
        Assert.Contains(both, e => e.Contains("worse.yaml:1", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_of_the_user_adds_and_replaces()
    {
        const string mine = "title: Mine\nmethod: ridge\ndataset: cub\nfeatures: f\nsource: s\npublished: {h: 1}\n";
        folder.File("zebra.yaml", mine);
        folder.File("cvsc-cub.yaml", mine);
        var all = ExperimentCatalog.All(folder.Path);
        Assert.Equal(ExperimentCatalog.BuiltIn.Count + 1, all.Count);
        Assert.Equal("Mine", all.Single(e => e.Name == "cvsc-cub").Title);
        Assert.Equal("Mine", ExperimentCatalog.Find("zebra", folder.Path).Title);
        Assert.StartsWith("Unknown experiment 'cvsc-cup'. Did you mean 'cvsc-cub'?",
            Assert.Throws<UnknownNameException>(() => ExperimentCatalog.Find("cvsc-cup")).Message, StringComparison.Ordinal);
        Assert.Equal([$"{folder.File("no")}: There is no such folder of experiments."],
            Assert.Throws<ConfigurationException>(() => ExperimentCatalog.All(folder.File("no"))).Errors);
    }

    [Fact]
    public void What_is_missing_depends_on_what_is_at_hand()
    {
        var eszsl = ExperimentCatalog.Find("eszsl-cub");
        Assert.Equal(["dataset folder", "features"], ExperimentNeeds.Of(eszsl, null, false).Missing);
        var birds = DatasetReader.Open(Unseen.Tests.Data.MiniDataset.Create(folder.File("birds"), attributes: 312));
        Assert.Equal(["features"], ExperimentNeeds.Of(eszsl, birds, false).Missing);
        Assert.Empty(ExperimentNeeds.Of(eszsl, birds, true).Missing);
        Assert.Contains("6 seen classes, published 150", ExperimentNeeds.Of(eszsl, birds, true).Departures);
        Assert.Equal(["dataset folder", "features"], ExperimentNeeds.Of(ExperimentCatalog.Find("eszsl-sun"), birds, true).Missing);
        Assert.Equal(["dataset folder", "features"], ExperimentNeeds.Of(eszsl, birds with { Name = "SUN" }, true).Missing);
        Assert.Equal(["semantics sentences"], ExperimentNeeds.Of(eszsl with { Semantics = "sentences" }, birds, true).Missing);
        Assert.Equal(["features or weights of a vision encoder"], ExperimentNeeds.Of(ExperimentCatalog.Find("duet-cub"), birds, false).Missing);
        Assert.Equal(["method"], ExperimentNeeds.Of(eszsl with { Method = "oracle" }, birds, true).Missing);
        Assert.Equal(["preset none"], ExperimentNeeds.Of(eszsl with { Preset = "none" }, birds, true).Missing);
    }

    [Fact]
    public void Cub_127_stands_for_cub()
    {
        var cub127 = DatasetReader.Open(Path.Combine(RealData.Folder(), "cub127"));
        Assert.Empty(ExperimentNeeds.Of(ExperimentCatalog.Find("cvsc-cub"), cub127, true).Missing);
        Assert.Contains("semantics sentences", ExperimentNeeds.Of(ExperimentCatalog.Find("mlis-cub"), cub127, true).Missing);
    }
}
