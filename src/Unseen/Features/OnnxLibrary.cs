using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Unseen.Features;

/// <summary>
/// ONNX Runtime with its telemetry off. From version 1.29 on its packages for Linux and macOS report models and their use to their maker, and keep an
/// identifier under the home folder, unless an environment variable says otherwise before the first use; nothing of that fits a program that works on
/// people's own pictures. Every use of ONNX Runtime in Unseen begins here; the analyzer of banned symbols refuses others.
/// </summary>
#pragma warning disable RS0030 // this is the place
public static partial class OnnxLibrary
{
    private const string OptOut = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<OrtEnv> Started = new(Start);

    /// <summary>Version of the native library, which is loaded.</summary>
    public static string Version => Started.Value.GetVersionString();

    /// <summary>Opens a session on a model of a file.</summary>
    internal static InferenceSession Open(string path, SessionOptions settings)
    {
        _ = Started.Value;
        return new(path, settings);
    }

    /// <summary>Opens a session on a model in memory.</summary>
    internal static InferenceSession Open(byte[] model, SessionOptions settings)
    {
        _ = Started.Value;
        return new(model, settings);
    }

    private static OrtEnv Start()
    {
        // What .NET sets with Environment.SetEnvironmentVariable native code does not see, except on Windows, which has no such variable.
        if (!OperatingSystem.IsWindows() && SetEnvironmentVariable(OptOut, "1", 1) != 0)
            throw new InvalidOperationException($"The environment variable {OptOut} could not be set (error {Marshal.GetLastPInvokeError()}).");
        var library = OrtEnv.Instance();
        library.DisableTelemetryEvents();
        return library;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
