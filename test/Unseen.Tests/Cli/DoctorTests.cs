using System.Text.Json;
using Unseen.Cli.Commands;
using Unseen.Cli.Diagnostics;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class DoctorTests
{
    [Fact]
    public void This_machine_can_use_every_native_library()
    {
        var run = CliRun.Of("doctor", "--json");
        var checks = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().ToDictionary(c => c.GetProperty("name").GetString()!);
        Assert.All(["libtorch", "ONNX Runtime", "SkiaSharp"], name => Assert.True(checks[name].GetProperty("usable").GetBoolean(), name));
        Assert.StartsWith("2.", checks["libtorch"].GetProperty("found").GetString(), StringComparison.Ordinal);
        Assert.Equal(checks.Values.All(c => c.GetProperty("usable").GetBoolean()) ? 0 : 1, run.ExitCode);
    }

    [Fact]
    public void A_library_that_does_not_load_is_reported_with_its_cure()
    {
        var check = NativeLibraries.Try("libtorch",
            () => throw new TypeInitializationException("torch", new DllNotFoundException("GLIBCXX_3.4.32 not found")));
        Assert.False(check.Usable);
        Assert.Equal("cannot be used: GLIBCXX_3.4.32 not found", check.Found);
        Assert.Contains("eng/relax-libtorchsharp.targets", check.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libgomp.so.1: cannot open shared object file", "Install the OpenMP library: apt-get install libgomp1.")]
    [InlineData("version `GLIBC_2.28' not found",
        "The C library of this system is too old for the native library: use glibc 2.28 or newer (Debian 10, Ubuntu 20.04).")]
    [InlineData("no such file",
        "Either the native files of libtorch are not beside the program (restore and build again for this system), the processor " +
        "architecture differs (linux-x64 is tested), or a system library is missing ('ldd' on the .so file names it).")]
    public void Cures_follow_the_cause(string failure, string cure) => Assert.Equal(cure, NativeLibraries.Cure("libtorch", failure));

    [Theory]
    [InlineData(false, false, 0, 0, "")]
    [InlineData(true, false, 1 << 5, -1, "AVX2")]
    [InlineData(true, true, 0, 0, "AVX2 AVX512F")]
    [InlineData(true, true, 1 << 5, 0, "AVX2 AVX512F AVX512-BF16")]
    [InlineData(true, true, 0, (1 << 22) | (1 << 24), "AVX2 AVX512F AMX-TILE AMX-BF16")]
    [InlineData(true, true, -1, -1, "AVX2 AVX512F AVX512-BF16 AMX-TILE AMX-BF16 AMX-INT8")]
    public void Instruction_sets_are_read_from_their_bits(bool avx2, bool avx512, int subleaf1Eax, int subleaf0Edx, string names) =>
        Assert.Equal(names, string.Join(' ', InstructionSets.Names(avx2, avx512, subleaf1Eax, subleaf0Edx)));

    [Fact]
    public void Free_memory_is_what_the_kernel_calls_available() =>
        Assert.Equal(2048L * 1024, Memory.ParseAvailable(["MemTotal: 9 kB", "MemAvailable:    2048 kB"]));

    [Fact]
    public void Free_memory_is_unknown_without_that_line() => Assert.Null(Memory.ParseAvailable(["MemTotal: 9 kB"]));

    [Fact]
    public void Too_little_memory_fails() => Assert.Equal(
        new DoctorCheck("free memory", false, "0.5 GiB of 2.0 GiB",
            "Training needs at least 1 GiB: end other programs or raise the limit."),
        Doctor.MemoryCheck(1L << 29, 1L << 31));

    [Fact]
    public void A_data_folder_that_is_not_there_fails() => Assert.False(Doctor.DataCheck("/no/such/folder").Usable);

    [Fact]
    public void The_table_shows_the_cure_below_the_fault()
    {
        using var output = new StringWriter { NewLine = "\n" };
        DoctorCommand.Print([new("a", true, "1"), new("bcd", false, "broken", "Mend it.")], output);
        Assert.Equal("ok      a    1\nFAILED  bcd  broken\n             Mend it.\n", output.ToString());
    }
}
