namespace Unseen.Tests.Web;

/// <summary>Holds a thread of the server until it is opened, at the latest when the test ends: a test that fails must not wait for the thread for ever.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource open = new();

    public void Wait(CancellationToken cancellation) => open.Task.Wait(cancellation);

    public void Set() => open.TrySetResult();

    public void Dispose() => Set();
}
