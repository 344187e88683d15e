using System.Text.Json;

namespace Unseen.Reports;

/// <summary>Reads JSON of our own that people may have edited.</summary>
internal static class StrictJson
{
    /// <summary>
    /// Reads a value. The serialiser refuses null properties and missing values where the options say so, but never null list items: these are refused
    /// here.
    /// </summary>
    /// <exception cref="JsonException">The text is something else.</exception>
    public static T Read<T>(string json, JsonSerializerOptions options) where T : class
    {
        using (var document = JsonDocument.Parse(json)) RefuseNullItems(document.RootElement, "file");
        return JsonSerializer.Deserialize<T>(json, options) ?? throw new JsonException("The file holds null.");
    }

    private static void RefuseNullItems(JsonElement element, string name)
    {
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var property in element.EnumerateObject()) RefuseNullItems(property.Value, property.Name);
        if (element.ValueKind != JsonValueKind.Array) return;
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Null) throw new JsonException($"The list '{name}' has a null item.");
            RefuseNullItems(item, name);
        }
    }
}
