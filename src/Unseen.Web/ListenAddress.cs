using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Unseen.Web;

/// <summary>An address to listen on.</summary>
/// <param name="Address">IP address; null for localhost, which has two.</param>
/// <param name="Port">Port; 0 takes a free one.</param>
internal sealed record ListenAddress(IPAddress? Address, int Port)
{
    /// <summary>True when only this machine reaches it.</summary>
    public bool IsLoopback => Address is null || IPAddress.IsLoopback(Address);

    /// <summary>Reads addresses that have no problems.</summary>
    public static IReadOnlyList<ListenAddress> Parse(IEnumerable<string> urls) => [.. urls.Select(Parse)];

    /// <summary>What is wrong with addresses.</summary>
    public static IEnumerable<string> Problems(IReadOnlyList<string> urls) =>
        urls.Count == 0 ? ["Give at least one address to listen on."] : urls.Select(Problem).OfType<string>();

    /// <summary>Listens on it.</summary>
    public void Bind(KestrelServerOptions kestrel)
    {
        if (Address is null) kestrel.ListenLocalhost(Port);
        else if (Address.Equals(IPAddress.IPv6Any)) kestrel.ListenAnyIP(Port);      // IPv4 alone where there is no IPv6
        else kestrel.Listen(Address, Port);
    }

    private static ListenAddress Parse(string url)
    {
        var binding = BindingAddress.Parse(url);
        return binding.Host switch
        {
            "localhost" => new(binding.Port == 0 ? IPAddress.Loopback : null, binding.Port),
            "*" or "+" => new(IPAddress.IPv6Any, binding.Port),
            var host => new(IPAddress.Parse(host.Trim('[', ']')), binding.Port),
        };
    }

    private static string? Problem(string url)
    {
        BindingAddress binding;
        try { binding = BindingAddress.Parse(url); }
        catch (FormatException) { return $"'{url}' is no address. Expected for example http://127.0.0.1:5080."; }
        if (binding.Scheme == "https")
            return $"'{url}': the server speaks http only. Put a reverse proxy with your certificate before it.";
        var isKnown = binding.Scheme == "http" && !binding.IsUnixPipe && !binding.IsNamedPipe && binding.PathBase is "" or "/"
            && binding.Port is >= 0 and <= IPEndPoint.MaxPort && (binding.Host is "localhost" or "*" or "+" || IPAddress.TryParse(binding.Host.Trim('[', ']'), out _));
        return isKnown ? null : $"'{url}': expected http://HOST:PORT where HOST is an IP address, localhost, or * for all, and PORT from 0 to 65535.";
    }
}
