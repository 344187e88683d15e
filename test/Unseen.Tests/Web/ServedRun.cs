using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Unseen.Tests.Classification;
using Unseen.Web;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>A server on a free port of this machine, with a copy of a model that the test may change.</summary>
internal sealed class ServedRun : IAsyncDisposable
{
    private ServedRun(UnseenServer server, string model)
    {
        (Server, Model) = (server, model);
        Address = new(server.Addresses[0]);
        Client = new() { BaseAddress = Address };
    }

    public UnseenServer Server { get; }

    /// <summary>The model folder.</summary>
    public string Model { get; }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public static async Task<ServedRun> Start(PictureRun run, Func<ServerOptions, ServerOptions>? change = null, string method = "ridge")
    {
        var model = run.Copy(run.Model(method));
        var options = new ServerOptions { Models = [new("birds", model)], Urls = ["http://127.0.0.1:0"] };
        return new(await UnseenServer.StartAsync(change is null ? options : change(options), TestContext.Current.CancellationToken), model);
    }

    /// <summary>A file as a body.</summary>
    public static ByteArrayContent Picture(byte[] bytes, string type = "image/png") => new(bytes) { Headers = { ContentType = new(type) } };

    /// <summary>JSON as a body.</summary>
    public static StringContent JsonText(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>A CSV table as a body.</summary>
    public static StringContent Table(string csv) => new(csv, Encoding.UTF8, "text/csv");

    public async Task<Answer> Get(string path) => await Send(new(HttpMethod.Get, path));

    public async Task<Answer> Post(string path, HttpContent body) => await Send(new(HttpMethod.Post, path) { Content = body });

    public async Task<Answer> Put(string path, string json) => await Send(new(HttpMethod.Put, path) { Content = JsonText(json) });

    public async Task<Answer> Delete(string path) => await Send(new(HttpMethod.Delete, path));

    public async Task<Answer> Send(HttpRequestMessage request, string? token = null)
    {
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return new(response.StatusCode, response.Headers, response.Content.Headers,
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Sends bytes as they are and reads the first line of the answer; empty when the connection is closed without one.</summary>
    public async Task<string> Raw(string text, bool closesAtOnce = false)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        if (closesAtOnce) return "";
        using var reader = new StreamReader(socket.GetStream());
        return await reader.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
    }

    /// <summary>The server must be alive, ready and right after anything that was done to it.</summary>
    public async Task AssertAnswers(byte[] picture)
    {
        Assert.Equal(HttpStatusCode.OK, (await Get("/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Get("/ready")).Status);
        var answer = await Post("/v1/classify?top=1", Picture(picture));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(1, answer.Json.GetProperty("top").GetArrayLength());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>An answer of the server.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, HttpContentHeaders Content, byte[] Bytes)
{
    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    public string Text => Encoding.UTF8.GetString(Bytes);

    public string Header(string name) => Assert.Single(Headers.GetValues(name));

    /// <summary>Checks that this is a problem as RFC 9457 has it; returns its detail.</summary>
    public string Problem(int status)
    {
        Assert.Equal((status, "application/problem+json"), ((int)Status, Content.ContentType?.MediaType));
        var problem = Json;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        return problem.GetProperty("detail").GetString()!;
    }
}
