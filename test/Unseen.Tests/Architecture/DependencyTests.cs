using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Xunit;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Unseen.Tests.Architecture;

/// <summary>What the library, the command and the server may know of each other and of the system; the order inside the library is that of <see cref="ArchitectureTests"/>.</summary>
public sealed class DependencyTests
{
    private static readonly System.Reflection.Assembly Library = typeof(UnseenException).Assembly;

    private static readonly ArchUnitNET.Domain.Architecture Types =
        new ArchLoader().LoadAssemblies(Library, typeof(Console).Assembly).Build();

    [Fact]
    public void TheLibraryWritesNothingToTheConsole() =>
        Types().That().ResideInNamespaceMatching(@"^Unseen(\.|$)").Should().NotDependOnAny(Types().That().Are(typeof(Console))).Check(Types);

    [Fact]
    public void TheLibraryKnowsNoWebServer() =>
        Assert.DoesNotContain(Library.GetReferencedAssemblies(), a => a.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [Fact]
    public void TheCommandsKnowTheServerAndTheServerKnowsTheLibrary()
    {
        Assert.Equal(["Unseen"], Own(typeof(Unseen.Web.UnseenServer).Assembly));
        Assert.Equal(["Unseen", "Unseen.Web"], Own(typeof(Unseen.Cli.CommandLine).Assembly));
        Assert.Empty(Own(Library));

        static IEnumerable<string> Own(System.Reflection.Assembly assembly) => assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name == "Unseen" || name.StartsWith("Unseen.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    [Fact]
    public void TheServerIsKnownToOneCommandOnly() => Assert.Equal(["Unseen.Cli.Commands.ServeCommand"],
        new ArchLoader().LoadAssemblies(typeof(Unseen.Cli.CommandLine).Assembly, typeof(Unseen.Web.UnseenServer).Assembly).Build().Types
            .Where(t => t.FullName.StartsWith("Unseen.Cli.", StringComparison.Ordinal)
                && t.Dependencies.Any(d => d.Target.FullName.StartsWith("Unseen.Web.", StringComparison.Ordinal)))
            .Select(t => t.FullName.Split('+')[0]).Distinct());

    [Fact]
    public void PublicTypesAreSealedUnlessTheyAreMadeToBeDerivedFrom() => Assert.DoesNotContain(
        Library.GetExportedTypes(), t => t.IsClass && !t.IsSealed && !t.IsAbstract && !t.IsAssignableTo(typeof(Exception)));

    [Fact]
    public void NamespacesBeginWithTheNameOfTheLibrary() => Assert.All(
        Library.GetExportedTypes(), t => Assert.Matches(@"^Unseen(\.|$)", t.Namespace));

    [Fact]
    public void NamesSayWhatAThingIs() => Assert.DoesNotContain(Library.GetTypes(), t =>
        t.Name.EndsWith("Helper", StringComparison.Ordinal) || t.Name.EndsWith("Utils", StringComparison.Ordinal)
        || t.Name.EndsWith("Manager", StringComparison.Ordinal));
}
