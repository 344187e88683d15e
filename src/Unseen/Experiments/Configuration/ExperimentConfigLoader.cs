namespace Unseen.Experiments.Configuration;

/// <summary>Makes the complete configuration of a run from what the user wrote: the method's preset and recipe fill the gaps.</summary>
public static class ExperimentConfigLoader
{
    /// <summary>Binds a configuration whose method decides the type of its options.</summary>
    /// <param name="document">What the user wrote.</param>
    /// <param name="required">Keys that must be given, for example "dataset".</param>
    /// <exception cref="ConfigurationException">Every problem found, those of method and preset included.</exception>
    public static ExperimentConfig Load(ConfigDocument document, params IReadOnlyList<string> required)
    {
        foreach (var key in required.Where(key => IsMissing(document.Find(key))))
            document.Problems.Add(new(new(document.Source), $"{key} is required."));
        var method = Method(document);
        var preset = Preset(document, method);
        RefuseTrainingOfClosedForm(document, method);
        RefusePrecision(document, method);
        return OptionsBinder.Bind(document, new ExperimentConfig
        {
            Method = method.Id,
            Preset = preset.Name,
            Options = preset.Options,
            Training = method.Recipe is { } recipe ? (preset.Training ?? new()).Over(recipe).ToOptions() : new(),
        });
    }

    private static bool IsMissing(ConfigNode? node) =>
        node is null or ConfigScalar { Text: null or "" } or ConfigSequence { Items.Count: 0 };

    // An unknown method makes its options unknowable: they are dropped, so that only the method itself is reported.
    private static MethodDescriptor Method(ConfigDocument document)
    {
        var id = document.Text("method") ?? MethodCatalog.All[0].Id;
        if (MethodCatalog.All.FirstOrDefault(m => m.Id == id) is { } method) return method;
        document.Problems.Add(new(document.Locate("method"), NearestName.Unknown("method", id, MethodCatalog.All.Select(m => m.Id))));
        document.Root.Entries.RemoveAll(entry => entry.Key is "options" or "preset");
        return MethodCatalog.All[0];
    }

    private static MethodPreset Preset(ConfigDocument document, MethodDescriptor method)
    {
        try
        {
            return method.Preset(document.Text("preset"));
        }
        catch (UnknownNameException e)
        {
            document.Problems.Add(new(document.Locate("preset"), e.Message));
            return method.Presets[0];
        }
    }

    private static void RefusePrecision(ConfigDocument document, MethodDescriptor method)
    {
        if (Enum.TryParse<Precision>(document.Text("precision"), ignoreCase: true, out var precision) && method.Fault(precision) is { } fault)
            document.Problems.Add(new(document.Locate("precision"), fault));
    }

    private static void RefuseTrainingOfClosedForm(ConfigDocument document, MethodDescriptor method)
    {
        if (method.Recipe is not null || document.Find("training") is not ConfigMapping training) return;
        var reason = $"has no effect: method '{method.Id}' solves a closed form, without epochs, batches or a learning rate. Remove it.";
        foreach (var entry in training.Entries.Where(e => e.Value is not ConfigScalar { Text: null }))
            document.Problems.Add(new(entry.Location, $"training.{entry.Key} {reason}"));
    }
}
