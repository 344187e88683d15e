using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Unseen.Web.Http;
using Unseen.Web.Monitoring;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Whatever is sent, the server answers with a problem or closes the connection, and goes on answering.</summary>
public sealed class FaultTests(PictureRun run) : IClassFixture<PictureRun>
{
    private static readonly byte[] Picture = TestPictures.Png(12, 10, 3);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Truncated_uploads_are_forgotten()
    {
        await using var served = await ServedRun.Start(run, o => o with { Queue = 4 });
        for (var i = 0; i < 20; i++)
            await served.Raw("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nabc", closesAtOnce: true);
        for (var i = 0; i < 20; i++)
            await served.Raw("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000\r\n\r\n--x\r\n", closesAtOnce: true);
        await served.AssertAnswers(Picture);
    }

    [Fact]
    public async Task A_body_of_100_MB_is_refused_by_its_length_before_it_is_sent()
    {
        await using var served = await ServedRun.Start(run);
        foreach (var route in new[] { "/v1/classify", "/v1/explain", "/v1/try", "/v1/classes" })
        {
            var line = await served.Raw($"POST {route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {(route.Length < 9 || route == "/v1/classes" ? "application/json" : "image/png")}\r\n"
                + $"Content-Length: {100 << 20}\r\n\r\n");
            Assert.Equal("HTTP/1.1 413 Payload Too Large", line);
        }
        Assert.Contains("unseen_http_requests_total{route=\"/v1/classify\",method=\"POST\",status=\"413\"} 1", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
        await served.AssertAnswers(Picture);
    }

    [Fact]
    public async Task A_body_without_length_ends_at_the_limit()
    {
        await using var served = await ServedRun.Start(run, o => o with { MaximumBodyBytes = 100_000 });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/classify") { Content = ServedRun.Picture(new byte[1_000_000]) };
        request.Headers.TransferEncodingChunked = true;
        int status;
        try { status = (int)(await served.Send(request)).Status; }
        catch (HttpRequestException) { status = 413; }       // the connection was closed while the client was still sending
        Assert.Equal(413, status);
        using var many = new MultipartFormDataContent();
        for (var i = 0; i < 80; i++) many.Add(ServedRun.Picture(Picture), "files", $"{i}.png");
        Assert.Equal("A request has at most 64 pictures.", (await served.Post("/v1/classify", many)).Problem(413));
        await served.AssertAnswers(Picture);
    }

    [Fact]
    public async Task Slow_clients_are_given_up_and_hold_no_place()
    {
        await using var served = await ServedRun.Start(run, o => o with { Timeout = TimeSpan.FromSeconds(1), Queue = 2 });
        var slow = Enumerable.Range(0, 6).Select(_ =>
            served.Raw("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 5000\r\n\r\nabc")).ToList();
        await served.AssertAnswers(Picture);
        Assert.All(await Task.WhenAll(slow), line => Assert.Equal("HTTP/1.1 408 Request Timeout", line));
        await served.AssertAnswers(Picture);
    }

    /// <summary>More than the budget is declared, next to nothing is sent.</summary>
    [Fact]
    public async Task Slow_uploads_of_large_declared_lengths_shut_nobody_out()
    {
        await using var served = await ServedRun.Start(run, o => o with { Timeout = TimeSpan.FromSeconds(3) });
        var slow = Enumerable.Range(0, 40).Select(_ =>
            served.Raw($"POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: {32 << 20}\r\n\r\nabc")).ToList();
        await Until(() => served.Get("/metrics").Result.Text.Contains("unseen_http", StringComparison.Ordinal));
        await served.AssertAnswers(Picture);
        Assert.All(await Task.WhenAll(slow), line => Assert.Equal("HTTP/1.1 408 Request Timeout", line));
    }

    [Fact]
    public async Task An_answer_has_its_length_and_does_not_begin_when_the_time_is_over()
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await Json.Answer(new { word = "bird" }).ExecuteAsync(context);
        Assert.Equal("""{"word":"bird"}""", Encoding.UTF8.GetString(body.ToArray()));
        Assert.Equal(body.Length, context.Response.ContentLength);
        var late = new DefaultHttpContext { RequestAborted = new(canceled: true) };
        await Assert.ThrowsAsync<OperationCanceledException>(() => Json.Answer(1).ExecuteAsync(late));
        Assert.False(late.Response.HasStarted);
    }

    [Fact]
    public async Task Names_and_sentences_of_any_length_cost_little_and_are_not_echoed()
    {
        await using var served = await ServedRun.Start(run);
        var attribute = Unseen.Classification.ModelClasses.Open(served.Model).Record.Attributes[0].Name;
        var huge = new string('z', 300_000);
        foreach (var (json, start) in new[]
        {
            ($$"""{"attributes": {"{{huge}}": 1} }""", "The model has no attribute 'zzz"),
            ($$"""{"attributes": {"{{attribute}}": 1}, "like": "{{huge}}"}""", "Unknown class 'zzz"),
            ($$"""{"describe": "{{huge}}"}""", "The sentence has 300000 characters; at most 2000 are read."),
            ($$"""{"attributes": { {{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"none {i}\": 1"))}} } }""", "The model has no attribute 'none 0'."),
        })
        {
            var detail = (await served.Post("/v1/try", ServedRun.JsonText(json))).Problem(400);
            Assert.StartsWith(start, detail, StringComparison.Ordinal);
            Assert.InRange(detail.Length, 1, 6000);
        }
        await served.AssertAnswers(Picture);
    }

    [Fact]
    public async Task What_would_be_ignored_is_refused()
    {
        await using var served = await ServedRun.Start(run);
        using var form = new MultipartFormDataContent { { ServedRun.Picture(Picture), "files", "a.png" }, { new StringContent("other"), "model" } };
        Assert.StartsWith("The part 'model' is no file.", (await served.Post("/v1/classify", form)).Problem(400), StringComparison.Ordinal);
        var sent = (await served.Post("/v1/classify", ServedRun.Picture(Picture))).Json.GetProperty("image").GetString();
        Assert.Equal("Send a picture or the identifier of one, not both.", (await served.Post($"/v1/explain?image={sent}", ServedRun.Picture(Picture))).Problem(400));
        Assert.Equal("'attributes' must be from 1 to 50, found 51.", (await served.Post("/v1/explain?attributes=51", ServedRun.Picture(Picture))).Problem(400));
    }

    [Fact]
    public async Task Bombs_and_broken_pictures_are_unreadable()
    {
        await using var served = await ServedRun.Start(run, o => o with { MaximumPixels = 1_000_000 });
        foreach (var (bytes, reason) in new[]
        {
            (Declared(60_000, 60_000), "the picture is 60000x60000 pixels; at most 1000000 pixels"),
            (Declared(int.MaxValue, 1), "image: "),
            (TestPictures.Png(1001, 1000, 1), "at most 1000000 pixels"),
            (Picture[..(Picture.Length / 2)], "image: "),
            (Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "this is not a JPEG, PNG, WebP, GIF or BMP picture."),
            (new byte[1000], "this is not a JPEG, PNG, WebP, GIF or BMP picture."),
        })
            Assert.Contains(reason, (await served.Post("/v1/classify", ServedRun.Picture(bytes))).Problem(422), StringComparison.Ordinal);
        Assert.Equal("The body is empty. Send an image file as it is.", (await served.Post("/v1/classify", ServedRun.Picture([]))).Problem(400));
        await served.AssertAnswers(Picture);
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("multipart/form-data", 400)]
    [InlineData("multipart/form-data; boundary=" + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345", 400)]
    [InlineData("multipart/form-data; boundary=x", 400)]
    [InlineData("image/png", 422)]
    [InlineData("application/octet-stream", 422)]
    public async Task Wrong_types_and_forms_are_refused(string type, int status)
    {
        await using var served = await ServedRun.Start(run);
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes("nonsense without any boundary"));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        (await served.Post("/v1/classify", content)).Problem(status);
        await served.AssertAnswers(Picture);
    }

    [Theory]
    [InlineData("top=0", "'top' must be from 1 to 10000, found 0.")]
    [InlineData("top=x", "'top' must be a whole number, found 'x'.")]
    [InlineData("candidates=some", "'candidates' must be all, seen or unseen.")]
    public async Task Wrong_queries_are_refused(string query, string detail)
    {
        await using var served = await ServedRun.Start(run);
        Assert.StartsWith(detail, (await served.Post("/v1/classify?" + query, ServedRun.Picture(Picture))).Problem(400), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_refuses_and_recovers()
    {
        await using var served = await ServedRun.Start(run, o => o with { Queue = 2 });
        using var gate = new Gate();
        var held = Hold(served, gate);
        var waiting = served.Post("/v1/classify", ServedRun.Picture(Picture));
        await Until(() => served.Server.Queue.IsFull);
        foreach (var route in new[] { "/v1/classify", "/v1/explain", "/v1/try" })
        {
            var refused = await served.Post(route, ServedRun.Picture(Picture));
            Assert.Equal("The queue of 2 pictures is full. Try again in a moment.", refused.Problem(429));
            Assert.Equal("1", refused.Header("Retry-After"));
        }
        Assert.Equal("The queue is full.", (await served.Get("/ready")).Problem(503));
        Assert.Equal(HttpStatusCode.OK, (await served.Get("/health")).Status);
        gate.Set();
        await held;
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        await served.AssertAnswers(Picture);
        using var three = new MultipartFormDataContent();
        for (var i = 0; i < 2; i++) three.Add(ServedRun.Picture(Picture), "files", $"{i}.png");
        Assert.Equal(HttpStatusCode.OK, (await served.Post("/v1/classify", three)).Status);
        Assert.Contains("unseen_queue_length 0", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_of_clients_that_have_gone_is_left_out()
    {
        await using var served = await ServedRun.Start(run, o => o with { Queue = 8 });
        using var gate = new Gate();
        var held = Hold(served, gate);
        using (var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var requests = Enumerable.Range(0, 7).Select(_ => served.Client.PostAsync("/v1/classify", ServedRun.Picture(Picture), gone.Token)).ToList();
            await Until(() => served.Server.Queue.IsFull);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(requests));
        }
        await Until(() => served.Get("/metrics").Result.Text.Contains("status=\"499\"} 7", StringComparison.Ordinal));
        gate.Set();
        await held;
        await Until(() => served.Get("/metrics").Result.Text.Contains("unseen_queue_length 0", StringComparison.Ordinal));
        Assert.DoesNotContain("unseen_batch_size_sum", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
        await served.AssertAnswers(Picture);
    }

    [Fact]
    public async Task A_request_that_waits_too_long_is_told_so()
    {
        await using var served = await ServedRun.Start(run, o => o with { Timeout = TimeSpan.FromSeconds(0.5) });
        using var gate = new Gate();
        var held = Hold(served, gate);
        Assert.Equal("The answer was not ready within 0.5 seconds.", (await served.Post("/v1/try", ServedRun.JsonText("""{"rest": "mean"}"""))).Problem(503));
        // Nobody waits any more, but the work is still there.
        Assert.Contains("unseen_queue_length 2", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
        foreach (var route in new[] { "/v1/classify", "/v1/explain" })
            Assert.Equal("The answer was not ready within 0.5 seconds.", (await served.Post(route, ServedRun.Picture(Picture))).Problem(503));
        gate.Set();
        await held;
        await Until(() => served.Get("/metrics").Result.Text.Contains("unseen_queue_length 0", StringComparison.Ordinal));
        await served.AssertAnswers(Picture);
    }

    /// <summary>16 bodies of one block each are all the memory; the one reader does not come to them.</summary>
    [Fact]
    public async Task Uploads_that_wait_in_the_queue_count_against_the_memory_for_bodies()
    {
        await using var served = await ServedRun.Start(run, o => o with
        {
            Models = [new("held", o.Models[0].Path)],
            Threads = 1,
            MaximumBodyBytes = 1 << 16,
            LeastBodyMemory = 16 << 16,
        });
        using var gate = new Gate();
        using var readers = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "unseen_images") listener.EnableMeasurementEvents(instrument);
            },
        };
        using var read = new ManualResetEventSlim();
        readers.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (!tags.Contains(new("model", "held"))) return;
            read.Set();
            gate.Wait(Cancellation);
        });
        readers.Start();
        var held = served.Post("/v1/classify", ServedRun.Picture(Picture));
        await Until(() => read.IsSet);      // and has given its own body back
        var waiting = Enumerable.Range(0, 16).Select(_ => served.Post("/v1/classify", ServedRun.Picture(new byte[60_000]))).ToList();
        await Until(() => served.Get("/metrics").Result.Text.Contains("unseen_queue_length 17", StringComparison.Ordinal));
        Assert.Equal("Too many uploads at once. Try again in a moment.", (await served.Post("/v1/classify", ServedRun.Picture(new byte[60_000]))).Problem(429));
        gate.Set();
        Assert.Equal(HttpStatusCode.OK, (await held).Status);
        Assert.All(await Task.WhenAll(waiting), answer => answer.Problem(422));
        await served.AssertAnswers(Picture);
    }

    [Theory]
    [InlineData(0, 1 << 30, 1 << 16)]
    [InlineData(0, 1024, 1025)]
    [InlineData(1 << 16, 1 << 30, 1 << 17)]
    [InlineData(1 << 16, 100_000, 100_001)]
    [InlineData(1 << 30, 1 << 30, (1 << 30) + 1)]
    public void A_block_is_never_larger_than_what_shows_that_a_body_is_too_long(int full, long most, int expected) =>
        Assert.Equal(expected, BodyReader.BlockSize(full, most));

    [Fact]
    public async Task A_client_that_goes_in_the_middle_of_its_answer_is_counted_and_no_failure()
    {
        using var metrics = new ServerMetrics();
        var (problems, requests) = (new Problems(NullLogger<Problems>.Instance), new RequestLog(NullLogger<RequestLog>.Instance, metrics));
        var context = new DefaultHttpContext { RequestAborted = new(canceled: true) };
        context.Features.Set<IHttpResponseFeature>(new BegunResponse());
        using var deadline = RequestDeadline.Start(context, TimeSpan.FromSeconds(30));
        await requests.Watch(context, c => problems.Guard(c, _ => throw new OperationCanceledException()));
        Assert.Contains("status=\"499\"} 1\n", metrics.Text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_work_and_takes_nothing_new()
    {
        var served = await ServedRun.Start(run);
        using var gate = new Gate();
        var held = Hold(served, gate);
        var waiting = served.Post("/v1/classify", ServedRun.Picture(Picture));
        await Until(() => served.Get("/metrics").Result.Text.Contains("unseen_queue_length 2", StringComparison.Ordinal));
        var (stop, again) = (served.Server.StopAsync(), served.Server.StopAsync());
        await Task.Delay(200, Cancellation);
        Assert.False(stop.IsCompleted || again.IsCompleted);
        gate.Set();
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        await held;
        await Task.WhenAll(stop, again);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => served.Get("/health"));
        await served.DisposeAsync();
    }

    [Fact]
    public async Task Random_bytes_end_no_connection_but_their_own()
    {
        await using var served = await ServedRun.Start(run);
        var random = new Random(7);
        for (var i = 0; i < 50; i++)
        {
            var noise = string.Concat(Enumerable.Range(0, random.Next(1, 300)).Select(_ => (char)random.Next(1, 127)));
            await served.Raw(i % 2 == 0 ? noise : "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n" + noise, closesAtOnce: true);
        }
        var mutated = TestPictures.Png(20, 20, 5);
        for (var i = 0; i < 60; i++)
        {
            var bytes = (byte[])mutated.Clone();
            for (var k = 0; k < 4; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            Assert.Contains((int)(await served.Post("/v1/classify", ServedRun.Picture(bytes))).Status, new[] { 200, 422 });
        }
        await served.AssertAnswers(Picture);
    }

    /// <summary>Keeps the scoring thread busy until the gate opens; takes a place.</summary>
    private static Task<int> Hold(ServedRun served, Gate gate) => served.Server.Queue.Change(null, () => served.Server.Queue.Between(() =>
    {
        gate.Wait(Cancellation);
        return 0;
    }, Cancellation));

    private static async Task Until(Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); await Task.Delay(10, Cancellation))
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "It never came to be.");
    }

    /// <summary>A PNG whose header declares a size that its data does not have.</summary>
    private static byte[] Declared(int width, int height)
    {
        var png = TestPictures.Png(4, 4, 1);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var k = 0; k < 8; k++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
        }
        return ~crc;
    }

    /// <summary>An answer of which the head is on its way.</summary>
    private sealed class BegunResponse : HttpResponseFeature, IHttpResponseFeature
    {
        public override bool HasStarted => true;

        int IHttpResponseFeature.StatusCode
        {
            get => StatusCodes.Status200OK;
            set => throw new InvalidOperationException("The status was sent already.");
        }
    }
}
