using CsCheck;
using Unseen.Data;
using Unseen.Semantics;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class DatasetReaderTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_valid_folder_is_read_whole()
    {
        var path = MiniDataset.Create(temporary.File("mini"));

        var (folder, problems) = DatasetReader.Read(path);

        Assert.Empty(problems);
        Assert.NotNull(folder);
        Assert.Equal(("Mini", path, Path.Combine(path, "images")), (folder.Name, folder.Path, folder.ImagesPath));
        Assert.Equal(new ClassEntry("seen-03", true, []) with { Validation = folder.Classes[3].Validation }, folder.Classes[3]);
        Assert.Equal([true, false], folder.Classes[3].Validation);
        Assert.Equal(["left", "right"], folder.Attributes[2].Parts);
        Assert.Empty(folder.Attributes[7].Parts);
        Assert.Equal((AttributeScale.Unit, NegativeAttributes.Clamp), (folder.ClassAttributes.Scale, folder.Negative));
        Assert.Equal(new ImageEntry("seen-00/004.jpg", 0, ImageSplit.TestSeen), folder.Images[4]);
        Assert.Equal((24, 6, 10), (folder.ImagesOf(ImageSplit.Trainval).Length, folder.ImagesOf(ImageSplit.TestSeen).Length,
            folder.ImagesOf(ImageSplit.TestUnseen).Length));
        Assert.Equal(new PartEntry(0, "right", 0.75f, 0.5f), folder.Parts[1]);
        Assert.All(folder.Images, i => Assert.True(File.Exists(folder.ImagePath(i))));
    }

    [Fact]
    public void Columns_and_rows_are_found_by_name_whatever_their_order()
    {
        var expected = DatasetReader.Open(MiniDataset.Create(temporary.File("mini"))).ClassAttributes.Values;
        foreach (var file in Directory.GetFiles(temporary.File("mini"), "*.csv"))
        {
            var lines = File.ReadAllLines(file).Select(l => string.Join(',', l.Split(',').Reverse())).ToArray();
            var rows = file.EndsWith("class_attributes.csv", StringComparison.Ordinal) ? lines[1..].Reverse() : lines[1..];
            File.WriteAllText(file, "\uFEFF" + string.Join("\r\n", rows.Prepend(lines[0])) +
                "\r\n\r\n,,,\r\n".Replace(",,,", "", StringComparison.Ordinal));
        }

        var (folder, problems) = DatasetReader.Read(temporary.File("mini"));

        Assert.Empty(problems);
        Assert.Equal(expected, folder!.ClassAttributes.Values);
        Assert.Equal(["validation2", "validation"], folder.ValidationFolds);
    }

    [Fact]
    public void Negative_values_are_clamped_or_kept_as_the_dataset_says()
    {
        var path = MiniDataset.Create(temporary.File("mini"), seen: 2, unseen: 1, attributes: 2);
        MiniDataset.Write(path, "class_attributes.csv", ["class", "has_wing_tone::0", "has_head_tone::1"],
            [["seen-00", "-1", "0.5"], ["seen-01", "1", "-0.25"], ["unseen-00", "0", "1e-3"]]);

        var clamped = DatasetReader.Open(path);
        Assert.Equal(new float[,] { { 0, 0.5f }, { 1, 0 }, { 0, 0.001f } }, clamped.ClassAttributes.Values);
        Assert.Equal(2, clamped.NegativeAttributeValues);

        File.WriteAllText(Path.Combine(path, "dataset.yaml"), "attributes: {scale: unit, negative: keep}");
        var kept = DatasetReader.Open(path);
        Assert.Equal(new float[,] { { -1, 0.5f }, { 1, -0.25f }, { 0, 0.001f } }, kept.ClassAttributes.Values);
        Assert.Equal((NegativeAttributes.Keep, "mini", 2), (kept.Negative, kept.Name, kept.NegativeAttributeValues));
    }

    [Theory]
    [InlineData("percent", NegativeAttributes.Clamp)]
    [InlineData("raw", NegativeAttributes.Keep)]
    public void Without_a_word_on_negatives_only_raw_values_keep_them(string scale, NegativeAttributes expected)
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        File.WriteAllText(Path.Combine(path, "dataset.yaml"), $"attributes:\n  scale: {scale}\n");
        Assert.Equal(expected, DatasetReader.Open(path).Negative);
    }

    [Fact]
    public void The_images_folder_may_be_anywhere()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        File.WriteAllText(Path.Combine(path, "dataset.yaml"), "images: ../elsewhere\nattributes: {scale: unit}");
        Assert.Equal(temporary.File("elsewhere"), DatasetReader.Open(path).ImagesPath);
        File.WriteAllText(Path.Combine(path, "dataset.yaml"), "images: /data/pictures\nattributes: {scale: unit}");
        Assert.Equal("/data/pictures", DatasetReader.Open(path).ImagesPath);
    }

    [Fact]
    public void Semantics_and_relations_are_read()
    {
        var path = MiniDataset.Create(temporary.File("mini"), seen: 2, unseen: 1);
        Directory.CreateDirectory(Path.Combine(path, "semantics"));
        MiniDataset.Write(path,
            "semantics/sentence.csv", ["class", "v1", "v0"], [["unseen-00", "6", "-5"], ["seen-00", "2", "1"], ["seen-01", "4", "3"]]);
        MiniDataset.Write(path, "relations.csv", ["class", "relation", "value"], [["unseen-00", "lives in", "the sea, mostly"]]);

        var folder = DatasetReader.Open(path);

        var sentence = folder.OtherSemantics["sentence"];
        Assert.Equal(new float[,] { { 1, 2 }, { 3, 4 }, { -5, 6 } }, sentence.Values);
        Assert.Equal(["v0", "v1"], sentence.AttributeNames);
        Assert.Equal(AttributeScale.Raw, sentence.Scale);
        Assert.Equal([new RelationEntry(2, "lives in", "the sea, mostly")], folder.Relations);
    }

    [Fact]
    public void Open_lists_the_first_twenty_errors_and_counts_all()
    {
        var path = MiniDataset.Create(temporary.File("mini"), seen: 6, unseen: 0);
        File.WriteAllLines(Path.Combine(path, "images.csv"),
            ["file,class,split", .. Enumerable.Range(0, 25).Select(i => $"{i}.jpg,seen-9,trainval")]);
        File.Delete(Path.Combine(path, "parts.csv"));

        var message = Assert.Throws<DatasetFormatException>(() => DatasetReader.Open(path)).Message.Split(Environment.NewLine);

        Assert.Equal($"{path}: The dataset folder has 25 errors:", message[0]);
        Assert.Equal("  images.csv, line 2: The class 'seen-9' is not in classes.csv. Did you mean 'seen-00'? Correct the name or add it to classes.csv.", message[1]);
        Assert.Equal("  and 5 more.", message[21]);
        Assert.Equal(22, message.Length);
    }

    [Fact]
    public void A_missing_folder_is_one_clear_error()
    {
        var message = Assert.Throws<DatasetFormatException>(() => DatasetReader.Open("no-such-folder")).Message;
        Assert.Equal("no-such-folder: The dataset folder has 1 error:" + Environment.NewLine +
            "  no-such-folder: The dataset folder does not exist. Expected a " +
            "folder with dataset.yaml, classes.csv, attributes.csv, class_attributes.csv and images.csv; 'unseen data init' makes one.",
                message);
    }

    [Fact]
    public void Very_many_problems_of_a_file_are_counted_not_kept()
    {
        var path = MiniDataset.Create(temporary.File("mini"));
        File.WriteAllLines(Path.Combine(path, "images.csv"),
            ["file,class,split", .. Enumerable.Range(0, 1200).Select(i => $"{i}.jpg,nobody,trainval")]);
        File.Delete(Path.Combine(path, "parts.csv"));
        var problems = DatasetReader.Read(path).Problems;
        Assert.Equal("200 more problems in this file are not listed. Repair the listed ones and check again.", problems[^1].Message);
        Assert.Equal(1001, problems.Count(p => p.File == "images.csv"));
    }

    [Fact]
    public void Printable_names_survive_the_files()
    {
        var name = Gen.Char[' ', '\uD7FF'].Where(c => !char.IsControl(c)).Array[1, 12].Select(c => new string(c));
        var counter = 0;
        name.Array[4, 8].Where(n => n.Distinct().Count() == n.Length && n.All(x => x is not ("class" or "Class"))).Sample(names =>
        {
            var path = temporary.File($"names{Interlocked.Increment(ref counter)}");
            var (classes, attributes) = (names[..2], names[2..]);
            var files = names.Select(n => $"a b/{n.Replace('\\', '-').Replace('/', '-')}.jpg").Distinct().ToArray();
            Directory.CreateDirectory(path);
            File.WriteAllText(Path.Combine(path, "dataset.yaml"), "attributes: {scale: raw}");
            WriteQuoted(path, "classes.csv", [["class", "split"], .. classes.Select((c, i) => new[] { c, i == 0 ? "seen" : "unseen" })]);
            WriteQuoted(path, "attributes.csv", [["attribute", "group", "phrase"], .. attributes.Select(a => new[] { a, a, a })]);
            WriteQuoted(path, "class_attributes.csv",
                [["class", .. attributes], .. classes.Select(c => (string[])[c, .. attributes.Select((_, i) => $"{i}")])]);
            WriteQuoted(path, "images.csv", [["file", "class", "split"], .. files.Select(f => new[] { f, classes[0], "trainval" })]);

            var folder = DatasetReader.Open(path);

            return folder.Classes.Select(c => c.Name).SequenceEqual(classes)
                && folder.Attributes.Select(a => a.Phrase).SequenceEqual(attributes)
                && folder.ClassAttributes.AttributeNames.SequenceEqual(attributes)
                    && folder.Images.Select(i => i.File).SequenceEqual(files);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Mutated_bytes_are_read_or_refused_but_never_crash_the_reader()
    {
        var path = MiniDataset.Create(temporary.File("mini"), seen: 2, unseen: 1, attributes: 3, imagesPerClass: 2);
        var files = Directory.GetFiles(path).Order(StringComparer.Ordinal).ToDictionary(f => f, File.ReadAllBytes);
        byte[] nasty = [.. "\"\r\n,:|-[]{}&*!?%@#\t\\'"u8, 0, 0xEF, 0xBB, 0xFF];
        var outcomes = new HashSet<bool>();
        Gen.Select(Gen.Int[0, files.Count - 1], Gen.Select(Gen.Int[0, 400],
            Gen.OneOf(Gen.Int[0, nasty.Length - 1].Select(i => nasty[i]), Gen.Byte)).Array[1, 4]).Sample((file, edits) =>
        {
            var (name, original) = files.ElementAt(file);
            var bytes = original.ToArray();
            foreach (var (at, value) in edits) bytes[at % bytes.Length] = value;
            File.WriteAllBytes(name, bytes);
            var (folder, problems) = DatasetReader.Read(path);
            File.WriteAllBytes(name, original);
            outcomes.Add(folder is not null);
            return folder is null == problems.Any(p => !p.IsWarning);
        }, iter: 500, threads: 1);
        Assert.Equal(2, outcomes.Count);
    }

    private static void WriteQuoted(string folder, string file, string[][] rows) => File.WriteAllText(Path.Combine(folder, file),
        string.Concat(rows.Select(r =>
            string.Join(',', r.Select(c => $"\"{c.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\n")));
}
