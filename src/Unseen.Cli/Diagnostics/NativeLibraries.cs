using System.Runtime.CompilerServices;
using SkiaSharp;
using TorchSharp;
using Unseen.Features;

namespace Unseen.Cli.Diagnostics;

/// <summary>Tries every native library by using it, each in a method of its own: one that cannot load must not stop the others.</summary>
internal static class NativeLibraries
{
    /// <summary>The libraries: name and a use of it that returns its version.</summary>
    public static IReadOnlyList<(string Name, Func<string> Use)> All =>
        [("libtorch", UseTorch), ("ONNX Runtime", UseOnnxRuntime), ("SkiaSharp", UseSkia)];

    /// <summary>Uses a library; a failure comes back as a check that failed, with cause and cure.</summary>
    public static DoctorCheck Try(string name, Func<string> use)
    {
        try
        {
            return new(name, true, use());
        }
        catch (Exception e)
        {
            return new(name, false, $"cannot be used: {Innermost(e).Message}", Cure(name, e.ToString()));
        }
    }

    /// <summary>What to do about a library that does not load, from the text of the failure.</summary>
    public static string Cure(string name, string failure)
    {
        if (failure.Contains("GLIBCXX", StringComparison.Ordinal))
            return "The C++ library of this system is older than the native library expects. The build and publish targets of Unseen "
                + "relax that for libLibTorchSharp.so: build or publish with eng/relax-libtorchsharp.targets, "
                + "or use a system with GCC 13 or newer.";
        if (failure.Contains("GLIBC_", StringComparison.Ordinal))
            return "The C library of this system is too old for the native library: use glibc 2.28 or newer (Debian 10, Ubuntu 20.04).";
        if (failure.Contains("libgomp", StringComparison.Ordinal)) return "Install the OpenMP library: apt-get install libgomp1.";
        return $"Either the native files of {name} are not beside the program (restore and build again for this system), the processor "
            + "architecture differs (linux-x64 is tested), or a system library is missing ('ldd' on the .so file names it).";
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string UseTorch()
    {
        using var product = torch.ones(2, 3).mm(torch.ones(3, 2));
        return product.sum().item<float>() == 12f
            ? torch.__version__
            : throw new InvalidOperationException("a matrix product came out wrong");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string UseOnnxRuntime() => OnnxLibrary.Version;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string UseSkia()
    {
        using var bitmap = new SKBitmap(2, 2);
        bitmap.Erase(SKColors.Red);
        return bitmap.GetPixel(1, 1) == SKColors.Red
            ? SkiaSharpVersion.Native.ToString()
            : throw new InvalidOperationException("a pixel came out wrong");
    }

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is { } inner) e = inner;
        return e;
    }
}
