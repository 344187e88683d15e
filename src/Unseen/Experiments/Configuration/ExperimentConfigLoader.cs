using Unseen.Training;

namespace Unseen.Experiments.Configuration;

/// <summary>Makes the complete configuration of a run from what the user wrote: the method's preset and recipe fill the gaps.</summary>
public static class ExperimentConfigLoader
{
    /// <summary>Binds a configuration whose method decides the type of its options.</summary>
    /// <param name="document">What the user wrote.</param>
    /// <param name="required">Keys that must be given, for example "dataset".</param>
    /// <exception cref="ConfigurationException">Every problem found.</exception>
    public static ExperimentConfig Load(ConfigDocument document, params IReadOnlyList<string> required)
    {
        foreach (var key in required.Where(key => IsMissing(document.Find(key))))
            document.Problems.Add(new(new(document.Source), $"{key} is required."));
        var (method, preset) = Choose(document);
        var defaults = method is null ? new ExperimentConfig() : new ExperimentConfig
        {
            Method = method.Id,
            Preset = preset?.Name,
            Options = (preset ?? method.Presets[0]).Options,
            Training = preset?.Training ?? new(),
        };
        var bound = OptionsBinder.Bind(document, defaults);
        return bound with { Training = Complete(bound.Training, method?.Recipe), Preset = preset?.Name };
    }

    private static bool IsMissing(ConfigNode? node) => node is null or ConfigScalar { Text: null or "" } or ConfigSequence { Items.Count: 0 };

    // An unknown method makes its options unknowable: they are dropped so that only the method itself is reported.
    private static (MethodDescriptor? Method, MethodPreset? Preset) Choose(ConfigDocument document)
    {
        try
        {
            var method = MethodCatalog.Find(document.Text("method") ?? new ExperimentConfig().Method);
            return (method, Preset(document, method));
        }
        catch (UnknownNameException e)
        {
            document.Problems.Add(new(document.Locate("method"), e.Message));
            document.Root.Entries.RemoveAll(entry => entry.Key == "options");
            return (null, null);
        }
    }

    private static MethodPreset? Preset(ConfigDocument document, MethodDescriptor method)
    {
        try
        {
            return method.Preset(document.Text("preset"));
        }
        catch (UnknownNameException e)
        {
            document.Problems.Add(new(document.Locate("preset"), e.Message));
            return null;
        }
    }

    /// <summary>Training settings with the recipe's value wherever none is given.</summary>
    private static TrainingOptions Complete(TrainingOptions training, TrainingRecipe? recipe)
    {
        if (recipe is null) return training;
        var complete = training with { };
        var full = training.Over(recipe);
        foreach (var value in OptionProperty.Of(typeof(TrainingRecipe)))
            OptionProperty.Of(typeof(TrainingOptions)).First(o => o.Key == value.Key).Set(complete, value.Get(full));
        return complete;
    }
}
