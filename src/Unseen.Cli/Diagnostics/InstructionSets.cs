using System.Runtime.Intrinsics.X86;

namespace Unseen.Cli.Diagnostics;

/// <summary>The vector instructions that decide how fast matrix products are.</summary>
internal static class InstructionSets
{
    private const int FeatureLeaf = 7;

    /// <summary>Names of those that processor and operating system offer.</summary>
    public static IReadOnlyList<string> Found()
    {
        if (!X86Base.IsSupported) return [System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString()];
        var (subleaves, _, _, edx) = X86Base.CpuId(FeatureLeaf, 0);
        var eax = subleaves >= 1 ? X86Base.CpuId(FeatureLeaf, 1).Eax : 0;
        return Names(Avx2.IsSupported, Avx512F.IsSupported, eax, edx);
    }

    /// <summary>
    /// Names from the bits of CPUID leaf 7: AVX512-BF16 is subleaf 1 EAX bit 5; AMX-BF16, AMX-TILE and AMX-INT8 are subleaf 0 EDX bits 22,
    /// 24 and 25. .NET has no property for them.
    /// </summary>
    public static IReadOnlyList<string> Names(bool avx2, bool avx512, int subleaf1Eax, int subleaf0Edx)
    {
        var names = new List<string>();
        void Add(bool present, string name)
        {
            if (present) names.Add(name);
        }
        Add(avx2, "AVX2");
        Add(avx512, "AVX512F");
        Add(avx512 && Bit(subleaf1Eax, 5), "AVX512-BF16");
        Add(avx512 && Bit(subleaf0Edx, 24), "AMX-TILE");
        Add(avx512 && Bit(subleaf0Edx, 22), "AMX-BF16");
        Add(avx512 && Bit(subleaf0Edx, 25), "AMX-INT8");
        return names;
    }

    private static bool Bit(int register, int bit) => (register >> bit & 1) == 1;
}
