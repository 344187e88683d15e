using System.Text.Json;
using Unseen.Cli;
using Unseen.Experiments;
using Unseen.Tests.Classification;
using Xunit;

namespace Unseen.Tests.Cli;

public sealed class ClassesCommandTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public void The_history_shows_what_changed_and_undo_takes_it_back()
    {
        var model = run.Copy(run.Model("ridge"));
        var before = File.ReadAllText(Path.Combine(model, "model.json"));
        var names = Names(model);
        var value = Value(model, 4, 0);
        Run(model, "set", "seen-04", $"{names[0]}=0.125");
        Assert.Contains($"set     seen-04  {names[0]}: {value} -> 0.125", Run(model, "list", "--history").Output, StringComparison.Ordinal);
        Assert.Equal($"Would have taken back change 1, set 'seen-04': {names[0]}: 0.125 -> {value}.\n", Run(model, "undo", "--dry-run").Output);
        Assert.Equal($"Took back change 1, set 'seen-04': {names[0]}: 0.125 -> {value}.\n", Run(model, "undo").Output);
        Assert.Equal(Classes(before), Classes(File.ReadAllText(Path.Combine(model, "model.json"))));
        Assert.Contains($"undo of 1 (set)  seen-04  {names[0]}: 0.125 -> {value}", Run(model, "list", "--history").Output, StringComparison.Ordinal);
        Assert.Equal($"Took back change 2, undo of 1 (set) 'seen-04': {names[0]}: {value} -> 0.125.\n", Run(model, "undo").Output);
        var json = JsonDocument.Parse(Run(model, "list", "--history", "--json").Output).RootElement;
        Assert.Equal((3, 2), (json.GetArrayLength(), json[2].GetProperty("undoes").GetInt32()));
        Assert.Equal(0.125, json[1].GetProperty("before").GetProperty("values").GetProperty(names[0]).GetDouble());
    }

    [Fact]
    public void Many_changed_attributes_are_counted_and_classes_come_and_go()
    {
        var model = run.Copy(run.Model("ridge"));
        Run(model, "set", ["unseen-01", .. Names(model).Select((n, i) => $"{n}=0.0{i + 1}")]);
        Assert.Contains(" -> 0.03, and 3 more", Run(model, "list", "--history").Output, StringComparison.Ordinal);
        Run(model, "remove", "seen-01", "seen-02");
        Assert.Equal("Took back change 2, remove 'seen-01': the class is back.\nTook back change 3, remove 'seen-02': the class is back.\n", Run(model, "undo").Output);
        Assert.Equal(4, JsonDocument.Parse(Run(model, "undo", "--json").Output).RootElement[0].GetProperty("change").GetInt32());
        Assert.Equal("Took back change 6, undo of 5 (remove) 'seen-01': the class is back.\n", Run(model, "undo").Output.Split('\n')[0] + "\n");
        Run(model, "add", "Azure Finch", $"{Names(model)[0]}=1");
        Assert.Equal("Took back change 10, add 'Azure Finch': the class is gone.\n", Run(model, "undo").Output);
        var fresh = run.Copy(run.Model("ridge"));
        var refused = CliRun.Of("classes", fresh, "undo");
        Assert.Equal((1, "The classes are as they were at training: there is no change to take back.\n"), (refused.ExitCode, refused.Error));
    }

    [Fact]
    public void Numbers_and_nouns_agree_and_a_replaced_class_keeps_its_values()
    {
        var model = run.Copy(run.Model("ridge"));
        var csv = run.FileOf("one.csv");
        File.WriteAllText(csv, $"class,{Names(model)[0]}\nseen-04,0.25\n");
        Assert.Equal("Would have imported 'seen-04' (seen): 1 attribute given, 5 kept.\n", Run(model, "import", csv, "--replace", "--dry-run").Output);
        Assert.StartsWith("Would have imported 'seen-04' (seen): 1 attribute given, 5 from seen-02.\n", Run(model, "import", csv, "--replace", "--dry-run", "--like", "seen-02").Output,
            StringComparison.Ordinal);
        Run(model, "import", csv, "--replace");
        Assert.EndsWith("12 classes, 3 of them unseen; method ridge, 1 change since training.\n", Run(model, "list").Output, StringComparison.Ordinal);
        Assert.Equal(["0 images", "1 image", "2 images", "1 class", "2 classes"], [CommandText.Of(0, "image"), CommandText.Of(1, "image"), CommandText.Of(2, "image"),
            CommandText.Of(1, "class", "classes"), CommandText.Of(2, "class", "classes")]);
    }

    [Fact]
    public void The_only_class_has_none_that_is_most_similar()
    {
        var model = run.Copy(run.Model("ridge"));
        Assert.Contains("most similar: ", Run(model, "show", "seen-00").Output, StringComparison.Ordinal);
        Run(model, "remove", ModelFolder.ReadRecord(model).Classes.Skip(1).Select(c => c.Name));
        Assert.DoesNotContain("most similar", Run(model, "show", "seen-00").Output, StringComparison.Ordinal);
        Assert.EndsWith("1 class, 0 of them unseen; method ridge, 11 changes since training.\n", Run(model, "list").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_written_in_another_way_is_suggested()
    {
        var refused = CliRun.Of("classes", run.Model("ridge"), "show", "7. Seen 03");
        Assert.StartsWith("Unknown class '7. Seen 03'. Did you mean 'seen-03'?", refused.Error, StringComparison.Ordinal);
    }

    private static CliRun Run(string model, string command, params IEnumerable<string> arguments)
    {
        var run = CliRun.Of(["classes", model, command, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static List<string> Names(string model) => [.. ModelFolder.ReadRecord(model).Attributes.Select(a => a.Name)];

    private static string Value(string model, int entry, int attribute)
    {
        var record = ModelFolder.ReadRecord(model);
        return record.UnitValues(record.Classes[entry].Values)[attribute].ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Classes(string json) => JsonDocument.Parse(json).RootElement.GetProperty("classes").GetRawText();
}
