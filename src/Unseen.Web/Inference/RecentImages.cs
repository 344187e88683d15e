using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Unseen.Classification;
using Unseen.Web.Http;

namespace Unseen.Web.Inference;

/// <summary>
/// Features of the last pictures, so that a page can ask again about a picture without sending it again. Bounded in number, memory and time.
/// The identifiers are secrets of 128 bits: who does not have one cannot find the picture.
/// </summary>
internal sealed class RecentImages(TimeProvider clock, int capacity, long maximumBytes, TimeSpan lifetime)
{
    private const int IdentifierBytes = 16;

    private readonly Lock access = new();
    private readonly Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Queue<Entry> order = new();
    private long bytes;

    /// <summary>Keeps a picture for a while.</summary>
    /// <returns>Its identifier.</returns>
    public string Add(ServedModel model, ImageFeatures picture)
    {
        var entry = new Entry(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdentifierBytes)), model, picture, clock.GetTimestamp());
        lock (access)
        {
            entries.Add(entry.Identifier, entry);
            order.Enqueue(entry);
            bytes += picture.Bytes;
            while (order.Count > 1 && (order.Count > capacity || bytes > maximumBytes || IsOver(order.Peek()))) Forget(order.Dequeue());
        }
        return entry.Identifier;
    }

    /// <summary>A picture that the model has read.</summary>
    /// <exception cref="ProblemException">404: it is unknown or forgotten, or another model has read it.</exception>
    public ImageFeatures Find(ServedModel model, string identifier)
    {
        if (Known(identifier) is not { } entry)
            throw new ProblemException(StatusCodes.Status404NotFound, "This picture is not known any more. Send it again.");
        return entry.Model == model ? entry.Picture : throw new ProblemException(StatusCodes.Status404NotFound,
            $"This picture was sent to the model '{entry.Model.Name}', and '{model.Name}' has not seen it. Ask with model={entry.Model.Name}, or send it again.");
    }

    private Entry? Known(string identifier)
    {
        lock (access) return entries.TryGetValue(identifier, out var entry) && !IsOver(entry) ? entry : null;
    }

    private bool IsOver(Entry entry) => clock.GetElapsedTime(entry.Since) > lifetime;

    private void Forget(Entry entry)
    {
        entries.Remove(entry.Identifier);
        bytes -= entry.Picture.Bytes;
    }

    private sealed record Entry(string Identifier, ServedModel Model, ImageFeatures Picture, long Since);
}
