using System.Text.Json.Nodes;
using Unseen.Classification;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class ClassUndoTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public void A_changed_attribute_gets_its_former_value_back_and_undo_of_undo_changes_it_again()
    {
        var model = run.Copy(run.Model("ridge"));
        var before = Open(model).Record.Classes;
        var changed = Change(model, c => c.Set("seen-04", new Dictionary<string, float> { [Attribute(c, 2)] = 0.77f }));
        var entry = changed.History.Single();
        Assert.Equal((4, true), (entry.Before!.Place, entry.Before.Seen));
        Assert.Equal([(Attribute(changed, 2), before[4].Values[2])], entry.Before.Values.Select(v => (v.Key, v.Value)));

        var taken = Array.Empty<int>();
        var undone = Change(model, c => taken = [.. c.Undo().Select(e => e.Change)]);
        Assert.Equal([1], taken);
        AssertSame(before, undone.Record.Classes);
        Assert.Equal([("set", 1, null), ("set", 2, 1)], undone.History.Select(h => (h.Action, h.Change, h.Undoes)));

        var redone = Change(model, c => c.Undo());
        AssertSame(changed.Record.Classes, redone.Record.Classes);
        Assert.Equal(2, redone.History[2].Undoes);
    }

    [Fact]
    public void Classes_that_were_removed_together_come_back_together_at_their_places()
    {
        var model = run.Copy(run.Model("ridge"));
        var before = Open(model).Record.Classes;
        var changed = Change(model, c => c.Remove("seen-03"), c => c.Remove("unseen-01"), c => c.Remove("seen-04"));
        Assert.Equal(9, changed.Record.Classes.Count);
        AssertSame(before, Change(model, c => c.Undo()).Record.Classes);
        AssertSame(changed.Record.Classes, Change(model, c => c.Undo()).Record.Classes);
        using var classifier = ZeroShotClassifier.Load(model);
        Assert.Equal(9, classifier.Classes.Count);
    }

    [Fact]
    public void An_import_with_replaced_and_new_classes_is_taken_back_as_a_whole()
    {
        var model = run.Copy(run.Model("ridge"));
        var before = Open(model).Record;
        var csv = run.FileOf("undone.csv");
        File.WriteAllText(csv, $"class,split,{before.Attributes[1].Name}\nnew one,,0.5\nseen-02,unseen,0.123\nnew two,seen,-0.25\n");
        var changed = Change(model, c => c.Import(csv, replace: true));
        Assert.Equal((14, false), (changed.Record.Classes.Count, changed.Find("seen-02").Seen));
        var undone = Change(model, c => c.Undo());
        AssertSame(before.Classes, undone.Record.Classes);
        Assert.Equal([("remove", 3), ("set", 2), ("remove", 1)], undone.History.Skip(3).Select(h => (h.Action, h.Undoes!.Value)));
        AssertSame(changed.Record.Classes, Change(model, c => c.Undo()).Record.Classes);
    }

    [Fact]
    public void A_minus_zero_comes_back_as_a_minus_zero()
    {
        var model = run.Copy(run.Model("ridge"));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Classes = [.. record.Classes.Select((c, i) => i == 0 ? c with { Values = [-0f, .. c.Values.Skip(1)] } : c)] });
        Change(model, c => c.Set("seen-00", new Dictionary<string, float> { [Attribute(c, 0)] = 0 }));
        Assert.True(float.IsNegative(Change(model, c => c.Undo()).Record.Classes[0].Values[0]));
    }

    [Fact]
    public void What_is_not_saved_is_dropped_step_by_step_and_leaves_no_line()
    {
        var model = run.Copy(run.Model("ridge"));
        using var classifier = ZeroShotClassifier.Load(model);
        var before = classifier.Classes;
        var attribute = classifier.Model.Attributes[0].Name;
        classifier.AddClass("one", new() { [attribute] = 0.5f });
        classifier.AddClass("two", new() { [attribute] = 0.25f });
        Assert.Equal(["two"], classifier.UndoClasses().Select(e => e.Class));
        Assert.Equal("one", classifier.Classes[^1].Name);
        classifier.UndoClasses();
        Assert.Same(before, classifier.Classes);
        Assert.Equal("The classes are as they were at training: there is no change to take back.", Assert.Throws<UnseenException>(classifier.UndoClasses).Message);
        classifier.SaveClasses();
        Assert.Empty(classifier.History);
    }

    [Fact]
    public void A_classifier_takes_back_what_is_saved_and_scores_as_before()
    {
        var model = run.Copy(run.Model("ridge"));
        using var dataset = run.Open();
        var file = PictureRun.Files(dataset, [3])[0];
        using var classifier = ZeroShotClassifier.Load(model);
        var before = classifier.Classify(file).Top(99);
        classifier.SetAttributes("seen-01", classifier.Model.Attributes.ToDictionary(a => a.Name, _ => 1f));
        classifier.RemoveClass("seen-05");
        classifier.SaveClasses();
        Assert.NotEqual(before, classifier.Classify(file).Top(99));
        classifier.UndoClasses();
        classifier.SaveClasses();
        Assert.Equal(before, classifier.Classify(file).Top(99));
    }

    [Fact]
    public void A_history_of_an_earlier_version_is_read_and_says_why_a_value_cannot_come_back()
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Set("seen-04", new Dictionary<string, float> { [Attribute(c, 2)] = 0.77f }));
        Forget(model);
        var classes = Open(model);
        Assert.Null(classes.History.Single().Before);
        Assert.Equal("Change 1 (set 'seen-04') cannot be taken back: an earlier version made it, whose history keeps no former values. Set the attributes of the class instead.",
            Assert.Throws<UnseenException>(classes.Undo).Message);
        Assert.False(classes.HasChanges);
    }

    [Fact]
    public void A_class_that_an_earlier_version_removed_comes_back_as_the_last_one()
    {
        var model = run.Copy(run.Model("ridge"));
        var gone = Open(model).Find("seen-04");
        Change(model, c => c.Remove("seen-04"));
        Forget(model);
        AssertSame([gone], [Change(model, c => c.Undo()).Record.Classes[^1]]);
    }

    [Fact]
    public void Classes_that_something_else_has_changed_are_left_alone()
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Set("seen-04", new Dictionary<string, float> { [Attribute(c, 2)] = 0.77f }));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Classes = [.. record.Classes.Where(c => c.Name != "seen-04")] });
        Assert.Equal("Change 1 (set 'seen-04') cannot be taken back: the class is not as this change left it: model.json was changed by something else. Put back the model "
            + "folder from a backup.", Assert.Throws<UnseenException>(Open(model).Undo).Message);
    }

    [Theory]
    [InlineData("\"values\":[", "\"values\":[1,", "its values in the history are damaged.")]
    [InlineData("\"class\":\"seen-04\"", "\"class\":\"\"", "its name in the history is empty.")]
    [InlineData("\"action\":\"remove\"", "\"action\":\"rename\"", "it is a 'rename', which this version does not know.")]
    public void A_damaged_history_never_reaches_the_model(string text, string damaged, string why)
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Remove("seen-04"));
        var history = Path.Combine(model, "classes-history.jsonl");
        File.WriteAllText(history, File.ReadAllText(history).Replace(text, damaged, StringComparison.Ordinal));
        Assert.EndsWith(why, Assert.Throws<UnseenException>(Open(model).Undo).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_only_class_is_not_taken_back()
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Add("new", new Dictionary<string, float> { [Attribute(c, 0)] = 1 }));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Classes = [record.Classes[^1]] });
        Assert.EndsWith("the model would have no class left.", Assert.Throws<UnseenException>(Open(model).Undo).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_would_be_too_large_to_be_read_is_not_written()
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Remove("seen-04"));
        var before = File.ReadAllText(Path.Combine(model, "classes-history.jsonl"));
        var again = ClassHistory.Read(model, 1);
        Assert.Contains("would be larger than 300 bytes, so nothing was changed.",
            Assert.Throws<UnseenException>(() => ClassHistory.Append(model, 1, again, maximumBytes: 300)).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(model, "classes-history.jsonl")));
        ClassHistory.Append(model, 1, again, maximumBytes: 2 * before.Length);
        Assert.Equal(2, ClassHistory.Read(model, 2).Count);
    }

    [Fact]
    public void Of_unsaved_changes_the_last_hundred_can_be_taken_back()
    {
        var classes = Open(run.Copy(run.Model("ridge")));
        for (var i = 0; i < 101; i++) classes.Add($"new {i}", new Dictionary<string, float> { [Attribute(classes, 0)] = 1 });
        for (var i = 0; i < 100; i++) classes.Undo();
        Assert.Contains("the last 100 can be taken back", Assert.Throws<UnseenException>(classes.Undo).Message, StringComparison.Ordinal);
        Assert.Contains(classes.Record.Classes, c => c.Name == "new 0");
    }

    [Fact]
    public void A_change_of_somebody_else_in_between_is_not_overwritten()
    {
        var model = run.Copy(run.Model("ridge"));
        Change(model, c => c.Remove("seen-04"));
        var late = Open(model);
        late.Undo();
        Change(model, c => c.Remove("seen-05"));
        Assert.Throws<ModelChangedException>(late.Save);
        Assert.Equal(10, Open(model).Record.Classes.Count);
    }

    private static ModelClasses Open(string model) => ModelClasses.Open(model);

    private static string Attribute(ModelClasses classes, int index) => classes.Record.Attributes[index].Name;

    /// <summary>Changes that are saved together; returns the classes as a new reader finds them.</summary>
    private static ModelClasses Change(string model, params Action<ModelClasses>[] changes)
    {
        var classes = Open(model);
        foreach (var change in changes) change(classes);
        classes.Save();
        return Open(model);
    }

    /// <summary>Makes the history what an earlier version would have written.</summary>
    private static void Forget(string model)
    {
        var history = Path.Combine(model, "classes-history.jsonl");
        var lines = File.ReadAllLines(history).Select(line =>
        {
            var json = JsonNode.Parse(line)!.AsObject();
            Assert.True(json.Remove("before"));
            return json.ToJsonString();
        }).ToList();
        File.WriteAllLines(history, lines);
    }

    private static void AssertSame(IReadOnlyList<ModelClass> expected, IReadOnlyList<ModelClass> found) => Assert.Equal(Bits(expected), Bits(found));

    private static IEnumerable<string> Bits(IReadOnlyList<ModelClass> classes) =>
        classes.Select(c => $"{c.Name} {c.Seen} {string.Join(' ', c.Values.Select(BitConverter.SingleToInt32Bits))}");
}
