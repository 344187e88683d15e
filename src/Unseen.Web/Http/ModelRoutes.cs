using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Reports;
using Unseen.Web.Inference;
using Unseen.Web.Security;

namespace Unseen.Web.Http;

/// <summary>What there is: models and what is known about each.</summary>
internal sealed class ModelRoutes(ServedModels models, ServerOptions options, AccessGuard access)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List).Describe("listModels", RouteGroups.Models, "List the models", "All models of this server; the default is the one that is meant when a request names none.")
            .Produces<IReadOnlyList<ModelSummary>>().Problems();
        routes.MapGet("/v1/model", Show).Describe("showModel", RouteGroups.Models, "Show a model", "Method, dataset, attributes, backbones, test figures and limits.")
            .Produces<ModelAnswer>().Problems(StatusCodes.Status404NotFound);
    }

    private IResult List() =>
        Json.Answer(models.All.Select((m, i) => new ModelSummary(m.Name, m.Record.Method, i == 0)));

    private IResult Show(string? model = null)
    {
        var served = models.Find(model);
        var record = served.Record;
        var (seen, fixedBecause) = (record.Classes.Count(c => c.Seen), served.FixedBecause);
        return Json.Answer(new ModelAnswer(
            served.Name, record.Method, record.Provenance.GetValueOrDefault("dataset", ""), new(seen, record.Classes.Count - seen),
            served.Classifier.IsCalibrated, fixedBecause is null, fixedBecause, access.TokenRequired,
            [.. record.Backbones.Select(b => Backbone(b.Description))],
            [.. record.Attributes.Select((a, k) => Attribute(a, [.. record.Classes.Select(c => c.Values[k])]))],
            record.Scale.ToString().ToLowerInvariant(), Metrics(record.Metrics),
            new(options.MaximumBodyBytes, options.ImagesPerRequest, options.MaximumPixels)));
    }

    private static ModelAttribute Attribute(AttributeDescription a, float[] values) => new(a.Name, a.Group, a.Phrase, values.Min(), values.Max());

    private static BackboneAnswer Backbone(BackboneDescription b) =>
        new(b.Name, b.Layer, b.Sha256, b.Visual, b.Grid is { } grid ? [grid.Height, grid.Width] : null);

    /// <summary>Null for a model that was trained without a test.</summary>
    private static MetricsAnswer? Metrics(ReportMetrics m) => m is { T1: null, U: null, S: null, H: null, Ausuc: null }
        ? null
        : new(m.T1?.Mean, m.U?.Mean, m.S?.Mean, m.H?.Mean, m.Ausuc?.Mean);
}
