using Unseen.Experiments.Configuration;

namespace Unseen.Experiments.Reproduction;

/// <summary>The configuration of one row: the experiment's file as if the user had written it for `unseen train`.</summary>
internal static class RowConfiguration
{
    /// <summary>What a reproduction is told beside its settings, and by what.</summary>
    private static readonly Dictionary<string, string> Given = new()
    {
        ["dataset"] = "--dataset",
        ["features"] = "--features",
        ["seeds"] = "--seeds",
        ["output"] = "--out",
    };

    /// <summary>Binds the experiment, or one of its ablation rows when <paramref name="row"/> is given.</summary>
    /// <exception cref="ConfigurationException">The method or preset is missing, or options are wrong: every problem.</exception>
    public static ExperimentConfig Load(PublishedExperiment experiment, AblationRow? row, ReproductionOptions options) =>
        Load(experiment, row?.Preset, row?.Settings, options);

    /// <summary>Binds one point of a curve.</summary>
    /// <exception cref="ConfigurationException">As above, or a setting for all rows fixes what the curve varies.</exception>
    public static ExperimentConfig Load(PublishedExperiment experiment, PublishedCurve curve, double value, ReproductionOptions options)
    {
        var key = $"options.{curve.Option}";
        if (options.Settings.FirstOrDefault(s => Key(s) == key) is { } setting)
            throw new ConfigurationException([$"The setting {setting} fixes what the curve '{curve.Name}' varies. Leave it out, or the curves."]);
        return Load(experiment, null, curve.At(value), options);
    }

    private static ExperimentConfig Load(PublishedExperiment experiment, string? rowPreset, RowSettings? row, ReproductionOptions options)
    {
        RefuseGiven(options);
        var preset = rowPreset ?? options.Preset ?? experiment.Preset;
        var settings = row is null ? experiment.Settings : experiment.Settings.With(row);
        RequireMethod(experiment, preset);
        var document = ConfigDocument.Empty(experiment.File);
        document.SetText("method", experiment.Method, experiment.File);
        if (preset is not null) document.SetText("preset", preset, experiment.File);
        document.SetText("dataset", options.Dataset, "--dataset");
        if (options.Features.Count > 0) document.SetList("features", options.Features, "--features");
        document.SetText("protocol", ScalarText.Write(options.Protocol ?? experiment.Protocol), experiment.File);
        document.SetList("seeds", [.. options.Seeds.Select(seed => ScalarText.Write(seed))], "--seeds");
        if ((options.Semantics ?? experiment.Semantics) is { } semantics and not "attributes")
            document.SetText("semantics", semantics, experiment.File);
        Put(document, "options", settings.Options);
        Put(document, "training", settings.Training);
        foreach (var setting in options.Settings) document.Set(setting);
        return ExperimentConfigLoader.Load(document);
    }

    private static string Key(string setting) => setting.Split('=')[0].Trim();

    private static void RefuseGiven(ReproductionOptions options)
    {
        var errors = options.Settings.Where(s => Given.ContainsKey(Key(s))).Select(s => $"The setting {s} contradicts {Given[Key(s)]}, which decides. Leave it out.").ToList();
        if (errors.Count > 0) throw new ConfigurationException(errors);
    }

    // A copy, since --set writes into the mapping and rows share their experiment's.
    private static void Put(ConfigDocument document, string key, ConfigMapping? mapping)
    {
        if (mapping is null) return;
        var copy = new ConfigMapping(mapping.Location);
        copy.Entries.AddRange(mapping.Entries);
        document.Root.Put(new(key, copy, mapping.Location));
    }

    private static void RequireMethod(PublishedExperiment experiment, string? preset)
    {
        var missing = ExperimentNeeds.OfMethod(experiment.Method, preset).ToList();
        if (missing is ["method"])
            throw new ConfigurationException([$"Experiment '{experiment.Name}' needs the method '{experiment.Method}', which this " +
                $"version does not have. It has: {string.Join(", ", MethodCatalog.All.Select(m => m.Id))}."]);
        if (missing.Count > 0)
            throw new ConfigurationException([$"Experiment '{experiment.Name}' needs the preset '{preset}' of method " +
                $"'{experiment.Method}', which this version does not have. Choose another with --preset: " +
                $"{string.Join(", ", MethodCatalog.Find(experiment.Method).Presets.Select(p => p.Name))}."]);
    }
}
