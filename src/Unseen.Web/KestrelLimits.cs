using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Unseen.Web;

/// <summary>Limits of the HTTP server itself: nobody keeps a connection by sending nothing, or slowly.</summary>
internal static class KestrelLimits
{
    private const int Connections = 1024;
    private const int LeastBytesPerSecond = 2048;

    /// <summary>Sets them, and the addresses.</summary>
    public static void Set(KestrelServerOptions kestrel, ServerOptions options)
    {
        foreach (var address in ListenAddress.Parse(options.Urls)) address.Bind(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = Connections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = options.MaximumBodyBytes;
        limits.MaxRequestLineSize = 8 << 10;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        limits.MinRequestBodyDataRate = new(LeastBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
        limits.MinResponseDataRate = new(LeastBytesPerSecond, gracePeriod: TimeSpan.FromSeconds(5));
    }
}
