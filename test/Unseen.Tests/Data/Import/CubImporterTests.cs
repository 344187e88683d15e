using System.Globalization;
using SkiaSharp;
using Unseen.Data.Import;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class CubImporterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("out");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_layout_is_imported_and_cropped()
    {
        WriteSmall();
        var result = Import(Options(CubCrop.BoundingBox));
        Assert.Equal((1, 1, 2, 1, 1, 1), (result.SeenClasses, result.UnseenClasses, result.Attributes, result.Trainval, result.TestSeen,
            result.TestUnseen));
        Assert.Equal(["class,split", "001.A,seen", "002.B,unseen"], ImportFiles.Lines(Output, "classes.csv"));
        Assert.Equal(["attribute,group,phrase,parts", "has_bill_shape::spatulate,bill shape,broad bill shape,beak",
            "has_size::large_(16_-_32_in),size,large size,"],
            ImportFiles.Lines(Output, "attributes.csv"));
        Assert.Equal(["class,has_bill_shape::spatulate,has_size::large_(16_-_32_in)", "001.A,1.5,100", "002.B,0,20"],
            ImportFiles.Lines(Output, "class_attributes.csv"));
        Assert.Equal(["file,part,x,y", "001.A/a.jpg,beak,0.25,0.5"], ImportFiles.Lines(Output, "parts.csv"));
        using var crop = SKBitmap.Decode(Path.Combine(Output, "images", "001.A", "a.jpg"));
        Assert.Equal((20, 10), (crop.Width, crop.Height));
        Assert.InRange(crop.GetPixel(10, 5).Red, 200, 255);
        Assert.InRange(crop.GetPixel(10, 5).Green, 0, 60);
    }

    [Fact]
    public void Whole_pictures_are_referred_to()
    {
        WriteSmall();
        Import(Options(CubCrop.None));
        Assert.False(Directory.Exists(Path.Combine(Output, "images")));
        Assert.Contains($"images: {_folder.File("cub/images")}", File.ReadAllText(Path.Combine(Output, "dataset.yaml")),
            StringComparison.Ordinal);
        Assert.Equal(["file,part,x,y", "001.A/a.jpg,beak,0.3,0.5"], ImportFiles.Lines(Output, "parts.csv"));
    }

    [Fact]
    public void Missing_pictures_are_an_error_unless_allowed()
    {
        WriteSmall();
        File.Delete(_folder.File("cub/images/002.B/c.jpg"));
        Assert.EndsWith($"1 of 3 pictures are missing, the first is '{_folder.File("cub/images/002.B/c.jpg")}'. Complete the folder, or allow missing pictures.",
            Assert.Throws<DatasetFormatException>(() => Import(Options(CubCrop.None))).Message, StringComparison.Ordinal);
        var result = Import(Options(CubCrop.None) with { AllowMissingImages = true });
        Assert.Equal((1, 0, 2), (result.SeenClasses, result.UnseenClasses, result.Images));
        Assert.Equal(3, result.Warnings.Count);
    }

    [Fact]
    public void A_picture_may_not_lead_out_of_the_folder()
    {
        WriteSmall();
        _folder.File("cub/images.txt", "1 001.A/a.jpg\n2 001.A/b.jpg\n3 ../c.jpg\n");
        Assert.EndsWith("image '../c.jpg' leads out of the images folder.",
            Assert.Throws<DatasetFormatException>(() => Import(Options(CubCrop.None))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_picture_is_named()
    {
        WriteSmall();
        _folder.File("cub/images/001.A/a.jpg", "not a picture");
        Assert.Equal($"{_folder.File("cub/images/001.A/a.jpg")}: the picture cannot be decoded.",
            Assert.Throws<DatasetFormatException>(() => Import(Options(CubCrop.BoundingBox))).Message);
    }

    [Fact]
    public void Both_forms_of_the_real_split_agree()
    {
        var data = RealData.Folder();
        var cub = CubFiles.Read(Path.Combine(data, "cub"));
        var list = CubSplits.Read(Path.Combine(data, "cub", "ps_image_splits.csv"), cub);
        Assert.Equal(11788, list.Count(s => s is not null));
        Assert.Equal(list, CubSplits.Read(Path.Combine(data, "xlsa17", "CUB", "att_splits.mat"), cub));
    }

    [Fact]
    public void Real_metadata_gives_what_the_reference_folder_holds()
    {
        var data = RealData.Folder();
        var reference = Path.Combine(data, "cub127");
        string[] classes = ["001.Black_footed_Albatross", "004.Groove_billed_Ani", "010.Red_winged_Blackbird"];
        var images = ImportFiles.Table(reference, "images.csv").Where(i => classes.Contains(i["class"])).ToList();
        Draw(_folder.File("picture.jpg"), 500, 500);
        foreach (var image in images)
        {
            Directory.CreateDirectory(_folder.File($"pictures/{image["class"]}"));
            File.Copy(_folder.File("picture.jpg"), _folder.File($"pictures/{image["file"]}"));
        }
        var result = Import(new()
        {
            Root = Path.Combine(data, "cub"),
            SplitFile = Path.Combine(data, "cub", "ps_image_splits.csv"),
            ImagesFolder = _folder.File("pictures"),
            ClassListFolder = Path.Combine(data, "xlsa17", "CUB"),
            WordVectorsFile = Path.Combine(data, "cub", "w2v_attribute_300d.csv"),
            Output = Output,
            Crop = CubCrop.BoundingBox,
            AllowMissingImages = true,
        });
        var present = ImportFiles.Table(reference, "classes.csv").Where(c => classes.Contains(c["class"])).ToList();
        Assert.Equal(present.Count, result.SeenClasses + result.UnseenClasses);
        Assert.True(present.Count >= 2);
        Assert.Equal(present.Select(c => (c["class"], c["split"], c["validation"], c["validation2"], c["validation3"])),
            ImportFiles.Table(Output, "classes.csv").Select(c =>
                (c["class"], c["split"], c["validation"], c["validation2"], c["validation3"])));
        Assert.Equal(images.Select(i => (i["file"], i["split"])).Order(),
            ImportFiles.Table(Output, "images.csv").Select(i => (i["file"], i["split"])).Order());
        AssertSameValues(reference, classes);
        AssertSameParts(reference, [.. images.Select(i => i["file"])]);
        Assert.Equal(ImportFiles.Table(reference, "attributes.csv").Select(a => (a["attribute"], a["group"], a["parts"])),
            ImportFiles.Table(Output, "attributes.csv").Select(a => (a["attribute"], a["group"], a["parts"])));
        Assert.Equal(ImportFiles.Table(reference, "word_vectors.csv").Select(w => Number(w["v299"])),
            ImportFiles.Table(Output, "word_vectors.csv").Select(w => Number(w["v299"])));
    }

    private void AssertSameValues(string reference, string[] classes)
    {
        var expected = ImportFiles.Table(reference, "class_attributes.csv").Where(r => classes.Contains(r["class"])).ToList();
        var actual = ImportFiles.Table(Output, "class_attributes.csv");
        Assert.Equal(expected.Select(r => r["class"]), actual.Select(r => r["class"]));
        foreach (var (e, a) in expected.Zip(actual))
            foreach (var (name, value) in e.Where(p => p.Key != "class"))
                Assert.Equal(Number(value), Number(a[name]), 0.0001f);
    }

    private void AssertSameParts(string reference, HashSet<string> files)
    {
        var expected = ImportFiles.Table(reference, "parts.csv").Where(p => files.Contains(p["file"])).ToDictionary(p =>
            (p["file"], p["part"]));
        var actual = ImportFiles.Table(Output, "parts.csv").ToDictionary(p => (p["file"], p["part"]));
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.NotEmpty(expected);
        foreach (var (key, place) in expected)
        {
            Assert.Equal(Number(place["x"]), Number(actual[key]["x"]), 0.0002f);
            Assert.Equal(Number(place["y"]), Number(actual[key]["y"]), 0.0002f);
        }
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private CubImportOptions Options(CubCrop crop) =>
        new() { Root = _folder.File("cub"), SplitFile = _folder.File("cub/splits.csv"), Output = Output, Crop = crop };

    private void WriteSmall()
    {
        _folder.File("cub/images.txt", "1 001.A/a.jpg\n2 001.A/b.jpg\n3 002.B/c.jpg\n");
        _folder.File("cub/image_class_labels.txt", "1 1\n2 1\n3 2\n");
        _folder.File("cub/classes.txt", "1 001.A\n2 002.B\n");
        _folder.File("attributes.txt", "1 has_bill_shape::spatulate\n2 has_size::large_(16_-_32_in)\n");
        _folder.File("cub/attributes/class_attribute_labels_continuous.txt", "1.5 100\n0 20\n");
        _folder.File("cub/bounding_boxes.txt", "1 10.0 20.0 20.0 10.0\n2 0.0 0.0 50.0 50.0\n3 0 0 40 40\n");
        _folder.File("cub/parts/parts.txt", "1 back\n2 beak\n");
        _folder.File("cub/parts/part_locs.txt", "1 1 12.0 22.0 0\n1 2 15.0 25.0 1\n");
        _folder.File("cub/splits.csv", "image,split\n001.A/a.jpg,trainval\n001.A/b.jpg,test_seen\n002.B/c.jpg,test_unseen\n");
        foreach (var image in new[] { "001.A/a.jpg", "001.A/b.jpg", "002.B/c.jpg" })
            Draw(_folder.File($"cub/images/{image}"), 50, 50);
    }

    /// <summary>A white picture with a red rectangle at (10, 20) of 20 x 10 pixels.</summary>
    private static void Draw(string path, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var bitmap = new SKBitmap(width, height);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            using var paint = new SKPaint { Color = SKColors.Red };
            canvas.DrawRect(10, 20, 20, 10, paint);
        }
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        File.WriteAllBytes(path, data.ToArray());
    }

    private static ImportResult Import(CubImportOptions options) =>
        CubImporter.Import(options, null, TestContext.Current.CancellationToken);
}
