using Unseen.Data;
using Unseen.Semantics;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class DatasetInitTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_dataset_is_started_from_class_folders_and_a_table()
    {
        var options = Material(classes: 8, pictures: 10) with { Name = "Ünïque: \"birds\" #1", Unseen = ["class 7"] };
        Directory.Delete(Path.Combine(options.Images, "class 6"), recursive: true);

        var (folder, notes) = DatasetInit.Create(options);

        Assert.Empty(DatasetCheckTests.Check(options.Target, new DatasetCheckOptions { DecodeImages = false }));
        Assert.Equal("Ünïque: \"birds\" #1", folder.Name);
        Assert.Equal(["class 6", "class 7"], folder.Classes.Where(c => !c.Seen).Select(c => c.Name));
        Assert.Equal([48, 12, 10], Enum.GetValues<ImageSplit>().Select(s => folder.ImagesOf(s).Length));
        Assert.All(folder.Images.Where(i => i.Split == ImageSplit.TestSeen).CountBy(i => i.Class), c => Assert.Equal(2, c.Value));
        Assert.Equal(["validation", "validation2", "validation3"], folder.ValidationFolds);
        Assert.All(Enumerable.Range(0, 3), fold => Assert.Equal(2, folder.Classes.Count(c => c.Validation[fold])));
        Assert.All(folder.Classes.Where(c => c.Seen), c => Assert.Equal(1, c.Validation.Count(v => v)));
        Assert.Equal(new AttributeEntry("has_wing_color::blue", "wing color", "blue wing color", folder.Attributes[0].Parts), folder.Attributes[0]);
        Assert.Empty(folder.Attributes[0].Parts);
        Assert.Equal(("", "long tail"), (folder.Attributes[1].Group, folder.Attributes[1].Phrase));
        Assert.Equal(0.25f, folder.ClassAttributes.Values[1, 1]);
        Assert.Equal(
        [
            "6 seen and 2 unseen classes, 2 attributes.",
            "Three validation columns were written; each marks another third of the seen classes.",
            "The attribute values range from 0.1 to 0.8: scale unit. Correct 'scale' in dataset.yaml if that is wrong.",
        ], notes);
    }

    [Fact]
    public void Files_that_are_no_pictures_by_their_names_are_told()
    {
        var options = Material(classes: 2, pictures: 1);
        foreach (var name in new[] { "a.heic", "b.TIF", "c.tif", ".DS_Store" }) File.WriteAllText(Path.Combine(options.Images, "class 0", name), "");
        File.Copy(Directory.GetFiles(Path.Combine(options.Images, "class 1"))[0], Path.Combine(options.Images, "class 1", "saved.jfif"));
        var (folder, notes) = DatasetInit.Create(options);
        Assert.Contains("3 files (.heic, .tif) in the class folders are no pictures by their names and were left out.", notes);
        Assert.Contains(folder.Images, image => image.File == "class 1/saved.jfif");
    }

    [Fact]
    public void The_same_seed_gives_the_same_files_and_another_seed_another_split()
    {
        var options = Material(classes: 6, pictures: 10);
        string Images(string target, int seed)
        {
            DatasetInit.Create(options with { Target = temporary.File(target), Seed = seed });
            return File.ReadAllText(temporary.File($"{target}/images.csv"));
        }
        Assert.Equal(Images("a", 1), Images("b", 1));
        Assert.NotEqual(Images("c", 2), Images("d", 1));
    }

    [Fact]
    public void Few_classes_get_no_validation_column_and_a_single_picture_trains()
    {
        var (folder, notes) = DatasetInit.Create(Material(classes: 5, pictures: 1));
        Assert.Empty(folder.ValidationFolds);
        Assert.Contains("Fewer than 6 seen classes: no validation columns were written.", notes);
        Assert.Equal(5, folder.ImagesOf(ImageSplit.Trainval).Length);
    }

    [Theory]
    [InlineData("0.5", AttributeScale.Unit)]
    [InlineData("-1", AttributeScale.Unit)]
    [InlineData("1.5", AttributeScale.Percent)]
    [InlineData("100", AttributeScale.Percent)]
    [InlineData("-0.5", AttributeScale.Raw)]
    [InlineData("101", AttributeScale.Raw)]
    public void The_scale_is_guessed_from_the_range(string value, AttributeScale expected)
    {
        var options = Material(classes: 2, pictures: 1);
        File.WriteAllText(options.Attributes, $"name,a\nclass 0,{value}\nclass 1,0\n");
        Assert.Equal(expected, DatasetInit.Create(options).Folder.ClassAttributes.Scale);
    }

    [Fact]
    public void Names_that_do_not_fit_are_all_named_and_nothing_is_written()
    {
        var options = Material(classes: 2, pictures: 1) with { Unseen = ["clas 1"] };
        Directory.CreateDirectory(Path.Combine(options.Images, "klass 0"));
        File.WriteAllText(Path.Combine(options.Images, "klass 0", "x.jpg"), "");

        var message = Assert.Throws<DatasetFormatException>(() => DatasetInit.Create(options)).Message.Split(Environment.NewLine);

        Assert.Equal(
        [
            $"{options.Attributes}: The material has 2 errors:",
            $"  {options.Images}: The folder 'klass 0' is no class of table.csv. Did you mean 'class 0'? Rename the folder or add a line for it.",
            $"  {options.Attributes}: The class 'clas 1', listed as unseen, has no line. Did you mean 'class 1'?",
        ], message);
        Assert.False(Directory.Exists(options.Target));
    }

    [Fact]
    public void Wrong_values_are_named_with_their_line()
    {
        var options = Material(classes: 2, pictures: 1) with { Scale = AttributeScale.Unit };
        File.WriteAllText(options.Attributes, "name,a\nclass 0,50\nclass 1,x\n");
        var message = Assert.Throws<DatasetFormatException>(() => DatasetInit.Create(options)).Message;
        Assert.Contains("table.csv, line 2: Column 'a': expected a value of 0..1 (scale: unit in dataset.yaml), found '50'.", message,
            StringComparison.Ordinal);
        Assert.Contains("table.csv, line 3: Column 'a': expected a finite number with a decimal point, found 'x'.", message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_with_content_needs_force()
    {
        var options = Material(classes: 2, pictures: 1);
        Directory.CreateDirectory(options.Target);
        File.WriteAllText(Path.Combine(options.Target, "notes.txt"), "mine");
        var message = Assert.Throws<DatasetFormatException>(() => DatasetInit.Create(options)).Message;
        Assert.Equal($"{options.Target}: the folder is not empty; found 'notes.txt'. Choose another one, or overwrite its dataset with --force.", message);
        Assert.Equal(2, DatasetInit.Create(options with { Force = true }).Folder.Classes.Count);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(options.Target, "notes.txt")));
    }

    [Fact]
    public void Pictures_and_table_may_lie_in_the_target_but_the_table_is_never_overwritten()
    {
        var options = Material(classes: 2, pictures: 1);
        var inside = options with { Target = Path.GetDirectoryName(options.Images)! };
        Assert.Contains("images: pictures\n",
            File.ReadAllText(Path.Combine(DatasetInit.Create(inside).Folder.Path, "dataset.yaml")), StringComparison.Ordinal);

        File.Move(options.Attributes, Path.Combine(inside.Target, "attributes.csv"), overwrite: true);
        var message = Assert.Throws<DatasetFormatException>(
            () => DatasetInit.Create(inside with { Attributes = Path.Combine(inside.Target, "attributes.csv"), Force = true })).Message;
        Assert.EndsWith("attributes.csv: This file would be overwritten by the new dataset. Rename it or choose another target folder.",
            message, StringComparison.Ordinal);
    }

    private DatasetInitOptions Material(int classes, int pictures)
    {
        var images = temporary.File("material/pictures");
        for (var c = 0; c < classes; c++)
            for (var i = 0; i < pictures; i++)
                temporary.File($"material/pictures/class {c}/{i}.JPG", "not decoded here");
        var rows = Enumerable.Range(0, classes).Select(c => $"class {c},0.{c + 1},0.25\n");
        var table = temporary.File("material/table.csv", "name,has_wing_color::blue,long_tail\n" + string.Concat(rows));
        return new DatasetInitOptions { Target = temporary.File("dataset"), Images = images, Attributes = table };
    }
}
