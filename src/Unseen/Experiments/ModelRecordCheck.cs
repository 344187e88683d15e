namespace Unseen.Experiments;

/// <summary>Checks what the JSON of a model cannot promise by its types: a model folder is untrusted.</summary>
internal static class ModelRecordCheck
{
    /// <summary>Throws at the first fault.</summary>
    public static void Require(string file, ModelRecord record)
    {
        Require(record.Attributes is { Count: > 0 } && record.Attributes.All(a => a is { Name: not null, Phrase: not null, Group: not null }),
            "'attributes' must list at least one attribute with name, group and phrase.");
        Require(record.Classes is { Count: > 0 }, "'classes' must list at least one class.");
        RequireClasses(record.Classes);
        RequireClasses(record.SeenAtTraining ?? []);
        Require(record.Selection is not null && double.IsFinite(record.Selection.Gamma), "'selection.gamma' must be a finite number.");
        Require(record.Selection!.Validation?.Temperature is null or (> 0 and < double.MaxValue),
            "'selection.validation.temperature' must be a finite number above 0.");
        Require(record.ClassChanges >= 0, "'classChanges' must not be negative.");
        Require(record.Method is not null && record.Options is not null && record.Provenance is not null,
            "'method', 'options' and 'provenance' must not be null.");
        Require(record.Backbones is { Count: > 0 } && record.Backbones.All(b => b?.Description is not null),
            "'backbones' must list at least one backbone with its description.");
        foreach (var backbone in record.Backbones)
            Require(backbone.File is null || IsInside(backbone.File),
                $"backbone file '{backbone.File}' must lie inside the model folder.");

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

    private static bool IsInside(string relative) =>
        !Path.IsPathRooted(relative) && !relative.Split('/', '\\').Contains("..");
}
