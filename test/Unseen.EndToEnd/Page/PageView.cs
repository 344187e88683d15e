using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>
/// A window with the page. When it closes there must have been no script error, no breach of the content security policy and no request to anybody but the server.
/// </summary>
internal sealed class PageView : IAsyncDisposable
{
    private const string Given = """
        ([event, target, name, type, base64, text]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name, { type }));
          if (text) transfer.setData('text/plain', text);
          const init = { bubbles: true, cancelable: true };
          document.querySelector(target).dispatchEvent(event === 'paste'
            ? new ClipboardEvent(event, { ...init, clipboardData: transfer })
            : new DragEvent(event, { ...init, dataTransfer: transfer }));
        }
        """;

    private readonly IBrowserContext context;
    private readonly ConcurrentQueue<string> complaints = new();

    private PageView(IBrowserContext context, IPage page, Uri address)
    {
        (this.context, Page) = (context, page);
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: not ("data" or "blob") } asked && asked.GetLeftPart(UriPartial.Authority) != address.GetLeftPart(UriPartial.Authority))
                complaints.Enqueue($"A request left the server: {request.Url}");
        };
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
        var view = new PageView(context, await context.NewPageAsync(), address);
        await view.Page.GotoAsync(address.ToString());
        await view.Loaded();
        return view;
    }

    /// <summary>Loads the page anew, for tests that change what the server says of its model.</summary>
    public async Task Reload()
    {
        await Page.ReloadAsync();
        await Loaded();
    }

    /// <summary>Chooses pictures with the button and waits for the answers to the first one.</summary>
    public async Task Give(params string[] files)
    {
        await this["#files"].SetInputFilesAsync(files);
        await Answered();
    }

    /// <summary>Chooses another model and waits until it has taken over, which shows by its number of classes.</summary>
    public async Task Choose(string model)
    {
        var before = await this["#tagline"].InnerTextAsync();
        await this["#model"].SelectOptionAsync(model);
        await Assertions.Expect(this["#tagline"]).Not.ToHaveTextAsync(before);
    }

    /// <summary>Drops (`drop`) or pastes (`paste`) a file, with a text beside it when there is one.</summary>
    public Task Bring(string how, string target, string file, string type, string text = "") =>
        Page.EvaluateAsync(Given, new[] { how, target, Path.GetFileName(file), type, Convert.ToBase64String(File.ReadAllBytes(file)), text });

    /// <summary>Changes what the server answers at an address, which is an expression: v1/classify.</summary>
    public Task Change(string address, Action<JsonNode> change) => Page.RouteAsync(new Regex(address), async route =>
    {
        var answer = await route.FetchAsync();
        var body = JsonNode.Parse(await answer.TextAsync())!;
        change(body);
        await route.FulfillAsync(new() { Response = answer, Body = body.ToJsonString() });
    });

    /// <summary>Holds requests to an address back until the returned source is set.</summary>
    public async Task<TaskCompletionSource> Hold(string address)
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Page.RouteAsync(new Regex(address), async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        return release;
    }

    /// <summary>Presses a key until an element has the focus; fails when it is not reached. The condition is about the element `e`.</summary>
    public async Task Reach(string condition, string key = "Tab")
    {
        for (var i = 0; i < 150; i++)
        {
            if (await HasFocus(condition)) return;
            await Page.Keyboard.PressAsync(key);
        }
        Assert.Fail($"{key} does not lead to an element with {condition}.");
    }

    /// <summary>True when the element with the focus, `e`, fulfils a condition.</summary>
    public Task<bool> HasFocus(string condition) => Page.EvaluateAsync<bool>($"() => (e => Boolean({condition}))(document.activeElement)");

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

    private Task Loaded() => Assertions.Expect(this["#about-open"]).ToBeEnabledAsync(new() { Timeout = 60_000 });

    public async ValueTask DisposeAsync()
    {
        await context.DisposeAsync();
        Assert.True(complaints.IsEmpty, JsonSerializer.Serialize(complaints));
    }
}
