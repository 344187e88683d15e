using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Unseen.Web.Http;
using Unseen.Web.Inference;
using Unseen.Web.Monitoring;
using Unseen.Web.Security;

namespace Unseen.Web;

/// <summary>Puts the parts of the server together.</summary>
internal static class ServerPipeline
{
    private const int KeptImages = 128;
    private const long KeptBytes = 128L << 20;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(15);

    /// <summary>Builds a server without routes that does not listen yet.</summary>
    public static WebApplication Build(ServerOptions options)
    {
        // Nothing is read from files or environment variables of the folder where the server happens to be started.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, ApplicationName = "Unseen" });
        Logs.Configure(builder.Logging, options.JsonLogs);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => KestrelLimits.Set(kestrel, options));
        builder.Services.AddRouting();
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        builder.Services.AddCors();
        InterfaceDocument.Add(builder.Services);
        return builder.Build();
    }

    /// <summary>Adds what answers requests.</summary>
    public static void Use(WebApplication app, ServerOptions options, ServedModels models, ServerMetrics metrics, PictureQueue queue)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var access = new AccessGuard(options);
        var problems = new Problems(app.Services.GetRequiredService<ILogger<Problems>>());
        var requests = new RequestLog(app.Services.GetRequiredService<ILogger<RequestLog>>(), metrics);
        var page = new StaticPage();
        app.Use(async (context, next) =>
        {
            using var deadline = RequestDeadline.Start(context, options.Timeout);
            await requests.Watch(context, next);
        });
        app.Use(problems.Guard);
        if (options.AllowedOrigins.Count > 0) app.UseWhen(context => AccessGuard.IsApi(context.Request), api => api.UseCors(policy => AllowOrigins(policy, options)));
        app.Use(async (context, next) =>
        {
            SecurityHeaders.Add(context.Response.Headers);
            access.Check(context);
            if (AccessGuard.IsApi(context.Request)) Query.RequireKnown(context);
            context.Response.Headers.CacheControl = "no-store";     // the page's files say otherwise for themselves
            if (stopping.IsCancellationRequested && AccessGuard.IsApi(context.Request))
                throw new ProblemException(StatusCodes.Status503ServiceUnavailable, "The server is stopping.") { RetryAfter = 5 };
            if (!await page.Serve(context)) await next(context);
        });
        Map(app, options, models, metrics, queue, access);
        metrics.Observe(() => !stopping.IsCancellationRequested && !queue.IsFull);
    }

    /// <summary>No credentials: a page of another site never acts with the rights of who looks at it; the token it must have itself.</summary>
    private static void AllowOrigins(CorsPolicyBuilder policy, ServerOptions options) => policy.WithOrigins([.. options.AllowedOrigins])
        .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Delete).WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
        .WithExposedHeaders(PictureRoutes.IdentifierHeader, HeaderNames.RetryAfter).SetPreflightMaxAge(TimeSpan.FromHours(1));

    private static void Map(
        WebApplication app, ServerOptions options, ServedModels models, ServerMetrics metrics, PictureQueue queue, AccessGuard access)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var bodies = new BodyReader(options, metrics);
        var (json, uploads) = (new JsonBody(bodies), new PictureUpload(options, bodies));
        var recent = new RecentImages(TimeProvider.System, KeptImages, KeptBytes, KeptFor);
        new ModelRoutes(models, options, access).Map(app);
        new ClassRoutes(models, queue, json, new TableBody(bodies)).Map(app);
        new PictureRoutes(models, queue, bodies, uploads, recent).Map(app);
        new TryRoute(models, queue, json, bodies, uploads, recent).Map(app);
        new StatusRoutes(metrics, () => stopping.IsCancellationRequested ? "The server is stopping." : queue.IsFull ? "The queue is full." : null).Map(app);
        InterfaceDocument.Map(app);
    }

    /// <summary>Signals are the caller's; the server stops when it is told to.</summary>
    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
