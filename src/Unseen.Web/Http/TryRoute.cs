using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Unseen.Classification;
using Unseen.Experiments;
using Unseen.Web.Inference;

namespace Unseen.Web.Http;

/// <summary>Invent a class: rank it among the others, and change nothing.</summary>
internal sealed class TryRoute(ServedModels models, PictureQueue queue, JsonBody json, BodyReader bodies, PictureUpload uploads, RecentImages recent)
{
    private const string DefaultName = "invented class";

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/try", Try).Describe("tryClass", RouteGroups.Pictures, "Try a class",
        "Ranks a class that the model does not have among the others, and changes nothing. Send JSON with the identifier of a picture that was sent before, or a form "
        + "with the parts 'class' (JSON) and 'image' (file); without a picture only the attributes are filled.")
        .Body(json: typeof(TriedClass), form: "image").Produces<TrialAnswer>().PictureProblems()
        .Sends(StatusCodes.Status200OK, PictureRoutes.IdentifierHeader, PictureRoutes.IdentifierText + " Left out when there is no picture.");

    private async Task<IResult> Try(HttpContext context, string? model = null, int? top = null, string? candidates = null)
    {
        var (served, count, among) = (models.Find(model), CountParameter.Top.Read(top), Query.Candidates(candidates));
        bodies.RequireLength(context.Request);
        queue.RequirePlace();
        var (tried, sent) = PictureUpload.IsForm(context.Request) ? await ReadForm(context) : (await json.Read<TriedClass>(context), null);
        var cancellation = context.RequestAborted;
        var answer = await queue.Work(sent, async () =>
        {
            var description = ClassDescription.Of(served.Record, tried.Attributes, tried.Describe, tried.Like, tried.Rest, mayBeEmpty: true);
            var name = Name(tried.Name, served.Record);
            var picture = sent is not null ? await queue.Read(served, sent, cancellation)
                : tried.Image is { } image ? recent.Find(served, image) : null;
            var trial = await queue.Between(
                () => served.Classifier.TryClass(name, description.Attributes, description.Missing, picture, among), cancellation);
            var identifier = tried.Image ?? (picture is null ? null : recent.Add(served, picture));
            return Answer(served, trial, description, identifier, count);
        }, cancellation);
        if (answer.Image is not null) context.Response.Headers[PictureRoutes.IdentifierHeader] = answer.Image;
        return Json.Answer(answer);
    }

    private async Task<(TriedClass Tried, ReceivedFile? Picture)> ReadForm(HttpContext context)
    {
        var upload = await uploads.ReadForm(context);
        try
        {
            if (upload.Pictures.Count > 1 || upload.Texts.Count > 1 || !upload.Texts.TryGetValue("class", out var text))
                throw new ProblemException(StatusCodes.Status400BadRequest, "Expected a part 'class' with JSON and a part 'image' with one file.");
            var tried = JsonBody.Parse<TriedClass>(Encoding.UTF8.GetBytes(text));
            if (tried.Image is not null && upload.Pictures.Count > 0)
                throw new ProblemException(StatusCodes.Status400BadRequest, "Send a picture or the identifier of one, not both.");
            return (tried, upload.Pictures.FirstOrDefault());
        }
        catch
        {
            upload.Pictures.ForEach(p => p.Dispose());
            throw;
        }
    }

    /// <summary>A free name when none is given.</summary>
    private static string Name(string? given, ModelRecord record)
    {
        if (!string.IsNullOrWhiteSpace(given)) return given.Trim();
        var name = DefaultName;
        for (var i = 2; record.Classes.Any(c => c.Name == name); i++) name = $"{DefaultName} {i}";
        return name;
    }

    private static TrialAnswer Answer(ServedModel served, ClassTrial trial, ClassDescription description, string? identifier, int count)
    {
        var addition = trial.Addition;
        var ranking = trial.Image?.Top(int.MaxValue) ?? [];
        var rank = ranking.Index().FirstOrDefault(p => p.Item.Class == addition.Class, (Index: -1, Item: null!));
        return new(trial.Image?.Name, identifier,
            [.. ranking.Take(count).Select(p => new TriedPrediction(p.Class, p.Probability, p.Score, p.Unseen, p.Class == addition.Class))],
            rank.Index < 0 ? null : new(addition.Class, rank.Item.Probability, rank.Item.Score, rank.Index + 1),
            served.Record.UnitValues(trial.Values), addition.Given, addition.Filled, addition.FilledFrom,
            [.. (description.Sentence?.Matches ?? []).Select(m => m.Attribute)], NotUnderstood(description.Sentence), addition.Similar);
    }

    private static IReadOnlyList<string> NotUnderstood(DescribedAttributes? sentence) =>
        sentence is null ? [] : [.. sentence.Ignored, .. sentence.Negated.Select(n => n.Words)];
}
