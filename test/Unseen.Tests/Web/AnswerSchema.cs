using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Unseen.Web.Http;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Checks answers against the schemas of an OpenAPI 3.1 document: as much of JSON Schema as such a document of ours uses.</summary>
internal sealed class AnswerSchema(JsonElement document)
{
    /// <summary>The answer must be what the document says of this operation and the status of the answer.</summary>
    public void Require(string path, string method, Answer answer)
    {
        var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method);
        var where = $"{method} {path} {(int)answer.Status}";
        Assert.True(operation.GetProperty("responses").TryGetProperty($"{(int)answer.Status}", out var response), $"{where}: the document does not know this status");
        RequireHeaders(response, answer, where);
        if (!response.TryGetProperty("content", out var content))
        {
            Assert.True(answer.Bytes.Length == 0, $"{where}: the document promises no body");
            return;
        }
        Assert.True(content.TryGetProperty(answer.Content.ContentType!.MediaType!, out var media), $"{where}: the document does not know {answer.Content.ContentType}");
        Require(media.GetProperty("schema"), answer.Json, where);
    }

    /// <summary>Headers that say something about the answer; those of every answer are none of them.</summary>
    private static void RequireHeaders(JsonElement response, Answer answer, string where)
    {
        var known = response.TryGetProperty("headers", out var headers) ? headers.EnumerateObject().Select(h => h.Name).ToList() : [];
        foreach (var name in new[] { HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, PictureRoutes.IdentifierHeader })
            Assert.True(known.Contains(name) || !answer.Headers.Contains(name), $"{where}: the document does not know the header {name}");
    }

    private void Require(JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!["#/components/schemas/".Length..];
            Require(document.GetProperty("components").GetProperty("schemas").GetProperty(name), value, where);
            return;
        }
        if (schema.TryGetProperty("oneOf", out var options))
        {
            Assert.True(options.EnumerateArray().Count(option => Fits(option, value)) == 1, $"{where}: {value.GetRawText()} is not one of {options.GetRawText()}");
            if (value.ValueKind == JsonValueKind.Null) return;
            Require(options.EnumerateArray().First(option => Fits(option, value)), value, where);
            return;
        }
        Assert.True(Fits(schema, value), $"{where}: {Short(value)} is not {Short(schema)}");
        if (schema.TryGetProperty("pattern", out var pattern) && value.ValueKind == JsonValueKind.String) Assert.Matches(pattern.GetString()!, value.GetString()!);
        if (value.ValueKind == JsonValueKind.Array)
            foreach (var item in value.EnumerateArray()) Require(schema.GetProperty("items"), item, $"{where}[]");
        if (value.ValueKind == JsonValueKind.Object) RequireObject(schema, value, where);
    }

    private void RequireObject(JsonElement schema, JsonElement value, string where)
    {
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        foreach (var required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!) : [])
            Assert.True(value.TryGetProperty(required, out _), $"{where}: '{required}' is missing in {Short(value)}");
        foreach (var property in value.EnumerateObject())
        {
            Assert.True(properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(property.Name, out var inner), $"{where}: the schema does not know '{property.Name}'");
            Require(properties.GetProperty(property.Name), property.Value, $"{where}.{property.Name}");
        }
    }

    /// <summary>Type alone.</summary>
    private static bool Fits(JsonElement schema, JsonElement value)
    {
        if (schema.TryGetProperty("$ref", out _)) return value.ValueKind == JsonValueKind.Object;
        if (!schema.TryGetProperty("type", out var type)) return true;
        var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];
        return types.Any(t => t switch
        {
            "null" => value.ValueKind == JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            "number" => value.ValueKind == JsonValueKind.Number,
            "array" => value.ValueKind == JsonValueKind.Array,
            _ => value.ValueKind == JsonValueKind.Object,
        });
    }

    private static string Short(JsonElement element) => element.GetRawText() is { Length: > 200 } text ? text[..200] : element.GetRawText();
}
