using SkiaSharp;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Unseen.Tests.Data.Formats;

namespace Unseen.Tests.Data.Import;

/// <summary>Small official layouts that go with <see cref="ImportFiles.Splits"/>: classes ant, bee, cat (seen) and dog, eight images.</summary>
internal sealed class LayoutFixture : IDisposable
{
    private static readonly string[] Classes = ["ant", "ant", "bee", "bee", "cat", "cat", "dog", "dog"];

    private readonly TemporaryFolder folder = new();

    public LayoutFixture() => Mat5Writer.Write(folder.File("att_splits.mat"), ImportFiles.Splits());

    public string Output => folder.File("out");

    public string this[string name] => folder.File(name);

    public LayoutImportOptions Options => new() { Root = folder.File("raw"), SplitFile = folder.File("att_splits.mat"), Output = Output };

    public void Dispose() => folder.Dispose();

    public void Text(string name, string text) => folder.File($"raw/{name}", text);

    /// <summary>JPEGImages/ant/ant_1.jpg and so on; the ninth image of the split file is missing there, since it is in no split.</summary>
    public void Awa2()
    {
        Text("predicates.txt", "     1\tblack\n     2\tchewteeth\n     3\tnewworld\n");
        for (var i = 0; i < Classes.Length; i++) Text($"JPEGImages/{Classes[i]}/{Classes[i]}_1000{i}.jpg", "");
        Splits(s => s["original_att"] = new Mat5Numbers([3, 4], [0.0, 1, 2, 10, 11, 12, 20, 21, 22, 100, -1, 32]));
    }

    /// <summary>images.mat in another order than the split file counts.</summary>
    public void Sun()
    {
        string[] names = ["a/ant/sun_a.jpg", "a/ant/sun_b.jpg", "b/bee/in/sun_a.jpg", "b/bee/in/sun_b.jpg", "c/cat/sun_a.jpg",
            "c/cat/sun_b.jpg", "d/dog/sun_a.jpg", "d/dog/sun_b.jpg"];
        foreach (var name in names) Text($"images/{name}", "");
        Text("SUNAttributeDB/readme.txt", "");
        Mat5Writer.Write(this["raw/SUNAttributeDB/images.mat"], [new("images", new Mat5Cell(names.Reverse()))]);
        Mat5Writer.Write(this["raw/SUNAttributeDB/attributes.mat"],
            [new("attributes", new Mat5Cell(["sailing/ boating", "dirtsoil", "far-away horizon"]))]);
        Splits(s => s["allclasses_names"] = new Mat5Cell(["ant", "bee_in", "cat", "dog"]));
    }

    public void Flowers(double[]? tstid = null)
    {
        for (var i = 1; i <= 9; i++) Text($"jpg/image_0000{i}.jpg", "");
        Mat5Writer.Write(this["raw/imagelabels.mat"], [new("labels", new Mat5Numbers([1, 9], [1.0, 1, 2, 2, 3, 3, 4, 4, 4]))]);
        Mat5Writer.Write(this["raw/setid.mat"], [new("trnid", new Mat5Numbers([1, 3], [1.0, 3, 5])),
            new("valid", new Mat5Numbers([1, 2], [2.0, 4])), new("tstid", new Mat5Numbers([1, 4], tstid ?? [6, 7, 8, 9]))]);
        Splits(s =>
        {
            s.Remove("allclasses_names");
            s.Remove("original_att");
        });
    }

    /// <summary>Two objects of the first picture; a red box in the middle of grey.</summary>
    public void Apy()
    {
        Text("attribute_data/attribute_names.txt", "2D Boxy\nHead\nFurn. Leg\n");
        Text("attribute_data/apascal_train.txt", "p1.jpg ant 3 2 6 5 0 1 0\np1.jpg ant 1 1 10 10 0 1 1\np2.jpg bee 1 1 4 4 0 0 0\n");
        Text("attribute_data/apascal_test.txt", "p3.jpg bee 1 1 4 4 0 1 0\np3.jpg cat 2 2 4 4 0 1 0\n");
        Text("attribute_data/ayahoo_test.txt", "y_1.jpg cat 1 1 9 9 0 1 0\ny_2.jpg dog 1 1 5 5 0 1 0\ny_3.jpg dog 1 1 6 6 0 1 0\n");
        foreach (var name in (string[])["VOCdevkit/VOC2008/JPEGImages/p1", "VOCdevkit/VOC2008/JPEGImages/p2",
            "VOCdevkit/VOC2008/JPEGImages/p3", "ayahoo_test_images/y_1", "ayahoo_test_images/y_2", "ayahoo_test_images/y_3"])
            Draw($"raw/{name}.jpg");
    }

    /// <summary>Writes the split file anew.</summary>
    public void Splits(Action<Dictionary<string, Mat5Value>> change)
    {
        var splits = ImportFiles.Splits();
        change(splits);
        Mat5Writer.Write(folder.File("att_splits.mat"), splits);
    }

    private void Draw(string name)
    {
        using var bitmap = new SKBitmap(10, 10);
        bitmap.Erase(SKColors.Gray);
        for (var y = 1; y < 5; y++)
            for (var x = 2; x < 6; x++) bitmap.SetPixel(x, y, SKColors.Red);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], data.ToArray());
    }
}
