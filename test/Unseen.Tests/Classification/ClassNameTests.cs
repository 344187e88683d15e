using Unseen.Classification;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class ClassNameTests(PictureRun run) : IClassFixture<PictureRun>
{
    private const string Composed = "Caf\u00e9 Wren", Decomposed = "Cafe\u0301 Wren";

    [Fact]
    public void A_letter_with_an_accent_is_the_same_however_it_is_written()
    {
        var classes = ModelClasses.Open(run.Copy(run.Model("ridge")));
        Assert.Equal(Composed, Add(classes, Decomposed).Class);
        Assert.Equal($"The model has a class '{Composed}' already. Set its attributes, remove it first, or choose another name.",
            Assert.Throws<ConfigurationException>(() => Add(classes, Composed)).Message);
        Assert.Equal(Composed, classes.Find(Decomposed).Name);
        Assert.Equal("seen-00", classes.SimilarTo(Decomposed).Single(s => s.Class == "seen-00").Class);
        Assert.Equal([Composed], classes.Add("like it", Values(classes), MissingAttributes.Like(Decomposed)).FilledFrom);
        Assert.Equal(Composed, classes.Set(Decomposed, Values(classes)).Class);
        Assert.Equal(Composed, classes.Remove(Decomposed).Name);
    }

    [Fact]
    public void A_class_that_the_training_stored_in_the_other_form_is_found_and_replaced()
    {
        var model = run.Copy(run.Model("ridge"));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Classes = [.. record.Classes.Select((c, i) => i == 2 ? c with { Name = Decomposed } : c)] });
        var classes = ModelClasses.Open(model);
        Assert.Throws<ConfigurationException>(() => Add(classes, Composed));
        var csv = run.FileOf("accent.csv");
        File.WriteAllText(csv, $"class,{record.Attributes[0].Name}\n{Composed},0.25\n");
        Assert.Contains("already", Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Message, StringComparison.Ordinal);
        Assert.Equal(("seen", Decomposed), classes.Import(csv, replace: true).Select(a => (a.Seen ? "seen" : "unseen", a.Class)).Single());
        Assert.Equal((12, 0.25f), (classes.Record.Classes.Count, classes.Record.Classes[2].Values[0]));
    }

    [Theory]
    [InlineData("\u200b")]
    [InlineData("\u200b\u2060")]
    [InlineData("\ufeff")]
    [InlineData("\u0301")]
    [InlineData("\u3164")]
    public void A_name_of_which_nothing_can_be_seen_is_refused(string name)
    {
        var classes = ModelClasses.Open(run.Model("ridge"));
        Assert.Equal("A class name must have a character that can be seen.", Assert.Throws<ConfigurationException>(() => Add(classes, name)).Message);
    }

    [Theory]
    [InlineData("SEEN_01")]
    [InlineData("Seen 01")]
    [InlineData("seen01.")]
    [InlineData("seen\u200b-01")]
    public void A_name_that_differs_only_in_writing_is_taken_with_a_warning(string name)
    {
        var added = Add(ModelClasses.Open(run.Model("ridge")), name);
        Assert.Equal((name, "The name differs from that of the class 'seen-01' only by letter case or separators."), (added.Class, added.Notes.Single()));
    }

    [Fact]
    public void Names_of_a_table_are_compared_with_each_other_too_and_known_ones_have_no_warning()
    {
        var classes = ModelClasses.Open(run.Model("ridge"));
        Assert.Empty(Add(classes, "Azure Finch").Notes);
        var csv = run.FileOf("twins.csv");
        File.WriteAllText(csv, $"class,{classes.Record.Attributes[0].Name}\nAZURE-FINCH,0.5\nnew,0.5\nNew,0.5\nAzure Finch,0.25\n");
        var added = classes.Import(csv, replace: true);
        Assert.Equal(["Azure Finch", "", "new", ""], added.Select(a => a.Notes.Count == 0 ? "" : a.Notes.Single().Split('\'')[1]));
    }

    private static ClassAddition Add(ModelClasses classes, string name) => classes.Add(name, Values(classes));

    private static Dictionary<string, float> Values(ModelClasses classes) => new() { [classes.Record.Attributes[0].Name] = 0.5f };
}
