using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Architecture;

/// <summary>The whole order of the folders (docs/adr/0001), which no compiler checks inside one project.</summary>
public sealed class ArchitectureTests
{
    private static readonly ArchUnitNET.Domain.Architecture Library = new ArchLoader().LoadAssemblies(typeof(MethodCatalog).Assembly).Build();

    /// <summary>Which folders a folder may use beside itself and the root. A new folder must be entered here.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = [],
        ["Losses"] = [],
        ["Evaluation"] = [],
        ["Semantics"] = [],
        ["Features"] = ["Data"],
        ["Data"] = ["Features", "Semantics"],
        ["Models"] = ["Data", "Features", "Semantics", "Losses", "Evaluation"],
        ["Training"] = ["Data", "Features", "Semantics", "Losses", "Evaluation", "Models"],
        ["Reports"] = ["Evaluation"],
        ["Explanation"] = ["Data", "Features", "Semantics", "Evaluation", "Models"],
        ["Synthetic"] = ["Data", "Features", "Semantics"],
        ["Experiments"] =
            ["Data", "Features", "Semantics", "Losses", "Evaluation", "Models", "Training", "Reports", "Explanation", "Synthetic"],
        ["Classification"] =
            ["Data", "Features", "Semantics", "Losses", "Evaluation", "Models", "Training", "Reports", "Explanation", "Synthetic", "Experiments"],
    };

    [Fact]
    public void Folders_depend_in_one_direction() => Assert.Empty(
        from type in OwnTypes()
        from target in Targets(type)
        let folder = Folder(type.FullName)
        let used = Folder(target)
        where used != "" && used != folder && !Allowed.GetValueOrDefault(folder, []).Contains(used)
        select $"{type.FullName} uses {target}");

    [Fact]
    public void Every_folder_has_a_place_in_the_order() =>
        Assert.Empty(OwnTypes().Select(t => Folder(t.FullName)).Distinct().Except(Allowed.Keys));

    [Fact]
    public void The_rules_see_dependencies() =>
        Assert.Contains(OwnTypes(), t => Folder(t.FullName) == "Experiments" && Targets(t).Any(d => Folder(d) == "Training"));

    private static IEnumerable<IType> OwnTypes() => Library.Types.Where(t => IsOwn(t.FullName) && !t.IsCompilerGenerated);

    private static IEnumerable<string> Targets(IType type) => type.Dependencies.Select(d => d.Target.FullName).Distinct();

    private static bool IsOwn(string name) => name.StartsWith("Unseen.", StringComparison.Ordinal);

    /// <summary>The first word after the root namespace, "" for types of the root and of others.</summary>
    private static string Folder(string name) => IsOwn(name) && name.Split('.') is { Length: > 2 } words ? words[1] : "";
}
