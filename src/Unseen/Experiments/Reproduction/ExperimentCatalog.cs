using System.Reflection;
using Unseen.Experiments.Configuration;

namespace Unseen.Experiments.Reproduction;

/// <summary>The experiments that come with the library, and those of a folder of the user.</summary>
public static class ExperimentCatalog
{
    private const string Prefix = "experiments/";
    private const string Ending = ".yaml";

    private static readonly Lazy<IReadOnlyList<PublishedExperiment>> Shipped = new(ReadShipped);

    /// <summary>The experiments that come with the library, by name.</summary>
    public static IReadOnlyList<PublishedExperiment> BuiltIn => Shipped.Value;

    /// <summary>All experiments by name; a file of the folder replaces a shipped experiment of its name.</summary>
    /// <param name="folder">Folder with .yaml files, or null for the shipped ones alone.</param>
    /// <exception cref="ConfigurationException">Every problem of every file of the folder.</exception>
    public static IReadOnlyList<PublishedExperiment> All(string? folder = null) => folder is null ? BuiltIn
        : [.. ReadFolder(folder).Concat(BuiltIn).DistinctBy(e => e.Name).OrderBy(e => e.Name, StringComparer.Ordinal)];

    /// <summary>The experiment of a name, or of a file whose path is given instead.</summary>
    /// <exception cref="UnknownNameException">No such experiment.</exception>
    /// <exception cref="ConfigurationException">Every problem of the file.</exception>
    public static PublishedExperiment Find(string nameOrFile, string? folder = null)
    {
        if (nameOrFile.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)) return Read(nameOrFile);
        var all = All(folder);
        return all.FirstOrDefault(e => e.Name == nameOrFile)
            ?? throw new UnknownNameException("experiment", nameOrFile, all.Select(e => e.Name));
    }

    private static PublishedExperiment Read(string path) =>
        ExperimentReader.Read(ConfigDocument.Load(path), Path.GetFileNameWithoutExtension(path));

    private static List<PublishedExperiment> ReadFolder(string folder)
    {
        if (!Directory.Exists(folder)) throw new ConfigurationException([$"{folder}: There is no such folder of experiments."]);
        var (experiments, errors) = (new List<PublishedExperiment>(), new List<string>());
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal))
            try
            {
                experiments.Add(Read(path));
            }
            catch (ConfigurationException e)
            {
                errors.AddRange(e.Errors);
            }
        return errors.Count == 0 ? experiments : throw new ConfigurationException(errors);
    }

    private static List<PublishedExperiment> ReadShipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(resource =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                return ExperimentReader.Read(ConfigDocument.Parse(text.ReadToEnd(), resource), resource[Prefix.Length..^Ending.Length]);
            }).OrderBy(e => e.Name, StringComparer.Ordinal)];
    }
}
