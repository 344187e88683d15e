using Unseen.Data;
using Unseen.Data.Import;
using Unseen.Semantics;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class DatasetFolderWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_files_have_the_documented_form()
    {
        var path = _folder.File("set");
        DatasetFolderWriter.Write(Small(path));
        Assert.Equal("class,split,validation\nant,seen,true\n\"dog, big\",unseen,false\n",
            File.ReadAllText(Path.Combine(path, "classes.csv")));
        Assert.Equal("attribute,group,phrase,parts\nred,color,red color,head|tail\nbig,size,big size,\n",
            File.ReadAllText(Path.Combine(path, "attributes.csv")));
        Assert.Equal("class,red,big\nant,0.1,100\n\"dog, big\",-1,1E-07\n", File.ReadAllText(Path.Combine(path, "class_attributes.csv")));
        Assert.Equal("file,class,split\nant/1.jpg,ant,trainval\nant/2.jpg,ant,test_seen\ndog/1.jpg,\"dog, big\",test_unseen\n",
            File.ReadAllText(Path.Combine(path, "images.csv")));
        Assert.Equal("attribute,v0,v1\nred,1,2\nbig,3,4\n", File.ReadAllText(Path.Combine(path, "word_vectors.csv")));
        Assert.Equal("file,part,x,y\nant/2.jpg,head,0.25,1\n", File.ReadAllText(Path.Combine(path, "parts.csv")));
        Assert.Equal("class,relation,value\nant,eats,leaf\n", File.ReadAllText(Path.Combine(path, "relations.csv")));
        Assert.Equal("class,v0\nant,5\n\"dog, big\",6\n", File.ReadAllText(Path.Combine(path, "semantics", "text.csv")));
        Assert.Equal("name: 'small: one'\ndescription: ''\nlicence: mine\nsource: ''\nimages: images\nattributes:\n  scale: percent\n " +
            " negative: clamp\n",
            File.ReadAllText(Path.Combine(path, "dataset.yaml")).ReplaceLineEndings("\n").Replace('"', '\''));
    }

    [Fact]
    public void A_folder_with_content_is_overwritten_only_by_force()
    {
        var path = _folder.File("set");
        DatasetFolderWriter.Write(Small(path));
        Assert.Equal($"{path}: the folder is not empty; found 'attributes.csv'. Choose another one, or overwrite its dataset with --force.",
            Assert.Throws<DatasetFormatException>(() => DatasetFolderWriter.Write(Small(path))).Message);
        var bare = Small(path) with
        {
            WordVectors = null,
            Parts = [],
            Relations = [],
            OtherSemantics = new Dictionary<string,
            ClassSemantics>()
        };
        DatasetFolderWriter.Write(bare, force: true);
        Assert.Equal(["attributes.csv", "class_attributes.csv", "classes.csv", "dataset.yaml", "images.csv"],
            Directory.GetFiles(path, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_backslash_in_a_name_is_no_separator_but_on_Windows()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It is one there.");
        var path = _folder.File("set");
        DatasetFolderWriter.Write(Small(path) with { ImagesPath = Path.Combine(path, "a", @"p\s") });
        Assert.Contains(@"images: a/p\s", File.ReadAllText(Path.Combine(path, "dataset.yaml")).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_images_folder_elsewhere_is_written_in_full()
    {
        var path = _folder.File("set");
        DatasetFolderWriter.Write(Small(path) with { ImagesPath = _folder.File("pictures") });
        Assert.Contains($"images: {_folder.File("pictures")}", File.ReadAllText(Path.Combine(path, "dataset.yaml")),
            StringComparison.Ordinal);
    }

    private static DatasetFolder Small(string path) => new()
    {
        Path = path,
        Name = "small: one",
        Licence = "mine",
        ImagesPath = Path.Combine(path, "images"),
        Classes = [new("ant", true, [true]), new("dog, big", false, [false])],
        ValidationFolds = ["validation"],
        Attributes = [new("red", "color", "red color", ["head", "tail"]), new("big", "size", "big size", [])],
        ClassAttributes = new(["ant", "dog, big"], ["red", "big"], new[,] { { 0.1f, 100f }, { -1f, 1e-7f } }, AttributeScale.Percent),
        Images = [new("ant/1.jpg", 0, ImageSplit.Trainval), new("ant/2.jpg", 0, ImageSplit.TestSeen),
            new("dog/1.jpg", 1, ImageSplit.TestUnseen)],
        WordVectors = new[,] { { 1f, 2f }, { 3f, 4f } },
        Parts = [new(1, "head", 0.25f, 1f)],
        Relations = [new(0, "eats", "leaf")],
        OtherSemantics = new Dictionary<string, ClassSemantics>
        {
            ["text"] = new(["ant", "dog, big"], ["v0"], new[,] { { 5f }, { 6f } }, AttributeScale.Raw),
        },
    };
}
