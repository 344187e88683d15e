using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Unseen.Classification;
using Unseen.Web.Inference;

namespace Unseen.Web.Http;

/// <summary>Pictures in, answers out.</summary>
internal sealed class PictureRoutes(ServedModels models, PictureQueue queue, BodyReader bodies, PictureUpload uploads, RecentImages recent)
{
    /// <summary>Header with the identifier of the picture.</summary>
    public const string IdentifierHeader = "Unseen-Image";

    /// <summary>What the document says about it.</summary>
    public const string IdentifierText = "Identifier of the picture, for later questions to the same model.";

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/classify", Classify).Describe("classifyPictures", RouteGroups.Pictures, "Classify pictures",
            "One picture as the body gives one answer. Several as a form give a list in their order; one that cannot be read has an error and does not stop the others.")
            .Body(isPicture: true, form: "files").Produces<PictureAnswer>().PictureProblems()
            .Sends(StatusCodes.Status200OK, IdentifierHeader, IdentifierText + " Left out when a form was sent.");
        routes.MapPost("/v1/explain", Explain).Describe("explainAnswer", RouteGroups.Pictures, "Explain an answer",
            "Which attributes put the answer ahead of the second best or of the class 'whyNot', where the model looked for them, and which changes would flip the answer.")
            .Body(isPicture: true, isOptional: true).Produces<ExplanationAnswer>().PictureProblems().Sends(StatusCodes.Status200OK, IdentifierHeader, IdentifierText);
    }

    private async Task<IResult> Classify(HttpContext context, string? model = null, int? top = null, string? candidates = null)
    {
        var (served, count, among) = (models.Find(model), CountParameter.Top.Read(top), Query.Candidates(candidates));
        served.RequireCandidate(among);
        bodies.RequireLength(context.Request);
        queue.RequirePlace();
        if (PictureUpload.IsForm(context.Request)) return await ClassifyForm(context, served, count, among);
        var picture = await uploads.ReadOne(context);
        var result = await queue.Add(served, [picture], context.RequestAborted)[0].Task.WaitAsync(context.RequestAborted);
        var answer = Answer(served, result, count, among);
        context.Response.Headers[IdentifierHeader] = answer.Image;
        return Json.Answer(answer);
    }

    private async Task<IResult> ClassifyForm(HttpContext context, ServedModel served, int count, CandidateClasses among)
    {
        var upload = await uploads.ReadForm(context);
        if (upload.Texts.Keys.FirstOrDefault() is { } part)
        {
            upload.Pictures.ForEach(picture => picture.Dispose());
            throw new ProblemException(StatusCodes.Status400BadRequest, $"The part '{part}' is no file. Options go into the address: /v1/classify?model=NAME&top=3.");
        }
        if (upload.Pictures.Count == 0)
            throw new ProblemException(StatusCodes.Status400BadRequest, "The form has no file. Send each picture as a part with a file name.");
        var names = upload.Pictures.ConvertAll(p => p.Name);
        var jobs = queue.Add(served, upload.Pictures, context.RequestAborted);
        var answers = new List<PictureAnswer>();
        foreach (var (job, name) in jobs.Zip(names))
            try { answers.Add(Answer(served, await job.Task.WaitAsync(context.RequestAborted), count, among)); }
            catch (UnseenException e) { answers.Add(new(name, [], null, e.Message)); }
        return Json.Answer(answers);
    }

    private PictureAnswer Answer(ServedModel served, PictureResult result, int count, CandidateClasses among) =>
        new(result.Image!.Name, result.Image.Top(count, among), recent.Add(served, result.Features), null);

    private async Task<IResult> Explain(HttpContext context, string? model = null, string? whyNot = null, int? attributes = null, int? top = null,
        string? candidates = null, string? image = null)
    {
        var (served, among) = (models.Find(model), Query.Candidates(candidates));
        var (shown, count) = (CountParameter.Attributes.Read(attributes), CountParameter.Top.Read(top));
        served.RequireCandidate(among);
        bodies.RequireLength(context.Request);
        if (image is not null && context.Request.ContentLength is > 0)
            throw new ProblemException(StatusCodes.Status400BadRequest, "Send a picture or the identifier of one, not both.");
        queue.RequirePlace();
        var sent = image is null ? await uploads.ReadOne(context) : null;
        var cancellation = context.RequestAborted;
        var answer = await queue.Work(sent, async () =>
        {
            var picture = sent is null ? recent.Find(served, image!) : await queue.Read(served, sent, cancellation);
            var rival = string.IsNullOrEmpty(whyNot) ? null : whyNot;
            var explanation = await queue.Between(() => served.Classifier.Explain(picture, rival, among, count), cancellation);
            var identifier = image ?? recent.Add(served, picture);
            return await queue.Beside(() => Answer(served, explanation, shown, identifier, cancellation), cancellation);
        }, cancellation);
        context.Response.Headers[IdentifierHeader] = answer.Image;
        return Json.Answer(answer);
    }

    private static ExplanationAnswer Answer(ServedModel served, ImageExplanation e, int shown, string identifier, CancellationToken cancellation)
    {
        int[]? grid = served.Record.Grid is { } g ? [g.Height, g.Width] : null;
        return new(e.Name, identifier, e.Answer, e.Rival, e.Lead, e.Rest, e.DecidingCount, e.Top,
            [.. ExplanationPage.Strongest(e, shown).Select(Evidence)], [.. e.Flips.Take(shown)], e.Changes, e.Prompts, Inline(e.Picture())!);

        EvidenceAnswer Evidence(AttributeEvidence a)
        {
            cancellation.ThrowIfCancellationRequested();
            return new(a.Attribute, a.Phrase, a.Group, a.Predicted, a.AnswerValue, a.RivalValue, a.Contribution, a.Effect, a.Attention,
                (a.Attention ?? a.VisualAttention) is null ? null : grid, Inline(e.Overlay(a)), a.VisualAttention, Inline(e.VisualOverlay(a)));
        }
    }

    private static string? Inline(byte[]? png) => png is null ? null : $"data:image/png;base64,{Convert.ToBase64String(png)}";
}
