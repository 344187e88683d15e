using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>Trained models behind a server, and a browser; made once for all tests of the page, and not at all without a browser.</summary>
public sealed class PageWorld : IAsyncLifetime
{
    public const string Token = "open-sesame";

    /// <summary>A name that would run a script if it were ever taken for HTML.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>";

    private MiniWorld? world;
    private PageServer? server;
    private IPlaywright? playwright;
    private IBrowser? browser;

    public Uri Address => server!.Address;

    /// <summary>Pictures of the dataset.</summary>
    public IReadOnlyList<string> Pictures { get; private set; } = [];

    public string this[string file] => world![file];

    public async ValueTask InitializeAsync()
    {
        if (Chromium.File is null) return;
        world = new();
        Pictures = [.. Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Train("cvsc", "--method", "cvsc", "--set", "training.epochs=3");
        Train("ridge", "--method", "ridge");
        Train("duet", "--method", "duet", "--set", "training.epochs=1");
        Run("classes", world["cvsc"], "add", Hostile, $"{FirstAttribute()}=0.5");
        server = PageServer.Start($"birds={world["cvsc"]}", $"plain={world["ridge"]}", $"prompts={world["duet"]}", "--token", Token, "--threads", "1");
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.File });
    }

    /// <summary>Another server on the same model, for tests that stop it.</summary>
    internal PageServer StartAnother() => PageServer.Start(world!["ridge"], "--threads", "1");

    /// <summary>The page in a browser window of its own.</summary>
    internal async Task<PageView> Open(BrowserNewContextOptions? options = null, Uri? address = null)
    {
        if (browser is null) Assert.Skip(Chromium.Missing);
        return await PageView.Open(await browser.NewContextAsync(options), address ?? Address);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
        server?.Dispose();
        world?.Dispose();
    }

    private string FirstAttribute() => File.ReadAllLines(Path.Combine(world!.Dataset, "attributes.csv"))[1].Split(',')[0];

    private void Train(string output, params string[] more) => Run(world!.Train(output, more));

    private static void Run(params string[] arguments)
    {
        var command = Command.Run(arguments);
        Assert.True(command.ExitCode == 0, command.Error);
    }
}

/// <summary>All tests of the page share one server and one browser.</summary>
[CollectionDefinition("Page")]
public sealed class PageTestsShareAWorld : ICollectionFixture<PageWorld>;
