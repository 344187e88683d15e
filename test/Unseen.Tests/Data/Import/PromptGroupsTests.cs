using Unseen.Data;
using Unseen.Data.Import;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class PromptGroupsTests : IDisposable
{
    private static readonly AttributeEntry[] Attributes =
        [.. new[] { "black", "has_bill_shape::curved_(up_or_down)", "tail" }.Select(ClassAttributes.Entry)];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Groups_and_words_replace_those_of_the_names()
    {
        var prompts = folder.File("p.json", "{\"0\": \"color\", \"2\": \" has part \", \"1\": \"bill shape\"}");
        var mapping = folder.File("m.json", "\uFEFF{\"1\": \"bent\", \"2\": \"long tail\"}");
        Assert.Equal([("color", "black"), ("bill shape", "bent bill shape"), ("has part", "long tail")], Pairs(prompts, mapping));
        Assert.Equal([("color", "black"), ("bill shape", "curved bill shape"), ("has part", "tail")], Pairs(prompts, null));
        Assert.Equal([("black", "black"), ("bill shape", "bent bill shape"), ("tail", "long tail")], Pairs(null, mapping));
        Assert.Equal(Attributes, PromptGroups.Apply(Attributes, null, null));
    }

    [Theory]
    [InlineData("[\"color\"]", "expected a JSON object from the index of an attribute to a text, for example {\"0\": \"color\", \"1\": \"has part\"}, found a list.")]
    [InlineData("{\"0\": \"a\", \"1\": \"b\", \"3\": \"c\"}",
        "'3' is not the index of an attribute: the dataset has 3, counted from 0 to 2. Was the file made for another dataset?")]
    [InlineData("{\"00\": \"a\"}", "'00' is not the index of an attribute: the dataset has 3, counted from 0 to 2. Was the file made for another dataset?")]
    [InlineData("{\"-1\": \"a\"}", "'-1' is not the index of an attribute: the dataset has 3, counted from 0 to 2. Was the file made for another dataset?")]
    [InlineData("{\"0\": 7}", "expected 1 to 200 characters for attribute 0, found a number.")]
    [InlineData("{\"0\": \" \"}", "expected 1 to 200 characters for attribute 0, found ''.")]
    [InlineData("{\"0\": \"a\\nb\"}", "expected 1 to 200 characters for attribute 0, found 'a?b'.")]
    [InlineData("{\"0\": \"a\", \"2\": \"c\"}",
        "expected a prompt group for each of the 3 attributes, found 2; the first without one is 1, 'has_bill_shape::curved_(up_or_down)'. "
        + "Was the file made for another dataset?")]
    public void Wrong_files_are_refused(string text, string message)
    {
        var path = folder.File("p.json", text);
        Assert.Equal($"{path}: {message}", Assert.Throws<DatasetFormatException>(() => PromptGroups.Apply(Attributes, path, null)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"0\": \"a\", \"0\": \"b\"}")]
    [InlineData("{\"0\": \"a\"")]
    [InlineData("{\"0\": {\"0\": {\"0\": {\"0\": {\"0\": {\"0\": {\"0\": {\"0\": {}}}}}}}}}")]
    public void What_is_not_json_is_refused(string text)
    {
        var path = folder.File("p.json", text);
        Assert.StartsWith($"{path}: the file is not JSON: ",
            Assert.Throws<DatasetFormatException>(() => PromptGroups.Apply(Attributes, path, null)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_wrongly_encoded_and_huge_files_are_refused()
    {
        string Refused(string path) => Assert.Throws<DatasetFormatException>(() => PromptGroups.Apply(Attributes, null, path)).Message;
        Assert.EndsWith("the file does not exist.", Refused(folder.File("none.json")), StringComparison.Ordinal);
        Assert.Contains("the file is not JSON: ", Refused(folder.File("latin.json", [(byte)'{', 0xE4, (byte)'}'])), StringComparison.Ordinal);
        using (var file = File.Create(folder.File("huge.json"))) file.SetLength((16 << 20) + 1);
        Assert.EndsWith("the file has 16777217 bytes; the limit is 16777216.", Refused(folder.File("huge.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_takes_them()
    {
        using var files = new LayoutFixture();
        files.Awa2();
        var prompts = folder.File("p.json", "{\"0\": \"color\", \"1\": \"part\", \"2\": \"habitat\"}");
        var mapping = folder.File("m.json", "{\"1\": \"teeth\"}");
        var run = Unseen.Tests.Cli.CliRun.Of("data", "import", "awa2", files["raw"], "--split", files["att_splits.mat"], "--out", files.Output,
            "--prompts", prompts, "--mapping", mapping);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["attribute,group,phrase", "black,color,black", "chewteeth,part,teeth", "newworld,habitat,new world"],
            ImportFiles.Lines(files.Output, "attributes.csv"));
    }

    /// <summary>Every attribute of CUB loses the words of its group, with the official names and with those of DUET.</summary>
    [Fact]
    public void No_attribute_of_cub_repeats_its_prompt()
    {
        var data = RealData.Folder();
        AttributeEntry[] names = [.. TextTable.Numbered(Path.Combine(data, "cub", "attributes.txt")).Select(ClassAttributes.Entry)];
        var duet = Path.Combine(data, "duet", "cache", "CUB");
        var named = PromptGroups.Apply(names, Path.Combine(duet, "attributeindex2prompt.json"), Path.Combine(duet, "mapping.json"));
        Assert.Equal(28, AttributeGroups.Of(names).Count);
        Assert.Equal(28, AttributeGroups.Of(named).Count);
        foreach (var attribute in names.Concat(named))
        {
            var without = ClassFacts.Without(attribute.Phrase, attribute.Group);
            Assert.False(without.EndsWith("upper parts color", StringComparison.Ordinal) || without == attribute.Phrase, $"{attribute.Group}: {attribute.Phrase}");
        }
        Assert.Contains(named, a => a.Phrase == "rainbow upper parts color");
    }

    private static (string, string)[] Pairs(string? prompts, string? mapping) =>
        [.. PromptGroups.Apply(Attributes, prompts, mapping).Select(a => (a.Group, a.Phrase))];
}
