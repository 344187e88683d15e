using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Unseen.Classification;
using Unseen.Experiments;
using Unseen.Web.Inference;

namespace Unseen.Web.Http;

/// <summary>The classes of a model: look at them, add, change, remove. Every change is saved before it is answered.</summary>
internal sealed class ClassRoutes(ServedModels models, PictureQueue queue, JsonBody bodies, TableBody tables)
{
    private const string Route = "/v1/classes";
    private const int SimilarShown = 8;

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Route, List).Describe("listClasses", RouteGroups.Classes, "List the classes", "In the order of the model's scores.")
            .Produces<IReadOnlyList<ClassSummary>>().Problems(StatusCodes.Status404NotFound);
        routes.MapGet(Route + "/{**name}", Show).Describe("showClass", RouteGroups.Classes, "Show a class", "Its attributes and the classes most similar to it.")
            .Produces<ClassAnswer>().Problems(StatusCodes.Status404NotFound);
        routes.MapPost(Route, Add).Describe("addClass", RouteGroups.Classes, "Add a class", "Adds an unseen class that is described by attributes or a sentence. Nothing is trained; "
            + "the class takes part from the next request on and is kept in the model folder.")
            .Body(json: typeof(NewClass)).Produces<ClassAddition>(StatusCodes.Status201Created).Produces<ClassAddition>().ChangeProblems()
            .Sends(StatusCodes.Status201Created, HeaderNames.Location, "Address of the class.");
        routes.MapPost(Route + "/import", Import).Describe("importClasses", RouteGroups.Classes, "Import classes", "Adds the classes of a CSV table, all or none: a column class, a column for each attribute, "
            + "perhaps a column split; values in the scale of the model. Cells and columns that are left out are filled.")
            .Body(isTable: true).Produces<IReadOnlyList<ClassAddition>>().ChangeProblems();
        routes.MapPut(Route + "/{**name}", Set).Describe("changeClass", RouteGroups.Classes, "Change a class", "Sets some attributes; the others stay.")
            .Body(json: typeof(ChangedClass)).Produces<ClassAddition>().ChangeProblems();
        routes.MapDelete(Route + "/{**name}", Remove).Describe("removeClass", RouteGroups.Classes, "Remove a class", "The history of the model keeps its values.")
            .Produces(StatusCodes.Status204NoContent).ChangeProblems();
    }

    private IResult List(string? model = null)
    {
        var served = models.Find(model);
        var added = served.Added();
        return Json.Answer(served.Record.Classes.Select(c => new ClassSummary(c.Name, !c.Seen, added.Contains(c.Name))));
    }

    private IResult Show(HttpContext context, string? model = null)
    {
        var served = models.Find(model);
        var found = Find(served.Record, Name(context));
        return Json.Answer(new ClassAnswer(found.Name, !found.Seen, served.Added().Contains(found.Name), served.Record.UnitValues(found.Values),
            [.. served.Classifier.SimilarTo(found.Name).Take(SimilarShown)]));
    }

    private async Task<IResult> Add(HttpContext context, string? model = null)
    {
        var served = models.Find(model);
        RequireAttributes(served);
        var body = await bodies.Read<NewClass>(context);
        var description = ClassDescription.Of(served.Record, body.Attributes, body.Describe, body.Like, body.Rest, mayBeEmpty: false);
        var added = await Change(served, context, body.DryRun, classes =>
        {
            if (classes.Record.FindClass(body.Name) is { } present)
                throw new ProblemException(StatusCodes.Status409Conflict, $"The model has a class '{present.Name}' already. Change it with PUT, remove it first, or choose another name.");
            return classes.Add(body.Name, description.Attributes, description.Missing);
        });
        var answer = added with { Notes = [.. description.Notes, .. added.Notes] };
        if (body.DryRun) return Json.Answer(answer);
        context.Response.Headers.Location = $"{Route}/{Uri.EscapeDataString(added.Class)}" + (model is null ? "" : $"?model={Uri.EscapeDataString(model)}");
        return Json.Answer(answer, StatusCodes.Status201Created);
    }

    private async Task<IResult> Import(
        HttpContext context, string? model = null, bool dryRun = false, bool replace = false, string? like = null, string? rest = null)
    {
        var (served, missing) = (models.Find(model), ClassDescription.Filling(like, rest));
        var table = await tables.Read(context);
        return Json.Answer(await Change(served, context, dryRun, classes => classes.ImportTable(table.Open(), TableBody.Name, missing, replace), table));
    }

    private async Task<IResult> Set(HttpContext context, string? model = null)
    {
        var (served, name) = (models.Find(model), Name(context));
        RequireAttributes(served);
        var body = await bodies.Read<ChangedClass>(context);
        var changed = await Change(served, context, isDryRun: false, classes =>
        {
            Find(classes.Record, name);
            return classes.Set(name, body.Attributes);
        });
        return Json.Answer(changed);
    }

    private async Task<IResult> Remove(HttpContext context, string? model = null)
    {
        var (served, name) = (models.Find(model), Name(context));
        await Change(served, context, isDryRun: false, classes =>
        {
            Find(classes.Record, name);
            return classes.Remove(name);
        });
        return Results.NoContent();
    }

    private async Task<T> Change<T>(ServedModel served, HttpContext context, bool isDryRun, Func<ModelClasses, T> change, ReceivedFile? sent = null)
    {
        var cancellation = context.RequestAborted;
        try
        {
            return isDryRun
                ? await queue.Work(sent, () => queue.Between(() => served.Classifier.PreviewClasses(change), cancellation), cancellation)
                : await queue.Change(sent, () => queue.Between(() => served.Classifier.ChangeClasses(change), cancellation));
        }
        catch (ReadOnlyModelException)
        {
            throw new ProblemException(StatusCodes.Status403Forbidden, $"The folder of the model '{served.Name}' is read-only here, so its classes cannot be changed.");
        }
        catch (ModelChangedException)
        {
            // The message names the folder, which is not for callers.
            throw new ProblemException(StatusCodes.Status409Conflict, "Another process is changing the classes of this model at this moment. Try again.")
            {
                RetryAfter = 1,
            };
        }
    }

    /// <summary>Refuses before the body is read what would be refused afterwards.</summary>
    private static void RequireAttributes(ServedModel served)
    {
        if (served.FixedByTraining is { } reason) throw new ProblemException(StatusCodes.Status400BadRequest, reason);
    }

    private static ModelClass Find(ModelRecord record, string name) => record.FindClass(name)
        ?? throw new ProblemException(StatusCodes.Status404NotFound, $"There is no class '{name}'." + (NearestName.Find(name, record.Classes.Select(c => c.Name)) is { } nearest
            ? $" Did you mean '{nearest}'?" : ""));

    /// <summary>The name as it was sent: the decoded path leaves %2F as it is, so that "a/b" and "a%2Fb" could not be told apart.</summary>
    private static string Name(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var start = target.IndexOf(Route + "/", StringComparison.OrdinalIgnoreCase);
        if (start < 0) return (string?)context.Request.RouteValues["name"] ?? "";
        var name = target[(start + Route.Length + 1)..];
        return Uri.UnescapeDataString(name.Contains('?', StringComparison.Ordinal) ? name[..name.IndexOf('?', StringComparison.Ordinal)] : name);
    }
}

/// <summary>Problems of changes.</summary>
internal static class ClassRouteDescription
{
    /// <summary>Statuses of problems of routes that change classes.</summary>
    public static RouteHandlerBuilder ChangeProblems(this RouteHandlerBuilder route) => route.TriesAgain(StatusCodes.Status409Conflict).Problems(
        StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status408RequestTimeout, StatusCodes.Status409Conflict,
        StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status429TooManyRequests, StatusCodes.Status507InsufficientStorage);
}
