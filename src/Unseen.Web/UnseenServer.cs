using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
    private readonly ServerLog log;
    private readonly Lazy<Task> stopping;

    private UnseenServer(ServerOptions options, ServedModels models)
    {
        (this.models, metrics, app, stopping) = (models, new(), ServerPipeline.Build(options), new(Stop));
        queue = new(options, metrics, app.Services.GetRequiredService<ILogger<PictureQueue>>());
        log = new(app.Services.GetRequiredService<ILogger<UnseenServer>>());
    }

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
        UnseenServer? server = null;
        try
        {
            server = new(options, models);
            ServerPipeline.Use(server.app, options, models, server.metrics, server.queue);
            await server.app.StartAsync(cancellation);
            foreach (var (model, method) in models.Precision.Without) server.log.SayStaysF32(model, method);
            return server;
        }
        catch
        {
            if (server is null) models.Dispose();
            else await server.StopAsync();
            throw;
        }
    }

    /// <summary>Writes a line to the log, in the form that the others have.</summary>
    /// <param name="text">The line.</param>
    public void Log(string text) => log.Say(text);

    /// <summary>
    /// Stops: /ready says 503 and nothing new is taken, what is in work is finished within <see cref="ServerOptions.ShutdownTimeout"/>. Whoever stops
    /// it again waits for the same end.
    /// </summary>
    public Task StopAsync() => stopping.Value;

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Ends every part, also when one before it fails.</summary>
    private async Task Stop()
    {
        using (metrics)
        using (models)
            try
            {
                await using (app) await app.StopAsync();
            }
            finally
            {
                queue.Stop();
            }
    }
}
