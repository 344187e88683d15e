using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;

namespace Unseen.Web;

/// <summary>Models behind an HTTP interface, with a page for people.</summary>
public sealed class UnseenServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ServedModels models;
    private readonly ServerMetrics metrics;
    private readonly PictureQueue queue;
    private bool stopped;

    private UnseenServer(WebApplication app, ServedModels models, ServerMetrics metrics, PictureQueue queue) =>
        (this.app, this.models, this.metrics, this.queue) = (app, models, metrics, queue);

    /// <summary>The queue of pictures.</summary>
    internal PictureQueue Queue => queue;

    /// <summary>Where it listens, with the ports that were found for port 0.</summary>
    public IReadOnlyList<string> Addresses =>
        [.. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses];

    /// <summary>Loads the models, then begins to listen: whoever can connect gets answers.</summary>
    /// <param name="options">How models are served.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ConfigurationException">The options are wrong; every problem is named.</exception>
    /// <exception cref="UnseenException">A folder holds no model that can be used.</exception>
    /// <exception cref="IOException">An address is in use.</exception>
    public static async Task<UnseenServer> StartAsync(ServerOptions options, CancellationToken cancellation = default)
    {
        options.Validate();
        var models = ServedModels.Load(options, cancellation);
        var metrics = new ServerMetrics();
        var server = ServerPipeline.Build(options, models, metrics, (app, queue) => new UnseenServer(app, models, metrics, queue));
        try
        {
            await server.app.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.StopAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops: /ready says 503 and nothing new is taken, what is in work is finished within <see cref="ServerOptions.ShutdownTimeout"/>.
    /// </summary>
    public async Task StopAsync()
    {
        if (stopped) return;
        stopped = true;
        await app.StopAsync();
        await app.DisposeAsync();
        queue.Stop();
        models.Dispose();
        metrics.Dispose();
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();
}
