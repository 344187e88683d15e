using System.Globalization;
using Unseen.Features;

namespace Unseen.Experiments;

/// <summary>Checks what the JSON of a model cannot promise by its types: a model folder is untrusted.</summary>
internal static class ModelRecordCheck
{
    private const int MaximumSide = 4096;
    private const int MaximumVisual = 1 << 20;

    /// <summary>Throws at the first fault.</summary>
    public static void Require(string file, ModelRecord record)
    {
        Require(record.Format == ModelRecord.CurrentFormat, $"the format is {record.Format}, but this version reads {ModelRecord.CurrentFormat}.");
        Require(record.Attributes.Count > 0, "'attributes' must list at least one attribute.");
        Require(record.Classes.Count > 0, "'classes' must list at least one class.");
        RequireClasses(record.Classes);
        RequireClasses(record.SeenAtTraining ?? []);
        Require(double.IsFinite(record.Selection.Gamma), "'selection.gamma' must be a finite number.");
        Require(record.Selection.Settings.Values.All(IsPresent), "'selection.settings' must have no null.");
        Require(record.Selection.Validation?.Temperature is null or (> 0 and < double.MaxValue),
            "'selection.validation.temperature' must be a finite number above 0.");
        Require(record.ClassChanges >= 0, "'classChanges' must not be negative.");
        Require(record.Provenance.Values.All(IsPresent), "'provenance' must have no null.");
        Require(int.TryParse(record.Provenance.GetValueOrDefault("seed", "0"), NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
            $"'provenance.seed' must be a whole number, found '{record.Provenance.GetValueOrDefault("seed")}'.");
        Require(record.Backbones.Count > 0 || record.Pictures is not null, "'backbones' must list at least one backbone.");
        if (record.Pictures is { } pictures) RequirePictures(pictures);
        foreach (var (description, stored) in record.Backbones)
        {
            RequirePreprocessing($"backbone '{description.Name}'", description.Preprocessing);
            Require(description.Visual is > 0 and <= MaximumVisual && IsGrid(description.Grid),
                $"backbone '{description.Name}' must have from 1 to {MaximumVisual} values in a grid with sides from 1 to {MaximumSide}.");
            Require(stored is null || IsInside(stored), $"backbone file '{stored}' must lie inside the model folder.");
        }
        Require(IsGrid(record.Grid), $"'grid' must have sides from 1 to {MaximumSide}.");

        void RequirePictures(ModelPictures pictures)
        {
            Require(record.Backbones.Count == 0, "'backbones' must be empty beside 'pictures': a model reads features or pictures.");
            RequirePreprocessing("'pictures'", pictures.Preprocessing);
        }

        void RequirePreprocessing(string owner, PreprocessingOptions preprocessing)
        {
            try { preprocessing.Validate(); }
            catch (ConfigurationException e) { Require(false, $"{owner} cannot be used: {e.Message}"); }
        }

        void RequireClasses(IReadOnlyList<ModelClass> classes)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (name, _, values) in classes)
            {
                Require(name.Length > 0, "every class must have a name.");
                Require(names.Add(name), $"class '{name}' appears twice.");
                Require(values.Count == record.Attributes.Count,
                    $"class '{name}' must have {record.Attributes.Count} values (one per attribute), found {values.Count}.");
                Require(values.All(float.IsFinite), $"class '{name}' has a value that is not a finite number.");
            }
        }

        void Require(bool holds, string message)
        {
            if (!holds) throw new DatasetFormatException(file, message);
        }
    }

    private static bool IsPresent(string? text) => text is not null;

    private static bool IsGrid(FeatureGrid? grid) => grid is null or { Height: >= 1 and <= MaximumSide, Width: >= 1 and <= MaximumSide };

    private static bool IsInside(string relative) =>
        !Path.IsPathRooted(relative) && !relative.Split('/', '\\').Contains("..");
}
