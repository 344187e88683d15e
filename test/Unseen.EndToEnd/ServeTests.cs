using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Unseen.EndToEnd;

/// <summary>`unseen serve` as a process.</summary>
public sealed class ServeTests(MiniWorld world) : IClassFixture<MiniWorld>
{
    private const string Token = "token-for-this-test";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_server_classifies_takes_a_class_with_the_token_and_ends_well(string signal)
    {
        var run = Model($"served-{signal}");
        using var served = Served.Start(new Dictionary<string, string> { ["UNSEEN_TOKEN"] = Token }, $"birds={run}", "--json-logs");
        var picture = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var predicted = JsonDocument.Parse(Command.Run("predict", run, picture, "--json", "--top", "3").Output).RootElement[0].GetProperty("top");
        var answered = JsonDocument.Parse(await served.Classify(picture)).RootElement.GetProperty("top");
        Assert.Equal(predicted.EnumerateArray().Take(3).Select(p => p.GetProperty("class").GetString()),
            answered.EnumerateArray().Take(3).Select(p => p.GetProperty("class").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.Add("Azure Finch", Attribute, token: null));
        Assert.Equal(HttpStatusCode.Unauthorized, await served.Add("Azure Finch", Attribute, token: "wrong"));
        Assert.Equal(HttpStatusCode.Created, await served.Add("Azure Finch", Attribute, Token));
        Assert.Contains("Azure Finch", await served.Classify(picture, top: 99), StringComparison.Ordinal);
        served.Command.Signal(signal);
        var finished = served.Command.Wait();
        Assert.True(finished.ExitCode == 0, finished.Error);
        Assert.Equal($"Serving at {served.Address}", finished.Output.Trim());
        var lines = Log(finished);
        Assert.Equal(["Ctrl-C stops the server.", "Stopping: what is in work is finished."], [Message(lines[0]), Message(lines[^1])]);
        Assert.Contains(lines, l => Message(l).StartsWith("POST /v1/classify 200 ", StringComparison.Ordinal));
        Assert.DoesNotContain(Token, finished.Error, StringComparison.Ordinal);
        Assert.Contains("Azure Finch", Command.Run("classes", run, "list").Output, StringComparison.Ordinal);
    }

    /// <summary>After the first signal the server waits until the connection is closed; a second one, not at once, does not.</summary>
    [Fact]
    public async Task A_second_signal_ends_a_server_that_waits_for_a_request()
    {
        using var served = Served.Start(null, Model("served-twice"));
        using var slow = await served.SendHalfARequest();
        served.Command.Signal("TERM");
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        served.Command.Signal("TERM");
        Assert.Equal(130, served.Command.Wait().ExitCode);
    }

    /// <summary>Nobody can fill the log with errors by sending slowly, or with numbers that are only declared.</summary>
    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\nx", 408, 1)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", 408, 1)]
    [InlineData("Content-Length: 99999999999\r\n\r\nx", 413, 0)]
    public async Task A_body_that_does_not_come_leaves_one_line_in_the_log(string rest, int status, int bytes)
    {
        using var served = Served.Start(null, Model($"served-slow-{rest.Length}"), "--timeout", "1", "--json-logs");
        Assert.StartsWith($"HTTP/1.1 {status} ", await served.SendAndWait($"Content-Type: image/png\r\n{rest}"), StringComparison.Ordinal);
        served.Command.Signal("TERM");
        var lines = Log(served.Command.Wait());
        Assert.All(lines, l => Assert.Equal("Information", l.GetProperty("LogLevel").GetString()));
        var state = Assert.Single(lines, l => l.GetProperty("State").TryGetProperty("Path", out _)).GetProperty("State");
        Assert.Equal((3, status, bytes), (lines.Count, state.GetProperty("Status").GetInt32(), state.GetProperty("Bytes").GetInt32()));
    }

    [Fact]
    public async Task A_number_format_is_for_the_models_that_have_it_and_the_log_names_the_others()
    {
        var trained = Command.Run(world.Train("served-half", "--method", "cvsc", "--set", "training.epochs=1"));
        Assert.True(trained.ExitCode == 0, trained.Error);
        using var served = Served.Start(null, $"full={Model("served-full")}", $"half={world["served-half"]}", "--precision", "bf16");
        served.Command.Signal("TERM");
        var lines = served.Command.Wait().Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("The model 'full' stays f32: method 'ridge' has no large matrix products that another number format would make faster.",
            Assert.Single(lines, l => l.Contains("stays f32", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_served_ends_with_1_and_a_message()
    {
        var nothing = Command.Run("serve", world["no-such-run"]);
        Assert.Equal((1, ""), (nothing.ExitCode, nothing.Output));
        Assert.Contains("no-such-run", nothing.Error, StringComparison.Ordinal);
        var open = Command.Run("serve", Model("open"), "--urls", "http://0.0.0.0:0");
        Assert.Equal(1, open.ExitCode);
        Assert.StartsWith("The server would be reached from other machines, so it needs a token", open.Error, StringComparison.Ordinal);
        Assert.Equal((1, "Method 'ridge' has no large matrix products that bf16 would make faster, so precision must be f32. Leave it out."),
            (Command.Run("serve", Model("half"), "--precision", "bf16") is var half ? half.ExitCode : 0, half.Error.Trim()));
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var busy = Command.Run("serve", Model("busy"), "--urls", $"http://{taken.LocalEndpoint}");
        Assert.Equal(1, busy.ExitCode);
        Assert.Contains("address already in use", busy.Error, StringComparison.Ordinal);
        Assert.Equal(2, Command.Run("serve").ExitCode);
        Assert.Equal(2, Command.Run("serve", "x", "--queue", "0").ExitCode);
    }

    [Fact]
    public void Other_commands_do_not_load_the_web_server()
    {
        var run = Model("plain");
        using var served = Served.Start(null, run);
        Assert.Contains("Microsoft.AspNetCore.Server.Kestrel", served.Command.MappedFiles, StringComparison.Ordinal);
        using var predict = Command.StartWithInput($"{Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).First()}\n",
            "predict", run, "-");
        for (var i = 0; i < 500 && !predict.MappedFiles.Contains("onnxruntime", StringComparison.Ordinal); i++) Thread.Sleep(20);
        Assert.Contains("Unseen.dll", predict.MappedFiles, StringComparison.Ordinal);
        Assert.DoesNotContain("AspNetCore", predict.MappedFiles, StringComparison.Ordinal);
        Assert.DoesNotContain("Unseen.Web", predict.MappedFiles, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kill_during_changes_leaves_a_model_that_works()
    {
        var run = Model("killed");
        for (var round = 0; round < 6; round++)
        {
            using (var served = Served.Start(null, run))
            {
                var added = 0;
                var first = new TaskCompletionSource();
                var adding = Task.Run(async () =>
                {
                    for (var i = 0; ; i++, added++)
                    {
                        if (await served.Add($"class {round} {i}", Attribute, token: null) != HttpStatusCode.Created) return;
                        first.TrySetResult();
                    }
                }, Cancellation);
                await first.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
                await Task.Delay(37 * round, Cancellation);
                served.Command.Signal("KILL");
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => adding);
                Assert.Equal(137, served.Command.Wait().ExitCode);
                var classes = Names(run);
                Assert.All(Enumerable.Range(0, added), i => Assert.Contains($"class {round} {i}", classes));
            }
            var history = JsonDocument.Parse(Command.Run("classes", run, "list", "--history", "--json").Output).RootElement.GetArrayLength();
            Assert.Equal(8 + history, Names(run).Count);
        }
        using var again = Served.Start(null, run);
        Assert.Equal(HttpStatusCode.Created, await again.Add("last", Attribute, token: null));
    }

    [Fact]
    public async Task A_full_disk_is_a_problem_and_leaves_the_model_as_it_was()
    {
        var run = Model("full");
        var kibibytes = (new FileInfo(Path.Combine(run, "model", "model.json")).Length >> 10) + 1;
        // A limit on the size of files acts as a full disk does. The runtime's own double mapping of code would hit it as well.
        using var served = Served.Start(new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" }, fileLimit: kibibytes, run);
        var (status, added) = (HttpStatusCode.Created, 0);
        for (; status == HttpStatusCode.Created && added < 50; added++) status = await served.Add($"class {added}", Attribute, token: null);
        Assert.Equal(507, (int)status);
        var kept = Names(run);
        Assert.Equal(8 + added - 1, kept.Count);
        var picture = Directory.EnumerateFiles(Path.Combine(world.Dataset, "images"), "*", SearchOption.AllDirectories).First();
        var top = JsonDocument.Parse(await served.Classify(picture, top: 999)).RootElement.GetProperty("top");
        Assert.Equal(kept.Count, top.GetArrayLength());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(run, "model"), "*.tmp"));
        served.Command.Signal("TERM");
        Assert.Equal(0, served.Command.Wait().ExitCode);
    }

    /// <summary>Standard error with --json-logs: every line is JSON.</summary>
    private static List<JsonElement> Log(Finished finished) =>
        [.. finished.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    private static string Message(JsonElement line) => line.GetProperty("Message").GetString()!;

    private string Attribute => File.ReadAllLines(Path.Combine(world.Dataset, "attributes.csv"))[1].Split(',')[0];

    private static List<string> Names(string run)
    {
        var list = Command.Run("classes", run, "list", "--json");
        Assert.True(list.ExitCode == 0, list.Error);
        return [.. JsonDocument.Parse(list.Output).RootElement.EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
    }

    /// <summary>A copy of the model, to be changed.</summary>
    private string Model(string name)
    {
        if (!Directory.Exists(world["served-model"]))
        {
            var trained = Command.Run(world.Train("served-model", "--method", "ridge"));
            Assert.True(trained.ExitCode == 0, trained.Error);
        }
        foreach (var file in Directory.EnumerateFiles(Path.Combine(world["served-model"], "model"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(world[name], Path.GetRelativePath(world["served-model"], file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        return world[name];
    }

    /// <summary>A server that listens.</summary>
    private sealed class Served : IDisposable
    {
        private readonly HttpClient client;

        private Served(Command command, string address) => (Command, Address, client) = (command, address, new() { BaseAddress = new(address) });

        public Command Command { get; }

        public string Address { get; }

        public static Served Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Start(environment, 0, arguments);

        public static Served Start(IReadOnlyDictionary<string, string>? environment, long fileLimit, params string[] arguments)
        {
            var address = $"http://127.0.0.1:{FreePort()}";
            string[] all = ["serve", .. arguments, "--urls", address];
            var command = fileLimit > 0 ? Command.StartLimited(fileLimit, environment, all) : Command.Start(environment, all);
            command.WaitForError("Ctrl-C stops the server.");
            return new(command, address);
        }

        public async Task<string> Classify(string file, int top = 5)
        {
            using var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, Cancellation));
            content.Headers.ContentType = new("image/png");
            using var response = await client.PostAsync($"/v1/classify?top={top}", content, Cancellation);
            var text = await response.Content.ReadAsStringAsync(Cancellation);
            Assert.True(response.IsSuccessStatusCode, text);
            return text;
        }

        /// <summary>A connection over which the head of a request came and one byte of its body, for the rest of which the server waits: it says so.</summary>
        public async Task<TcpClient> SendHalfARequest()
        {
            const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
            var connection = await Send("Content-Type: image/png\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n");
            var answer = new byte[Continue.Length];
            await connection.GetStream().ReadExactlyAsync(answer, Cancellation);
            Assert.Equal(Continue, Encoding.ASCII.GetString(answer));
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("x"), Cancellation);
            return connection;
        }

        /// <summary>Sends a request, keeps the connection until the server closes it, and returns what came.</summary>
        public async Task<string> SendAndWait(string rest)
        {
            using var connection = await Send(rest);
            using var reader = new StreamReader(connection.GetStream());
            var answer = new StringBuilder();
            var block = new char[4096];
            try
            {
                for (int count; (count = await reader.ReadAsync(block, Cancellation)) > 0;) answer.Append(block, 0, count);
            }
            catch (IOException) { }         // what the server has not read is thrown away with the connection
            return answer.ToString();
        }

        /// <summary>A connection over which a picture is sent for classification: headers from the second on, and what there is of the body.</summary>
        private async Task<TcpClient> Send(string rest)
        {
            var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, new Uri(Address).Port, Cancellation);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n{rest}"), Cancellation);
            return connection;
        }

        public async Task<HttpStatusCode> Add(string name, string attribute, string? token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/classes")
            {
                Content = new StringContent($$"""{"name": "{{name}}", "attributes": {"{{attribute}}": 0.5} }""", Encoding.UTF8, "application/json"),
            };
            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await client.SendAsync(request, Cancellation);
            return response.StatusCode;
        }

        public void Dispose()
        {
            client.Dispose();
            Command.Dispose();
        }

        private static int FreePort()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
    }
}
