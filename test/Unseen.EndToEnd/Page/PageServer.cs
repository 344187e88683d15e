using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Unseen.EndToEnd.Page;

/// <summary>`unseen serve` as a process on a free port of this machine.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly Command command;

    private PageServer(Command command, Uri address) => (this.command, Address) = (command, address);

    public Uri Address { get; }

    /// <summary>Starts it and waits until it takes requests.</summary>
    public static PageServer Start(params string[] arguments)
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var command = Command.Start(["serve", .. arguments, "--urls", address]);
        command.WaitForError("Ctrl-C stops the server.");
        return new(command, new(address));
    }

    /// <summary>Ends it as an operator does.</summary>
    public void Stop()
    {
        command.Signal("TERM");
        Assert.Equal(0, command.Wait().ExitCode);
    }

    public void Dispose() => command.Dispose();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
