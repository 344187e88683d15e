namespace Unseen.Cli;

/// <summary>The device of the tensor library, in a class of its own so that nothing else loads it.</summary>
internal static class TorchDevice
{
    /// <summary>Sets it; loads libtorch.</summary>
    public static void Use(string name) => ComputeDevice.Use(name);
}
