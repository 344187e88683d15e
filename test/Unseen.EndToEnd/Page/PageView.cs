using System.Collections.Concurrent;
using System.Text.Json;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>A window with the page. When it closes there must have been no script error and no breach of the content security policy.</summary>
internal sealed class PageView : IAsyncDisposable
{
    private const string Given = """
        ([event, target, name, type, base64]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type }));
          const init = { bubbles: true, cancelable: true };
          document.querySelector(target).dispatchEvent(event === 'paste'
            ? new ClipboardEvent(event, { ...init, clipboardData: transfer })
            : new DragEvent(event, { ...init, dataTransfer: transfer }));
        }
        """;

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private PageView(IBrowserContext context, IPage page)
    {
        (this.context, Page) = (context, page);
        page.PageError += (_, error) => complaints.Enqueue(error);
        // A refused request writes a line of its own; what the page makes of it is what tests look at.
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)) complaints.Enqueue(message.Text);
        };
        page.Dialog += (_, dialog) => complaints.Enqueue($"A dialog came up: {dialog.Message}");
    }

    public IPage Page { get; }

    public ILocator this[string selector] => Page.Locator(selector);

    public static async Task<PageView> Open(IBrowserContext context, Uri address)
    {
        context.SetDefaultTimeout(60_000);
        var view = new PageView(context, await context.NewPageAsync());
        await view.Page.GotoAsync(address.ToString());
        await Assertions.Expect(view["#about-open"]).ToBeEnabledAsync(new() { Timeout = 60_000 });
        return view;
    }

    /// <summary>Chooses pictures with the button and waits for the answers to the first one.</summary>
    public async Task Give(params string[] files)
    {
        await this["#files"].SetInputFilesAsync(files);
        await Answered();
    }

    /// <summary>Drops (`drop`) or pastes (`paste`) a file.</summary>
    public Task Bring(string how, string target, string file, string type) =>
        Page.EvaluateAsync(Given, new[] { how, target, Path.GetFileName(file), type, Convert.ToBase64String(File.ReadAllBytes(file)) });

    public Task Answered() => Assertions.Expect(this[".answer"].First).ToBeVisibleAsync(new() { Timeout = 60_000 });

    public Task Explained() => Assertions.Expect(this["#panel-why table"]).ToBeVisibleAsync(new() { Timeout = 60_000 });

    /// <summary>Names in the ranking, first to last, without the badges.</summary>
    public async Task<IReadOnlyList<string>> Ranking() => await this[".answer-name"].EvaluateAllAsync<string[]>(
        "names => names.map(n => n.firstChild.textContent.trim())");

    /// <summary>Waits until something is so.</summary>
    public Task Until(string expression) => Page.WaitForFunctionAsync(expression, null, new() { Timeout = 60_000 });

    /// <summary>No rule of WCAG 2.2 level AA that can be checked by machine is broken.</summary>
    public async Task IsAccessible(string where)
    {
        var rules = new Deque.AxeCore.Commons.AxeRunOptions
        {
            RunOnly = new() { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
        };
        var result = await Page.RunAxe(rules);
        Assert.True(result.Violations.Length == 0, $"{where}: " + string.Join('\n', result.Violations.Select(v =>
            $"{v.Id}: {v.Help}: {string.Join(" | ", v.Nodes.Select(n => n.Html))}")));
    }

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.True(complaints.IsEmpty, JsonSerializer.Serialize(complaints));
    }
}
