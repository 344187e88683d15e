using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Unseen.Web.Inference;

namespace Unseen.Web.Http;

/// <summary>What a request has sent: pictures, and parts of text by their names.</summary>
/// <param name="Pictures">In the order of the parts.</param>
/// <param name="Texts">Text parts.</param>
internal sealed record Upload(List<ReceivedFile> Pictures, Dictionary<string, string> Texts);

/// <summary>Reads pictures from a request: one as the body, or several as parts of a form.</summary>
internal sealed class PictureUpload(ServerOptions options, BodyReader bodies)
{
    private const int MaximumBoundary = 100;
    private const int MaximumTextBytes = 1 << 20;
    private const int MaximumTexts = 4;
    private const int MaximumName = 255;

    /// <summary>True when the body is a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Reads the one picture that is the whole body.</summary>
    /// <exception cref="ProblemException">400 empty, 408 slow, 413 too large, 415 no picture.</exception>
    public async Task<ReceivedFile> ReadOne(HttpContext context)
    {
        RequirePictureType(context.Request.ContentType);
        return await bodies.Receive(context, async (body, cancellation) =>
        {
            var picture = await bodies.Read(body, "image", cancellation);
            if (picture.Bytes.Length > 0) return picture;
            picture.Dispose();
            throw new ProblemException(StatusCodes.Status400BadRequest, "The body is empty. Send an image file as it is.");
        });
    }

    /// <summary>Reads all parts of a form.</summary>
    /// <exception cref="ProblemException">400 no form, 408 slow, 413 too large or too many, 415 a part is no picture.</exception>
    public Task<Upload> ReadForm(HttpContext context) => bodies.Receive(context, async (body, cancellation) =>
    {
        var upload = new Upload([], new(StringComparer.Ordinal));
        try
        {
            var reader = new MultipartReader(Boundary(context.Request), body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
            while (await reader.ReadNextSectionAsync(cancellation) is { } section) await Read(section, upload, cancellation);
            return upload;
        }
        catch (Exception e)
        {
            upload.Pictures.ForEach(picture => picture.Dispose());
            // The reader of forms reports what is wrong with a form as a problem with data.
            if (e is InvalidDataException or (IOException and not BadHttpRequestException) && !cancellation.IsCancellationRequested)
                throw new ProblemException(StatusCodes.Status400BadRequest, $"The form cannot be read: {e.Message}");
            throw;
        }
    });

    private async Task Read(MultipartSection section, Upload upload, CancellationToken cancellation)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data"))
            throw new ProblemException(StatusCodes.Status400BadRequest, "A part of the form has no name (Content-Disposition: form-data; name=...).");
        // Browsers give a file name to JSON as well when it is sent as a blob.
        var isFile = disposition.FileNameStar.HasValue || disposition.FileName.HasValue;
        var isJson = section.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;
        if (isFile && !isJson) await ReadPicture(section, disposition, upload, cancellation);
        else await ReadText(section, disposition, upload, cancellation);
    }

    private async Task ReadPicture(
        MultipartSection section, ContentDispositionHeaderValue disposition, Upload upload, CancellationToken cancellation)
    {
        if (upload.Pictures.Count == options.ImagesPerRequest)
            throw new ProblemException(StatusCodes.Status413PayloadTooLarge, $"A request has at most {options.ImagesPerRequest} pictures.");
        RequirePictureType(section.ContentType);
        upload.Pictures.Add(await bodies.Read(section.Body, FileName(disposition, upload.Pictures.Count), cancellation));
    }

    private async Task ReadText(MultipartSection section, ContentDispositionHeaderValue disposition, Upload upload, CancellationToken cancellation)
    {
        using var text = await bodies.Read(section.Body, "text", cancellation);
        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        if (text.Bytes.Length > MaximumTextBytes || upload.Texts.Count == MaximumTexts)
            throw new ProblemException(StatusCodes.Status413PayloadTooLarge,
                $"A form has at most {MaximumTexts} parts that are no pictures, of {MaximumTextBytes} bytes each.");
        upload.Texts[name] = System.Text.Encoding.UTF8.GetString(text.Bytes);
    }

    /// <summary>The name only goes back into answers; it never names a file here.</summary>
    private static string FileName(ContentDispositionHeaderValue disposition, int index)
    {
        var sent = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        var shown = string.Concat(sent.Take(MaximumName).Select(c => char.IsControl(c) ? '?' : c));
        return shown.Length > 0 ? shown : $"image {index + 1}";
    }

    private static string Boundary(HttpRequest request)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : "";
        return boundary.Length is > 0 and <= MaximumBoundary
            ? boundary
            : throw new ProblemException(StatusCodes.Status400BadRequest, $"A form needs a boundary of 1 to {MaximumBoundary} characters in its Content-Type.");
    }

    private static void RequirePictureType(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return;
        var isPicture = MediaTypeHeaderValue.TryParse(contentType, out var type)
            && (type.Type.Equals("image", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/octet-stream", StringComparison.OrdinalIgnoreCase));
        if (!isPicture)
            throw new ProblemException(StatusCodes.Status415UnsupportedMediaType,
                "Expected a picture: Content-Type image/jpeg, image/png, image/webp, image/gif, image/bmp or application/octet-stream.");
    }
}
