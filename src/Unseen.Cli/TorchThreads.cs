namespace Unseen.Cli;

/// <summary>Threads of the tensor library.</summary>
internal static class TorchThreads
{
    /// <summary>Sets their number; loads libtorch.</summary>
    public static void Use(int threads) => TorchSharp.torch.set_num_threads(threads);
}
