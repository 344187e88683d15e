using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Unseen.Web.Http;

/// <summary>What the OpenAPI document says about parameters: a text, and the values that are taken.</summary>
internal static class DocumentParameters
{
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["model"] = "Name of the model; the first one by default.",
        ["top"] = "Number of classes, best first.",
        ["candidates"] = "Classes that the picture may belong to.",
        ["whyNot"] = "Class to compare the answer with, instead of the second best.",
        ["attributes"] = "Number of attributes, the strongest for or against.",
        ["image"] = "Identifier of a picture that was sent before to this model (header Unseen-Image), instead of a body.",
        ["name"] = "Name of the class, percent-encoded.",
        ["dryRun"] = "True to say what would change, and change nothing.",
        ["replace"] = "True to change classes that the model has already, too.",
        ["like"] = "Class that gives the values that are left out.",
        ["rest"] = "Where values that are left out come from when like is not given. By default the nearest class, or the class itself when it is replaced.",
    };

    /// <summary>Adds it to a parameter.</summary>
    public static void Describe(OpenApiParameter parameter)
    {
        parameter.Description = Texts.GetValueOrDefault(parameter.Name ?? "", "");
        if (parameter.Schema is not OpenApiSchema schema) return;
        if (CountParameter.All.FirstOrDefault(count => count.Name == parameter.Name) is { } count) Limit(schema, count);
        if (parameter.Name == "candidates") (schema.Enum, schema.Default) = ([.. Query.CandidateWords.Select(word => (JsonNode)word)], Query.CandidateWords[0]);
        if (parameter.Name == "rest") schema.Enum = [.. ClassDescription.RestWords.Select(word => (JsonNode)word)];
    }

    private static void Limit(OpenApiSchema schema, CountParameter count)
    {
        schema.Minimum = CountParameter.Least.ToString(CultureInfo.InvariantCulture);
        schema.Maximum = count.Most.ToString(CultureInfo.InvariantCulture);
        schema.Default = count.Normal;
    }
}
