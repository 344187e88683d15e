using System.Net;
using System.Text.Json;
using Unseen.Classification;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Pictures in, answers out: the same ones as the library gives.</summary>
public sealed class PictureRoutesTests(PictureRun run) : IClassFixture<PictureRun>
{
    private string[] Files
    {
        get
        {
            using var dataset = run.Open();
            return PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images);
        }
    }

    [Theory]
    [InlineData("ridge", null)]
    [InlineData("cvsc", null)]
    [InlineData("cvsc", Precision.Bf16)]
    public async Task One_picture_gets_the_answer_of_the_library(string method, Precision? precision)
    {
        await using var served = await ServedRun.Start(run, o => o with { Precision = precision }, method);
        using var classifier = ZeroShotClassifier.Load(served.Model, new() { Precision = precision });
        foreach (var file in Files.Take(3))
        {
            var answer = await served.Post("/v1/classify?top=4&candidates=unseen", ServedRun.Picture(File.ReadAllBytes(file)));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            AssertSame(classifier.Classify(file).Top(4, CandidateClasses.Unseen), answer.Json.GetProperty("top"));
            Assert.Equal(answer.Header("Unseen-Image"), answer.Json.GetProperty("image").GetString());
        }
    }

    /// <summary>bf16 is for the models that have it.</summary>
    [Fact]
    public async Task A_number_format_is_for_the_models_whose_method_has_it()
    {
        await using var served = await ServedRun.Start(run, o => o with { Precision = Precision.Bf16, Models = [.. o.Models, new("half", run.Copy(run.Model("cvsc")))] });
        using var full = ZeroShotClassifier.Load(served.Model);
        using var half = ZeroShotClassifier.Load(run.Model("cvsc"), new() { Precision = Precision.Bf16 });
        var file = Files[0];
        AssertSame(full.Classify(file).Top(4), (await served.Post("/v1/classify?top=4", ServedRun.Picture(File.ReadAllBytes(file)))).Json.GetProperty("top"));
        AssertSame(half.Classify(file).Top(4), (await served.Post("/v1/classify?top=4&model=half", ServedRun.Picture(File.ReadAllBytes(file)))).Json.GetProperty("top"));
    }

    /// <summary>A model that reads pictures itself: its encoder runs on the scoring thread, beside one that has a backbone.</summary>
    [Fact]
    public async Task A_model_that_reads_pictures_is_served_tried_and_explained_like_any_other()
    {
        var pixels = run.Copy(run.PixelModel());
        await using var served = await ServedRun.Start(run, o => o with { Models = [.. o.Models, new("pixels", pixels)] });
        using var classifier = ZeroShotClassifier.Load(pixels);
        var file = Files[0];
        var sent = await served.Post("/v1/classify?model=pixels&top=4", ServedRun.Picture(File.ReadAllBytes(file)));
        AssertSame(classifier.Classify(file).Top(4), sent.Json.GetProperty("top"));
        Assert.Equal(HttpStatusCode.OK, (await served.Post("/v1/classify", ServedRun.Picture(File.ReadAllBytes(file)))).Status);
        var why = (await served.Post($"/v1/explain?model=pixels&image={sent.Header("Unseen-Image")}", new ByteArrayContent([]))).Json;
        Assert.Equal(classifier.Explain(file).Prompts!.Count, why.GetProperty("prompts").GetArrayLength());
        AssertSame(classifier.Classify(file).Top(4), (await served.Post("/v1/classify?model=pixels&top=4", ServedRun.Picture(File.ReadAllBytes(file)))).Json.GetProperty("top"));
    }

    [Fact]
    public async Task Candidates_that_no_class_is_among_are_refused()
    {
        await using var served = await ServedRun.Start(run);
        foreach (var c in (await served.Get("/v1/classes")).Json.EnumerateArray().Where(c => c.GetProperty("unseen").GetBoolean()))
            Assert.Equal(HttpStatusCode.NoContent, (await served.Delete($"/v1/classes/{c.GetProperty("name").GetString()}")).Status);
        foreach (var route in new[] { "/v1/classify", "/v1/explain" })
        {
            Assert.Equal("The model 'birds' has no unseen class, so candidates=unseen leaves none. Leave it out.",
                (await served.Post($"{route}?candidates=unseen", ServedRun.Picture(File.ReadAllBytes(Files[0])))).Problem(400));
            Assert.Equal(HttpStatusCode.OK, (await served.Post($"{route}?candidates=seen", ServedRun.Picture(File.ReadAllBytes(Files[0])))).Status);
        }
    }

    [Fact]
    public async Task Many_requests_at_once_lose_and_mix_nothing()
    {
        await using var served = await ServedRun.Start(run, o => o with { Batch = 4 });
        using var classifier = ZeroShotClassifier.Load(served.Model);
        var files = Files;
        var expected = files.Select(f => classifier.Classify(f).Top(1)[0].Score).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(async i =>
            (i, Answer: await served.Post("/v1/classify?top=1", ServedRun.Picture(File.ReadAllBytes(files[i % files.Length]))))));
        Assert.All(answers, a => Assert.Equal(expected[a.i % files.Length], a.Answer.Json.GetProperty("top")[0].GetProperty("score").GetSingle(), 1e-4f));
        Assert.Contains("unseen_batch_size_sum 120", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
        Assert.Contains("unseen_queue_length 0", (await served.Get("/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_pictures_are_answered_in_order_and_a_bad_one_does_not_stop_the_others()
    {
        await using var served = await ServedRun.Start(run);
        var files = Files;
        using var form = new MultipartFormDataContent
        {
            { ServedRun.Picture(File.ReadAllBytes(files[0])), "files", "first.png" },
            { ServedRun.Picture([1, 2, 3]), "files", "../../etc/passwd" },
            { ServedRun.Picture(File.ReadAllBytes(files[1])), "files", "third.png" },
        };
        var answers = (await served.Post("/v1/classify?top=2", form)).Json.EnumerateArray().ToList();
        Assert.Equal(["first.png", "../../etc/passwd", "third.png"], answers.Select(a => a.GetProperty("file").GetString()));
        Assert.Equal([2, 0, 2], answers.Select(a => a.GetProperty("top").GetArrayLength()));
        Assert.Equal("../../etc/passwd: this is not a JPEG, PNG, WebP, GIF or BMP picture.", answers[1].GetProperty("error").GetString());
        Assert.False(answers[0].TryGetProperty("error", out _));
        Assert.NotEqual(answers[0].GetProperty("image").GetString(), answers[2].GetProperty("image").GetString());
    }

    [Fact]
    public async Task An_explanation_has_the_evidence_of_the_library_and_pictures()
    {
        await using var served = await ServedRun.Start(run, method: "cvsc");
        using var classifier = ZeroShotClassifier.Load(served.Model);
        var file = Files[0];
        var expected = classifier.Explain(file);
        var sent = await served.Post("/v1/explain?attributes=3&top=2", ServedRun.Picture(File.ReadAllBytes(file)));
        Assert.Equal(HttpStatusCode.OK, sent.Status);
        Assert.Equal(expected.Answer.Class, sent.Json.GetProperty("answer").GetProperty("class").GetString());
        Assert.Equal(expected.Lead, sent.Json.GetProperty("lead").GetDouble(), 1e-5);
        var evidence = sent.Json.GetProperty("evidence").EnumerateArray().ToList();
        Assert.Equal(ExplanationPage.Strongest(expected, 3).Select(e => e.Attribute), evidence.Select(e => e.GetProperty("attribute").GetString()));
        Assert.Equal([8, 8], evidence[0].GetProperty("grid").EnumerateArray().Select(v => v.GetInt32()));
        Assert.Equal(64, evidence[0].GetProperty("attention").GetArrayLength());
        Assert.StartsWith("data:image/png;base64,iVBOR", evidence[0].GetProperty("overlay").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("data:image/png;base64,iVBOR", sent.Json.GetProperty("picture").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, evidence[0].GetProperty("visualOverlay").ValueKind);
        Assert.Equal(expected.DecidingCount, sent.Json.GetProperty("decidingCount").GetInt32());
        var changes = sent.Json.GetProperty("changes");
        Assert.Equal(expected.Changes!.Class, changes.GetProperty("class").GetString());
        Assert.Equal(expected.Changes.Attributes.Select(c => c.Attribute), changes.GetProperty("attributes").EnumerateArray().Select(c => c.GetProperty("attribute").GetString()));
        Assert.Equal(JsonValueKind.Null, sent.Json.GetProperty("prompts").ValueKind);
        var other = classifier.Classes.First(c => c.Name != expected.Answer.Class && c.Name != expected.Rival!.Class).Name;
        var again = await served.Post($"/v1/explain?whyNot={Uri.EscapeDataString(other)}&image={sent.Header("Unseen-Image")}", new ByteArrayContent([]));
        Assert.Equal(other, again.Json.GetProperty("rival").GetProperty("class").GetString());
        Assert.All(again.Json.GetProperty("flips").EnumerateArray(), f => Assert.Equal(other, f.GetProperty("class").GetString()));
        Assert.StartsWith("Unknown class 'nobody'", (await served.Post($"/v1/explain?whyNot=nobody&image={sent.Header("Unseen-Image")}",
            new ByteArrayContent([]))).Problem(400), StringComparison.Ordinal);
        Assert.Equal("This picture is not known any more. Send it again.", (await served.Post("/v1/explain?image=x", new ByteArrayContent([]))).Problem(404));
    }

    [Fact]
    public async Task A_model_with_both_attentions_sends_both()
    {
        await using var served = await ServedRun.Start(run, method: "msdnpp");
        var evidence = (await served.Post("/v1/explain?attributes=2", ServedRun.Picture(File.ReadAllBytes(Files[0])))).Json.GetProperty("evidence").EnumerateArray();
        Assert.All(evidence, e =>
        {
            Assert.Equal(64, e.GetProperty("visualAttention").GetArrayLength());
            Assert.StartsWith("data:image/png;base64,iVBOR", e.GetProperty("visualOverlay").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_model_that_reads_prompts_tells_its_answers()
    {
        await using var served = await ServedRun.Start(run, method: "duet");
        using var classifier = ZeroShotClassifier.Load(served.Model);
        var expected = classifier.Explain(Files[0]).Prompts!;
        var found = (await served.Post("/v1/explain", ServedRun.Picture(File.ReadAllBytes(Files[0])))).Json.GetProperty("prompts").EnumerateArray().ToList();
        Assert.Equal(expected.Select(p => p.Prompt), found.Select(p => p.GetProperty("prompt").GetString()));
        Assert.Equal(expected.SelectMany(p => p.Attributes.Select(a => a.Attribute)),
            found.SelectMany(p => p.GetProperty("attributes").EnumerateArray().Select(a => a.GetProperty("attribute").GetString())));
        Assert.All(found, p => Assert.Equal(1, p.GetProperty("attributes").EnumerateArray().Sum(a => a.GetProperty("share").GetDouble()), 1e-6));
    }

    [Fact]
    public async Task A_tried_class_ranks_as_if_it_were_added_and_changes_nothing()
    {
        await using var served = await ServedRun.Start(run, method: "cvsc");
        var before = await File.ReadAllTextAsync(Path.Combine(served.Model, "model.json"), TestContext.Current.CancellationToken);
        using var classifier = ZeroShotClassifier.Load(served.Model);
        var (file, attribute, like) = (Files[0], classifier.Model.Attributes[0].Name, classifier.Classes[1].Name);
        using var form = new MultipartFormDataContent
        {
            { ServedRun.JsonText($$"""{"name": "new one", "attributes": {"{{attribute}}": 0.9}, "like": "{{like}}"}"""), "class" },
            { ServedRun.Picture(File.ReadAllBytes(file)), "image", "bird.png" },
        };
        var tried = await served.Post("/v1/try?top=99", form);
        Assert.Equal(HttpStatusCode.OK, tried.Status);
        classifier.AddClass("new one", new() { [attribute] = 0.9f }, MissingAttributes.Like(like));
        var expected = classifier.Classify(file).Top(99);
        AssertSame(expected, tried.Json.GetProperty("top"));
        var rank = expected.Index().Single(p => p.Item.Class == "new one").Index;
        Assert.True(tried.Json.GetProperty("top")[rank].GetProperty("invented").GetBoolean());
        Assert.Equal(rank + 1, tried.Json.GetProperty("invented").GetProperty("rank").GetInt32());
        Assert.Equal(classifier.Classes[^1].Values.Select(v => Math.Round((double)v, 4)),
            tried.Json.GetProperty("values").EnumerateArray().Select(v => Math.Round(v.GetDouble(), 4)));
        Assert.Equal(like, tried.Json.GetProperty("filledFrom")[0].GetString());
        var again = await served.Post("/v1/try?top=99", ServedRun.JsonText(
            $$"""{"name": "new one", "attributes": {"{{attribute}}": 0.9}, "like": "{{like}}", "image": "{{tried.Header("Unseen-Image")}}"}"""));
        AssertSame(expected, again.Json.GetProperty("top"));
        Assert.Equal(before, await File.ReadAllTextAsync(Path.Combine(served.Model, "model.json"), TestContext.Current.CancellationToken));
        Assert.Equal(12, (await served.Get("/v1/classes")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_class_is_tried_without_a_picture_and_refused_without_anything()
    {
        await using var served = await ServedRun.Start(run);
        var like = (await served.Get("/v1/classes")).Json[2].GetProperty("name").GetString();
        var tried = (await served.Post("/v1/try", ServedRun.JsonText($$"""{"like": "{{like}}"}"""))).Json;
        Assert.Equal(JsonValueKind.Null, tried.GetProperty("invented").ValueKind);
        Assert.Equal((0, 6, 6), (tried.GetProperty("top").GetArrayLength(), tried.GetProperty("values").GetArrayLength(), tried.GetProperty("filled").GetInt32()));
        Assert.Equal("No attribute is given. Give at least one in 'attributes', or a sentence in 'describe', or a class in 'like'.",
            (await served.Post("/v1/try", ServedRun.JsonText("{}"))).Problem(400));
        Assert.Equal("Give 'like' or 'rest', not both.",
            (await served.Post("/v1/try", ServedRun.JsonText("""{"like": "x", "rest": "mean"}"""))).Problem(400));
        Assert.Equal("This picture is not known any more. Send it again.",
            (await served.Post("/v1/try", ServedRun.JsonText("""{"rest": "mean", "image": "nothing"}"""))).Problem(404));
    }

    private static void AssertSame(IReadOnlyList<Prediction> expected, JsonElement top)
    {
        Assert.Equal(expected.Select(p => (p.Class, p.Unseen)),
            top.EnumerateArray().Select(p => (p.GetProperty("class").GetString()!, p.GetProperty("unseen").GetBoolean())));
        foreach (var (p, json) in expected.Zip(top.EnumerateArray()))
        {
            Assert.Equal(p.Probability, json.GetProperty("probability").GetDouble(), 1e-5);
            Assert.Equal(p.Score, json.GetProperty("score").GetSingle(), 1e-4f);
        }
    }
}
