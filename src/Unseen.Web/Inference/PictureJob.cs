using Unseen.Classification;

namespace Unseen.Web.Inference;

/// <summary>
/// A picture on its way through the server: read by a worker, then, if it is to be classified, scored with others. It has a place to release at its end, or
/// is a step of work that has one.
/// </summary>
internal sealed class PictureJob(ServedModel model, ReceivedFile picture, bool scores, Action? release, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<PictureResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int ended;

    /// <summary>The model that reads it.</summary>
    public ServedModel Model { get; } = model;

    /// <summary>The upload.</summary>
    public ReceivedFile Picture { get; } = picture;

    /// <summary>True when it is to be classified, false when only its features are wanted.</summary>
    public bool Scores { get; } = scores;

    /// <summary>Its features, once it was read.</summary>
    public ImageFeatures? Features { get; set; }

    /// <summary>Ends with the request: nobody waits for the result any more.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>The result.</summary>
    public Task<PictureResult> Task => done.Task;

    /// <summary>Ends it with a result.</summary>
    public void Finish(PictureResult result)
    {
        if (End()) done.SetResult(result);
    }

    /// <summary>Ends it with an error.</summary>
    public void Fail(Exception error)
    {
        if (!End()) return;
        done.SetException(error);
        _ = done.Task.Exception;        // the request may be gone already: then nobody looks at it, and that is no mistake
    }

    /// <summary>Ends it without a result.</summary>
    public void Cancel()
    {
        if (End()) done.SetCanceled(Cancellation);
    }

    /// <summary>Gives upload and place back before anybody hears of the end, so that the next request finds the place free.</summary>
    private bool End()
    {
        if (Interlocked.Exchange(ref ended, 1) != 0) return false;
        Picture.Dispose();
        release?.Invoke();
        return true;
    }
}

/// <summary>A picture that was read and perhaps classified.</summary>
/// <param name="Features">Its features.</param>
/// <param name="Image">What the model says, or null when only features were wanted.</param>
internal sealed record PictureResult(ImageFeatures Features, ClassifiedImage? Image);
