using SkiaSharp;
using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class LayoutImporterTests : IDisposable
{
    private readonly LayoutFixture files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => files.Dispose();

    [Fact]
    public void Awa2_is_counted_by_its_files()
    {
        files.Awa2();
        files.Text("../valclasses1.txt", "bee\n");
        var result = Awa2();
        Assert.Equal((3, 1, 3, 3, 3, 2), (result.SeenClasses, result.UnseenClasses, result.Attributes, result.Trainval, result.TestSeen,
            result.TestUnseen));
        Assert.Equal(["1 class attribute values are negative, which stands for missing; dataset.yaml says to read them as 0."],
            result.Warnings);
        Assert.Equal(["class,split,validation", "ant,seen,false", "bee,seen,true", "cat,seen,false", "dog,unseen,false"], Lines("classes.csv"));
        Assert.Equal(["attribute,group,phrase", "black,black,black", "chewteeth,chew teeth,chew teeth", "newworld,new world,new world"],
            Lines("attributes.csv"));
        Assert.Equal(["file,class,split", "ant/ant_10000.jpg,ant,trainval", "ant/ant_10001.jpg,ant,test_seen"], Lines("images.csv").Take(3));
        var folder = DatasetReader.Open(files.Output);
        Assert.Equal((files["raw/JPEGImages"], "AWA2"), (folder.ImagesPath, folder.Name));
    }

    [Fact]
    public void Awa2_with_a_picture_too_few_or_a_foreign_folder_is_refused()
    {
        files.Awa2();
        File.Delete(files["raw/JPEGImages/cat/cat_10004.jpg"]);
        Assert.Equal($"{files["raw/JPEGImages"]}: found 7 pictures, but att_splits.mat counts 8. Pictures are counted in the order of " +
            "their names, so none may be missing or added. For an incomplete folder use the layout xlsa17 with an image list.",
            Refused(() => Awa2()));
        files.Text("JPEGImages/cot/cat_10004.jpg", "");
        Assert.EndsWith("Unknown class 'cot'. Did you mean 'cat'? Known: ant, bee, cat, dog.", Refused(() => Awa2()),
            StringComparison.Ordinal);
        File.Delete(files["raw/predicates.txt"]);
        Assert.Equal($"{files["raw"]}: predicates.txt is missing. Looked in: the folder itself, Animals_with_Attributes2.",
            Refused(() => Awa2()));
        Assert.False(Directory.Exists(files.Output));
    }

    [Fact]
    public void Sun_is_counted_in_the_order_of_names_whatever_the_order_of_its_list()
    {
        files.Sun();
        var result = Sun();
        Assert.Equal((3, 1, 8), (result.SeenClasses, result.UnseenClasses, result.Images));
        Assert.Equal(["b/bee/in/sun_a.jpg,bee_in,trainval", "b/bee/in/sun_b.jpg,bee_in,test_seen"], Lines("images.csv").Skip(3).Take(2));
        Assert.Equal(["sailing/ boating,sailing boating,sailing boating", "dirtsoil,dirt soil,dirt soil"],
            Lines("attributes.csv").Skip(1).Take(2));
        Assert.Equal("SUN", DatasetReader.Open(files.Output).Name);
    }

    [Fact]
    public void Sun_without_a_picture_is_refused_or_goes_on_without_it()
    {
        files.Sun();
        File.Delete(files["raw/images/d/dog/sun_b.jpg"]);
        Assert.Equal($"{files["raw/images"]}: 1 of 8 pictures are missing, the first is '{files["raw/images/d/dog/sun_b.jpg"]}'. Complete " +
            "the folder, or allow missing pictures.", Refused(() => Sun()));
        var result = Sun(files.Options with { AllowMissingImages = true });
        Assert.Equal(7, result.Images);
        Assert.Contains("1 of 8 pictures are missing and left out: the numbers will not compare with published ones.", result.Warnings);
        Mat5Writer.Write(files["raw/SUNAttributeDB/images.mat"], [new("images", new Mat5Cell(["a/../../x.jpg"]))]);
        Assert.EndsWith("image 'a/../../x.jpg' leads out of the images folder.",
            Refused(() => Sun(files.Options with { Force = true })), StringComparison.Ordinal);
        Mat5Writer.Write(files["raw/SUNAttributeDB/images.mat"], [new("images", new Mat5Cell(["ant/x.jpg"]))]);
        Assert.EndsWith("image 'ant/x.jpg' must stand below a letter and a scene, for example a/abbey/x.jpg.",
            Refused(() => Sun(files.Options with { Force = true })), StringComparison.Ordinal);
    }

    [Fact]
    public void Flowers_are_counted_by_their_number()
    {
        files.Flowers();
        var result = Flowers();
        Assert.Equal((3, 1, 8), (result.SeenClasses, result.UnseenClasses, result.Images));
        Assert.Equal("image_00008.jpg,class_004,test_unseen", Lines("images.csv")[^1]);
        Assert.Contains("scale: raw", File.ReadAllText(Path.Combine(files.Output, "dataset.yaml")), StringComparison.Ordinal);
        var names = files.Options with { Force = true, ClassNamesFile = files["names.txt"] };
        File.WriteAllText(files["names.txt"], "pink primrose\nbee balm\ncat's tail\ndogwood\n");
        Flowers(names);
        Assert.Equal("image_00008.jpg,dogwood,test_unseen", Lines("images.csv")[^1]);
        File.WriteAllText(files["names.txt"], "pink primrose\n");
        Assert.EndsWith("expected 4 class names, found 1.", Refused(() => Flowers(names)), StringComparison.Ordinal);
    }

    [Fact]
    public void Flowers_whose_files_do_not_belong_together_are_refused()
    {
        files.Flowers(tstid: [6, 7, 8, 8]);
        Assert.Equal($"{files["raw/setid.mat"]}: trnid, valid and tstid must name each of the 9 images of imagelabels.mat once; they " +
            "name 8 different ones in 9 entries. Do the files belong together?", Refused(() => Flowers()));
        files.Flowers();
        Mat5Writer.Write(files["raw/imagelabels.mat"], [new("labels", new Mat5Numbers([1, 9], [1.0, 4, 2, 2, 3, 3, 4, 4, 4]))]);
        Assert.Contains("class 'class_004' has images among the seen classes and in test_unseen",
            Refused(() => Flowers()), StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_of_aPY_are_cut_out()
    {
        files.Apy();
        var result = Apy();
        Assert.Equal((3, 1, 8), (result.SeenClasses, result.UnseenClasses, result.Images));
        Assert.Equal(["p1.jpg,ant,trainval", "p1#2.jpg,ant,test_seen", "p2.jpg,bee,trainval", "p3.jpg,bee,test_seen", "p3#2.jpg,cat,trainval",
            "y_1.jpg,cat,test_seen", "y_2.jpg,dog,test_unseen", "y_3.jpg,dog,test_unseen"], Lines("images.csv").Skip(1));
        Assert.Equal(["2D Boxy", "Head", "Furn. Leg"], DatasetReader.Open(files.Output).Attributes.Select(a => a.Name));
        using var crop = SKBitmap.Decode(Path.Combine(files.Output, "images", "p1.jpg"));
        Assert.Equal((4, 4), (crop.Width, crop.Height));
        foreach (var (x, y) in ((int, int)[])[(0, 0), (3, 0), (0, 3), (3, 3)])
            Assert.InRange(crop.GetPixel(x, y).Red - crop.GetPixel(x, y).Green, 100, 255);
    }

    [Theory]
    [InlineData("p1.jpg ant 3 2 6 5 0 1\n", "line 1 must have a file, a class, a box of 4 numbers and 3 attributes, 9 columns in all, found 8.")]
    [InlineData("p1.jpg ant 3 2 6 5.5 0 1 0\n", "line 1: '5.5' is not a whole number.")]
    [InlineData("p1.jpg ant 3 2 2 5 0 1 0\n", "line 1: the box 3 2 2 5 ends before it begins.")]
    [InlineData("../p1.jpg ant 3 2 6 5 0 1 0\n", "image '../p1.jpg' leads out of the images folder.")]
    [InlineData("p1.jpg ants 3 2 6 5 0 1 0\n", "Unknown class 'ants'. Did you mean 'ant'? Known: ant, bee, cat, dog.")]
    public void Bad_lines_of_aPY_are_refused(string line, string message)
    {
        files.Apy();
        files.Text("attribute_data/apascal_train.txt", line);
        Assert.EndsWith(message, Refused(() => Apy()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_picture_of_aPY_is_named_where_it_should_be()
    {
        files.Apy();
        File.Delete(files["raw/ayahoo_test_images/y_3.jpg"]);
        Assert.Contains("1 of 8 pictures are missing, the first is", Refused(() => Apy()), StringComparison.Ordinal);
        Assert.Equal(7, Apy(files.Options with { AllowMissingImages = true }).Images);
    }

    [Fact]
    public void A_cancelled_import_leaves_no_dataset()
    {
        files.Apy();
        Assert.Throws<OperationCanceledException>(() => ApyImporter.Import(files.Options, null, new CancellationToken(canceled: true)));
        files.Sun();
        Assert.Throws<OperationCanceledException>(() => SunImporter.Import(files.Options, null, new CancellationToken(canceled: true)));
        Assert.False(File.Exists(Path.Combine(files.Output, "dataset.yaml")));
    }

    private ImportResult Awa2() => Awa2Importer.Import(files.Options, null, Token);

    private ImportResult Sun(LayoutImportOptions? options = null) => SunImporter.Import(options ?? files.Options, null, Token);

    private ImportResult Flowers(LayoutImportOptions? options = null) => FlowersImporter.Import(options ?? files.Options, null, Token);

    private ImportResult Apy(LayoutImportOptions? options = null) => ApyImporter.Import(options ?? files.Options, null, Token);

    private string[] Lines(string file) => ImportFiles.Lines(files.Output, file);

    private static string Refused(Action import) => Assert.Throws<DatasetFormatException>(import).Message;
}
