using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>`unseen serve` as a process on a free port of this machine.</summary>
internal sealed class PageServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Command command;

    private PageServer(Command command, Uri address) => (this.command, Address) = (command, address);

    public Uri Address { get; }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<PageServer> Start(params string[] arguments)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}/");
        var server = new PageServer(Command.Start(["serve", .. arguments, "--urls", address.ToString().TrimEnd('/')]), address);
        using var client = new HttpClient { BaseAddress = address };
        using var patience = new CancellationTokenSource(Patience);
        while (!await IsReady(client, patience.Token))
        {
            if (server.command.HasEnded) Assert.Fail($"unseen serve has ended: {server.command.Wait().Error}");
            await Task.Delay(50, patience.Token);
        }
        return server;
    }

    /// <summary>Ends it as an operator does.</summary>
    public void Stop()
    {
        command.Signal("TERM");
        Assert.Equal(0, command.Wait().ExitCode);
    }

    public void Dispose() => command.Dispose();

    private static async Task<bool> IsReady(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("ready", UriKind.Relative), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
