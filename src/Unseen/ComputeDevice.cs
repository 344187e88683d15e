using static TorchSharp.torch;

namespace Unseen;

/// <summary>
/// The device on which tensors are made and models run: the processor unless chosen otherwise. Features are read on the processor and moved
/// batch by batch; scores come back to it. Only the processor is tested; other devices need a libtorch package for them.
/// </summary>
public static class ComputeDevice
{
    private static readonly string[] Known = ["cpu", "cuda", "mps"];

    /// <summary>The device in use.</summary>
    public static Device Current => get_default_device();

    /// <summary>Chooses the device of this process.</summary>
    /// <param name="name">cpu, cuda, cuda:N or mps.</param>
    /// <exception cref="UnknownNameException">No such kind of device.</exception>
    /// <exception cref="ConfigurationException">The libtorch that is installed does not offer the device.</exception>
    public static void Use(string name)
    {
        var kind = name.Split(':')[0];
        if (!Known.Contains(kind)) throw new UnknownNameException("device", name, Known);
        if (kind == "cuda" && !cuda.is_available() || kind == "mps" && !mps_is_available())
            throw new ConfigurationException([$"Device '{name}' is not available: the installed libtorch has no support for it, or there is no such device. Use --device cpu."]);
        set_default_device(device(name));
    }
}
