using System.Text.Json;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class MethodsCommandTests
{
    [Fact]
    public void Every_method_and_preset_of_the_catalog_is_listed()
    {
        var text = CliRun.Of("methods").Output;
        var json = JsonDocument.Parse(CliRun.Of("methods", "--json").Output).RootElement;
        Assert.Equal(MethodCatalog.All.Select(m => m.Id), json.EnumerateArray().Select(m => m.GetProperty("id").GetString()));
        Assert.All(MethodCatalog.All, method => Assert.Contains(method.Title, text, StringComparison.Ordinal));
        Assert.All(MethodCatalog.All.SelectMany(m => m.Presets), preset => Assert.Contains(preset.Name, text, StringComparison.Ordinal));
    }
}
