using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Unseen.Reports;

/// <summary>Report files: camelCase JSON, unknown keys refused.</summary>
internal static class ReportJson
{
    private const long LargestFile = 256L << 20;
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,    // a file, never pasted into HTML: names stay readable
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new NumberRow<int>(),
            new NumberRow<double>(),
        },
    };

    public static string Write(ZslReport report) => JsonSerializer.Serialize(report, Options);

    public static string Write(IReadOnlyList<ZslReport> reports) => JsonSerializer.Serialize(reports, Options);

    public static void WriteFile(string path, string json) => AtomicFile.WriteText(path, json + "\n");

    public static IReadOnlyList<ZslReport> ReadFile(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > LargestFile)
                throw new DatasetFormatException(path,
                    $"a report has at most {LargestFile} bytes, found {info.Length}. Is it another file?");
            var json = File.ReadAllText(path);
            return json.AsSpan().TrimStart().StartsWith("[")
                ? StrictJson.Read<IReadOnlyList<ZslReport>>(json, Options) : [StrictJson.Read<ZslReport>(json, Options)];
        }
        catch (JsonException e)
        {
            throw new DatasetFormatException(path, $"not a report of this version: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DatasetFormatException(path, $"cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Writes a list of numbers on one line: a confusion matrix has 40,000 of them.</summary>
    private sealed class NumberRow<T> : JsonConverter<IReadOnlyList<T>> where T : struct
    {
        public override IReadOnlyList<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<T[]>(ref reader, options)!;

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonSerializer.SerializeToUtf8Bytes((T[])[.. value]));
    }
}
