using Unseen.Data;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class DatasetCheckTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_valid_dataset_has_no_problem_and_reports_its_progress()
    {
        var updates = new List<ProgressUpdate>();
        var problems = Check(MiniDataset.Create(temporary.File("mini")), progress: new Recorder(updates));
        Assert.Empty(problems);
        Assert.Equal(new ProgressUpdate("check", 40, 40, "images"), Assert.Single(updates));
    }

    [Fact]
    public void Every_bad_picture_is_named_with_its_line()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        string Image(string name) => Path.Combine(path, "images", "seen-00", name);
        File.Delete(Image("000.jpg"));
        File.WriteAllBytes(Image("001.png"), []);
        File.WriteAllText(Image("002.jpg"), "not a picture");
        File.WriteAllBytes(Image("003.png"), File.ReadAllBytes(Image("003.png"))[..^200]);
        File.WriteAllBytes(Image("004.jpg"), File.ReadAllBytes(Image("004.jpg"))[..^300]);
        File.WriteAllBytes(Path.Combine(path, "images", "seen-01", "001.png"), HugePng());

        var problems = Check(path);

        Assert.Equal(
        [
            "images.csv, line 2: The image 'seen-00/000.jpg' is missing in the images folder. Put it there or delete the line.",
            "images.csv, line 3: The image 'seen-00/001.png' is an empty file. Replace it or delete the line.",
            "images.csv, line 4: The image 'seen-00/002.jpg' cannot be decoded (Unimplemented). Expected a JPEG, PNG, WebP, BMP or GIF file: convert or replace it.",
            "images.csv, line 5: The image 'seen-00/003.png' is damaged or cut off (IncompleteInput). Replace it or delete the line.",
            "images.csv, line 6: The image 'seen-00/004.jpg' is damaged or cut off (IncompleteInput). Replace it or delete the line.",
            "images.csv, line 8: The image 'seen-01/001.png' has 20000x20000 pixels; the limit is 100000000. Make it smaller.",
        ], problems.Select(p => p.ToString()));
        Assert.Equal(2, Check(path, new DatasetCheckOptions { DecodeImages = false }).Count);
    }

    [Fact]
    public void Pictures_are_checked_even_when_a_table_is_wrong()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        File.AppendAllText(Path.Combine(path, "images.csv"), "lost.jpg,nobody,trainval\n");
        Assert.Equal(
        [
            "images.csv, line 42: The class 'nobody' is not in classes.csv. Correct the name or add it to classes.csv.",
            "images.csv, line 42: The image 'lost.jpg' is missing in the images folder. Put it there or delete the line.",
        ], Check(path).Select(p => p.ToString()));
    }

    [Fact]
    public void A_missing_images_folder_is_one_problem()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        Directory.Move(Path.Combine(path, "images"), Path.Combine(path, "elsewhere"));
        var problem = Assert.Single(Check(path));
        Assert.Equal(("dataset.yaml", false), (problem.File, problem.IsWarning));
        Assert.EndsWith("does not exist. Correct 'images'.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        Assert.Throws<OperationCanceledException>(() => DatasetCheck.Run(path, cancellation: new CancellationToken(canceled: true)));
    }

    internal static IReadOnlyList<DatasetProblem> Check(string path, DatasetCheckOptions? options = null,
        IProgress<ProgressUpdate>? progress = null) =>
        DatasetCheck.Run(path, options, progress, TestContext.Current.CancellationToken);

    // A PNG header of 20000 x 20000 pixels with the checksum it needs, and an empty body.
    private static byte[] HugePng() =>
    [
        0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, .. Chunk([.. "IHDR"u8, 0, 0, 0x4E, 0x20, 0, 0, 0x4E, 0x20, 8, 2, 0, 0, 0]),
            .. Chunk([.. "IDAT"u8]), .. Chunk([.. "IEND"u8]),
    ];

    private static byte[] Chunk(byte[] content) => [0, 0, 0, (byte)(content.Length - 4), .. content, .. BigEndian(Crc(content))];

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }

    private sealed class Recorder(List<ProgressUpdate> updates) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            lock (updates) updates.Add(value);
        }
    }
}
