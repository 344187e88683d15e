using Unseen.Data;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

/// <summary>Every problem with its verbatim message: one change to a valid dataset, one expected line.</summary>
public sealed class DatasetProblemTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Theory]
    [MemberData(nameof(Replacements))]
    public void A_changed_text_is_named(string file, string find, string replace, string expected)
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        var text = File.ReadAllText(Path.Combine(path, file));
        var at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, $"'{find}' is not in {file}");
        File.WriteAllText(Path.Combine(path, file), text[..at] + replace + text[(at + find.Length)..]);

        var problems = DatasetReader.Read(path).Problems;

        Assert.Contains(expected, problems.Select(p => (p.IsWarning ? "warning " : "") + p));
        Assert.True(problems.Count <= 3, string.Join('\n', problems));
    }

    public static TheoryData<string, string, string, string> Replacements => new()
    {
        // dataset.yaml
        { "dataset.yaml", "scale: unit", "scal: unit", "dataset.yaml, line 4: Unknown key 'scal'. Did you mean 'scale'? Known: scale, negative." },
        { "dataset.yaml", "  scale: unit\n", "", "dataset.yaml: Key 'attributes.scale' is missing. Say in which scale class_attributes.csv is: unit (0..1), percent (0..100) or raw." },
        { "dataset.yaml", "unit", "metres", "dataset.yaml, line 4: 'attributes.scale' must be one of unit, percent, raw, found 'metres'." },
        { "dataset.yaml", "clamp", "1", "dataset.yaml, line 5: 'attributes.negative' must be one of clamp, keep, found '1'." },
        { "dataset.yaml", "name: Mini", "nmae: Mini", "dataset.yaml, line 1: Unknown key 'nmae'. Did you mean 'name'? Known: name, description, licence, source, images, attributes." },
        { "dataset.yaml", "images: images", "name: Again", "dataset.yaml, line 2: Key 'name' appears twice. Delete one of them." },
        { "dataset.yaml", "name: Mini", "name: [a, b]", "dataset.yaml, line 1: 'name' must be a single text." },
        { "dataset.yaml", "attributes:\n  scale: unit\n  negative: clamp", "attributes: unit", "dataset.yaml, line 3: Expected 'key: value' lines below 'attributes'." },

        // classes.csv
        { "classes.csv", "class,split", "klass,split", "classes.csv, line 1: Column 'class' is missing; found: 'klass', 'split', 'validation', 'validation2'. Rename 'klass'." },
        { "classes.csv", "validation2", "remark", "warning classes.csv, line 1: Column 'remark' is not known and is ignored. Known: class, split, validation." },
        { "classes.csv", "validation2", "Validation", "classes.csv, line 1: Column 'Validation' appears twice in the header. Rename or delete one of them." },
        { "classes.csv", "seen-00,seen,", "seen-00,sen,", "classes.csv, line 2: Column 'split' must be seen or unseen, found 'sen'." },
        { "classes.csv", "seen-00,seen,true", "seen-00,seen,yes", "classes.csv, line 2: Column 'validation' must be true or false, found 'yes'." },
        { "classes.csv", "seen-01,seen,false,true\n", "seen-01,seen,false,true\nseen-01,seen,false,true\n", "classes.csv, line 4: The class 'seen-01' appears twice. Delete one of the lines." },
        { "classes.csv", "seen-01,seen,false,true\n", "seen-01,seen,false,true\n,seen,false,true\n", "classes.csv, line 4: The name of the class is empty. Fill it in or delete the line." },
        { "classes.csv", "seen-00,seen,true,false", "seen-00,seen,true", "classes.csv, line 2: Expected 4 cells (one per column of the header), found 3. Put cells that contain a comma in double quotes." },
        { "classes.csv", "unseen-00,unseen,false,false", "unseen-00,unseen,true,false", "classes.csv: Class 'unseen-00' is unseen and has validation = true. Validation classes are taken from the seen classes: write false." },

        // attributes.csv
        { "attributes.csv", "has_head_tone::1,", "has_wing_tone::0,", "attributes.csv, line 3: The attribute 'has_wing_tone::0' appears twice. Delete one of the lines." },
        { "attributes.csv", "left|right", "left||right", "attributes.csv, line 2: Column 'parts' must list different part names separated by '|', found 'left||right'." },
        { "attributes.csv", "left|right", "left|rigth", "warning attributes.csv: The part 'rigth' is never placed in parts.csv. Did you mean 'right'?" },
        { "attributes.csv", "\"tone 0 of the wing\"", "", "warning attributes.csv, line 2: The phrase is empty. Methods that read the attribute as text need words, for example 'blue wing color'." },

        // class_attributes.csv
        { "class_attributes.csv", "has_wing_tone::0", "has_wing_tone::O", "class_attributes.csv, line 1: Column: The attribute 'has_wing_tone::O' is not in attributes.csv. Did you mean 'has_wing_tone::0'? Correct the name or add it to attributes.csv." },
        { "class_attributes.csv", "has_wing_tone::0", "has_wing_tone::2", "class_attributes.csv, line 1: Column 'has_wing_tone::2' appears twice in the header. Rename or delete one of them." },
        { "class_attributes.csv", "seen-00,0.249", "seen-00,NaN", "class_attributes.csv, line 2: Column 'has_wing_tone::0': expected a finite number with a decimal point, found 'NaN'." },
        { "class_attributes.csv", "seen-00,0.249", "seen-00,1e99", "class_attributes.csv, line 2: Column 'has_wing_tone::0': expected a finite number with a decimal point, found '1e99'." },
        { "class_attributes.csv", "seen-00,0.249", "seen-00,\"0,2\"", "class_attributes.csv, line 2: Column 'has_wing_tone::0': expected a finite number with a decimal point, found '0,2'." },
        { "class_attributes.csv", "seen-00,0.249", "seen-00,1.01", "class_attributes.csv, line 2: Column 'has_wing_tone::0': expected a value of 0..1 (scale: unit in dataset.yaml), found '1.01'." },
        { "class_attributes.csv", "unseen-01,", "unseen-00,", "class_attributes.csv, line 9: The class 'unseen-00' appears twice. Delete one of the lines." },
        { "class_attributes.csv", "unseen-01,", "unseen-00,", "class_attributes.csv: The line of class 'unseen-01' is missing. Add it." },

        // images.csv
        { "images.csv", "seen-00/000.jpg,seen-00,trainval", "seen-00/000.jpg,seen-00,trainvel", "images.csv, line 2: Column 'split' must be trainval, test_seen, test_unseen, found 'trainvel'. Did you mean 'trainval'?" },
        { "images.csv", "seen-00/001.png,seen-00,trainval\n", "seen-00/001.png,seen-00,trainval\nseen-00/001.png,seen-00,trainval\n", "images.csv, line 4: The image 'seen-00/001.png' appears twice, first in line 3. Delete one of the lines." },
        { "images.csv", "seen-00/001.png,seen-00,trainval\n", "seen-00/001.png,seen-00,trainval\nseen-00/001.png,seen-00,test_seen\n", "images.csv, line 4: The image 'seen-00/001.png' appears twice, first in line 3, and the splits overlap: trainval and test_seen. Delete one of the lines." },
        { "images.csv", "seen-00/004.jpg,seen-00,test_seen", "seen-00/004.jpg,seen-00,test_unseen", "images.csv, line 6: Split test_unseen does not fit class 'seen-00', which is seen: expected trainval or test_seen. Change the split here or in classes.csv." },
        { "images.csv", "seen-00/004.jpg,seen-00,test_seen", "seen-00/004.jpg,unseen-00,test_seen", "images.csv, line 6: Split test_seen does not fit class 'unseen-00', which is unseen: expected test_unseen. Change the split here or in classes.csv." },
        { "images.csv", "seen-00/004.jpg,seen-00,test_seen", "seen-00/004.jpg,unseen-00,trainval", "images.csv, line 6: Split trainval does not fit class 'unseen-00', which is unseen: expected test_unseen. Change the split here or in classes.csv." },

        // word_vectors.csv
        { "word_vectors.csv", "v3", "w3", "word_vectors.csv, line 1: Expected the columns v0, v1, ... up to v5; column 'v3' is missing." },
        { "word_vectors.csv", "has_head_tone::1,", "has_head_tone::9,", "word_vectors.csv, line 3: The attribute 'has_head_tone::9' is not in attributes.csv. Did you mean 'has_head_tone::1'? Correct the name or add it to attributes.csv." },

        // parts.csv
        { "parts.csv", "left,0.25", "left,1.25", "parts.csv, line 2: Column 'x' must be 0..1 (a fraction of the image), found '1.25'." },
        { "parts.csv", "left,0.25", "left,NaN", "parts.csv, line 2: Column 'x' must be 0..1 (a fraction of the image), found 'NaN'." },
        { "parts.csv", "seen-00/000.jpg,right", "seen-00/000.jpg,left", "parts.csv, line 3: The part 'left' of this image appears twice. Delete one of the lines." },
        { "parts.csv", "seen-00/000.jpg,left", "seen-00/000.jpeg,left", "parts.csv, line 2: The image 'seen-00/000.jpeg' is not in images.csv. Correct the name or delete the line." },
    };

    [Theory]
    [InlineData("/etc/passwd", "is absolute")]
    [InlineData("C:/x.jpg", "is absolute")]
    [InlineData("../x.jpg", "has an empty, '.' or '..' part")]
    [InlineData("a/../../x.jpg", "has an empty, '.' or '..' part")]
    [InlineData("a//x.jpg", "has an empty, '.' or '..' part")]
    [InlineData("./x.jpg", "has an empty, '.' or '..' part")]
    [InlineData("a\\x.jpg", "has a backslash; write '/'")]
    [InlineData("", "is empty")]
    public void Files_that_leave_the_images_folder_are_refused(string file, string fault) => Expect(
        path => File.AppendAllText(Path.Combine(path, "images.csv"), $"{file},seen-00,trainval\n"),
        $"images.csv, line 42: The file '{file}' {fault}. Expected a path below the images folder, with '/' between folders.");

    [Theory]
    [InlineData("classes.csv")]
    [InlineData("attributes.csv")]
    [InlineData("class_attributes.csv")]
    [InlineData("images.csv")]
    [InlineData("dataset.yaml")]
    public void A_missing_file_is_named(string file) => Expect(path => File.Delete(Path.Combine(path, file)),
        $"{file}: The file is missing. Every dataset folder needs it; 'unseen data init' writes one to start from.");

    [Fact]
    public void An_empty_file_is_named() => Expect(path => File.WriteAllText(Path.Combine(path, "images.csv"), "\n\n"),
        "images.csv, line 1: The file is empty. Expected a header line with the names of the columns.");

    [Fact]
    public void Semicolons_are_recognised() => Expect(path => Edit(path, "images.csv", t => t.Replace(',', ';')),
        "images.csv, line 1: Column 'file' is missing; found: 'file;class;split'. The cells seem to be separated by something else: save the file with commas.");

    [Fact]
    public void Text_that_is_not_utf8_is_named() => Expect(
        path => File.WriteAllBytes(Path.Combine(path, "classes.csv"), [.. "class,split\nM"u8, 0xE4, .. "we,seen\n"u8]),
        "classes.csv, line 1: The text from about here on is not UTF-8. Save the file as UTF-8.");

    [Theory]
    [InlineData("\"open,seen,false,false\n")]
    [InlineData("\"a\"b,seen,false,false\n")]
    [InlineData("a\"b,seen,false,false\n")]
    [InlineData("\"a\nb\",seen,false,false\n")]
    public void Wrong_quotes_are_named(string line) =>
        Expect(path => Edit(path, "classes.csv", t => t + line), "classes.csv, line 10: A double quote is in the wrong " +
        "place or not closed. Put the whole cell in double quotes and write \"\" for a quote inside; cells have no line breaks.");

    [Fact]
    public void A_zero_word_vector_is_a_warning() => Expect(path => Edit(path, "word_vectors.csv", t =>
        string.Join('\n', t.Split('\n').Select(l => l.StartsWith("has_head_tone::1,", StringComparison.Ordinal)
            ? "has_head_tone::1,0,0,0,0,0,0" : l))),
        "warning word_vectors.csv: All values of attribute 'has_head_tone::1' are 0 (a word that is not in the vocabulary?). " +
        "Write another vector, or choose what methods do with zero rows.", readable: true);

    [Fact]
    public void A_missing_attribute_column_is_named() =>
        Expect(path => File.AppendAllText(Path.Combine(path, "attributes.csv"), "extra,g,p,\n"),
        "class_attributes.csv, line 1: The column of attribute 'extra' is missing. Add it or delete the attribute from attributes.csv.");

    [Fact]
    public void A_seen_class_needs_a_training_image() =>
        Expect(path => Edit(path, "images.csv", t => t.Replace("seen-00,trainval", "seen-00,test_seen", StringComparison.Ordinal)),
        "images.csv: The seen class 'seen-00' has no trainval image. Add one or make the class unseen in classes.csv.");

    [Fact]
    public void Images_of_an_unseen_class_must_be_test_unseen() =>
        Expect(path => Edit(path, "classes.csv", t => t.Replace("seen-00,seen,true", "seen-00,unseen,false", StringComparison.Ordinal)),
        "images.csv, line 2: Split trainval does not fit class 'seen-00', which is unseen: expected test_unseen. Change the split here or in classes.csv.");

    [Fact]
    public void A_fold_without_validation_classes_is_named() =>
        Expect(path => Edit(path, "classes.csv", t => t.Replace("true,false", "false,false", StringComparison.Ordinal)),
        "classes.csv: Column 'validation' marks 0 of 6 seen classes. Expected at least one marked and one left for training; about a third is usual. " +
        "Without the column, Unseen chooses by itself.");

    [Fact]
    public void No_seen_class_is_an_error() => Expect(path =>
    {
        Edit(path, "classes.csv", t => t.Replace(",seen,", ",unseen,", StringComparison.Ordinal)
            .Replace("true", "false", StringComparison.Ordinal));
        Edit(path, "images.csv", t => t.Replace("trainval", "test_unseen", StringComparison.Ordinal)
            .Replace("test_seen", "test_unseen", StringComparison.Ordinal));
    }, "classes.csv: No class is seen. Mark the classes with training pictures as seen.");

    [Fact]
    public void No_unseen_class_is_a_warning()
    {
        var problems = DatasetReader.Read(MiniDataset.Create(temporary.File("mini"), unseen: 0)).Problems;
        Assert.Equal("classes.csv: No class is unseen: there is nothing to recognise without pictures until a class is added.",
            Assert.Single(problems).ToString());
        Assert.True(problems[0].IsWarning);
    }

    [Fact]
    public void A_class_of_relations_must_be_known() => Expect(
        path => File.WriteAllText(Path.Combine(path, "relations.csv"), "class,relation,value\nseen-00,a,b\nzebra,eats,grass\nseen-00,,b\n"),
        "relations.csv, line 3: The class 'zebra' is not in classes.csv. Correct the name or add it to classes.csv.",
        "relations.csv, line 4: Columns 'relation' and 'value' must not be empty.");

    [Fact]
    public void Values_above_100_percent_are_named() => Expect(path =>
    {
        Edit(path, "dataset.yaml", t => t.Replace("unit", "percent", StringComparison.Ordinal));
        Edit(path, "class_attributes.csv", t => t.Replace("seen-00,0.249", "seen-00,100.5", StringComparison.Ordinal));
    }, "class_attributes.csv, line 2: Column 'has_wing_tone::0': expected a value of 0..100 (scale: percent in dataset.yaml), found '100.5'.");

    [Fact]
    public void Long_cells_and_large_files_are_refused_before_they_are_read() => Expect(path =>
    {
        Edit(path, "classes.csv", t => t + new string('x', DatasetLimits.CellCharacters + 1) + ",seen,false,false\n");
        File.WriteAllText(Path.Combine(path, "dataset.yaml"), "# " + new string('x', (int)DatasetLimits.YamlBytes));
        using var images = File.OpenWrite(Path.Combine(path, "images.csv"));
        images.SetLength(DatasetLimits.CsvBytes + 1);
    }, "classes.csv, line 10: A cell is longer than 16384 characters, which is the limit.",
       "dataset.yaml: The file has 65538 bytes; the limit is 65536.",
       "images.csv: The file has 536870913 bytes; the limit is 536870912.");

    [Fact]
    public void An_endless_line_is_refused() => Expect(
        path => File.WriteAllText(Path.Combine(path, "classes.csv"), "class,split\n" + new string('x', 2 * DatasetLimits.LineBytes)),
        "classes.csv, line 2: The line is longer than 16777216 bytes, which is the limit.");

    [Theory]
    [InlineData("a: &x b\nname: *x", "dataset.yaml, line 1: Unknown key 'a'. Known: name, description, licence, source, images, attributes.")]
    [InlineData("name: 'open", "dataset.yaml, line 1: The file is not valid YAML: While scanning a quoted scalar, found unexpected end of stream.")]
    [InlineData("n*me: Mini\nimages: [*", "dataset.yaml, line 1: Unknown key 'n*me'. Did you mean 'name'? Known: name, description, licence, source, images, attributes.")]
    [InlineData("- list", "dataset.yaml, line 1: Expected 'key: value' lines.")]
    [InlineData("? [a]\n: b", "dataset.yaml, line 1: Expected a plain key.")]
    [InlineData("", "dataset.yaml: Key 'attributes.scale' is missing. Say in which scale class_attributes.csv is: unit (0..1), percent (0..100) or raw.")]
    public void Odd_yaml_is_named(string yaml, string expected) =>
        Expect(path => File.WriteAllText(Path.Combine(path, "dataset.yaml"), yaml), expected);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    public void Deeply_nested_yaml_neither_crashes_nor_hangs(char nesting)
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        File.WriteAllText(Path.Combine(path, "dataset.yaml"), "name: " + string.Concat(Enumerable.Repeat($"{nesting} ", 30_000)));
        Assert.Contains(DatasetReader.Read(path).Problems, p => p.File == "dataset.yaml" && !p.IsWarning);
    }

    private void Expect(Action<string> change, params string[] expected) => Expect(change, readable: false, expected);

    private void Expect(Action<string> change, string expected, bool readable) => Expect(change, readable, expected);

    private void Expect(Action<string> change, bool readable, params string[] expected)
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        change(path);

        var (folder, problems) = DatasetReader.Read(path);

        Assert.Equal(readable, folder is not null);
        foreach (var line in expected) Assert.Contains(line, problems.Select(p => (p.IsWarning ? "warning " : "") + p));
    }

    private static void Edit(string path, string file, Func<string, string> edit) =>
        File.WriteAllText(Path.Combine(path, file), edit(File.ReadAllText(Path.Combine(path, file))));
}
