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
        Require(record.Attributes is { Count: > 0 } && record.Attributes.All(a => a is { Name: not null, Phrase: not null, Group: not null }),
            "'attributes' must list at least one attribute with name, group and phrase.");
        Require(record.Classes is { Count: > 0 }, "'classes' must list at least one class.");
        RequireClasses(record.Classes);
        RequireClasses(record.SeenAtTraining ?? []);
        Require(record.Selection is { Settings: not null } && double.IsFinite(record.Selection.Gamma),
            "'selection' must have settings, and a gamma that is a finite number.");
        Require(record.Selection!.Validation?.Temperature is null or (> 0 and < double.MaxValue),
            "'selection.validation.temperature' must be a finite number above 0.");
        Require(record.ClassChanges >= 0, "'classChanges' must not be negative.");
        Require(record is { Method: not null, Options: not null, Provenance: not null, FeatureWeights: not null },
            "'method', 'options', 'provenance' and 'featureWeights' must not be null.");
        Require(record.Backbones is { Count: > 0 } || record is { Backbones: not null, Pictures: not null }, "'backbones' must list at least one backbone.");
        if (record.Pictures is { } pictures) RequirePictures(pictures);
        foreach (var backbone in record.Backbones!)
        {
            var description = backbone?.Description;
            Require(description is { Sha256: not null, Path: not null, Layer: not null, Preprocessing: not null },
                "every backbone must have a description with path, sha256, layer and preprocessing.");
            Require(description!.Visual is > 0 and <= MaximumVisual && IsGrid(description.Grid),
                $"backbone '{description.Name}' must have from 1 to {MaximumVisual} values in a grid with sides from 1 to {MaximumSide}.");
            Require(backbone!.File is null || IsInside(backbone.File), $"backbone file '{backbone.File}' must lie inside the model folder.");
        }
        Require(IsGrid(record.Grid), $"'grid' must have sides from 1 to {MaximumSide}.");

        void RequirePictures(ModelPictures pictures)
        {
            Require(record.Backbones!.Count == 0, "'backbones' must be empty beside 'pictures': a model reads features or pictures.");
            Require(pictures is { Encoder: not null, Preprocessing: { Mean: not null, StandardDeviation: not null } },
                "'pictures' must have an encoder, and preprocessing with mean and standard deviation.");
            try { pictures.Preprocessing.Validate(); }
            catch (ConfigurationException e) { Require(false, $"'pictures' cannot be used: {e.Message}"); }
        }

        void RequireClasses(IReadOnlyList<ModelClass> classes)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in classes)
            {
                var (name, values) = (entry?.Name ?? "", entry?.Values ?? []);
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

    private static bool IsGrid(Features.FeatureGrid? grid) => grid is null or { Height: >= 1 and <= MaximumSide, Width: >= 1 and <= MaximumSide };

    private static bool IsInside(string relative) =>
        !Path.IsPathRooted(relative) && !relative.Split('/', '\\').Contains("..");
}
