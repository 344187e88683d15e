using System.Text.Json.Nodes;
using Unseen.Classification;
using Unseen.Experiments;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class LiveClassesTests(PictureRun run) : IClassFixture<PictureRun>
{
    public static TheoryData<string> Methods => new(MethodCatalog.All.Where(m => m.ScoresFromSemantics).Select(m => m.Id));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Unseen_classes_that_are_taken_out_and_added_by_their_rows_score_as_before(string method)
    {
        var model = run.Copy(run.Model(method));
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images);
        using var classifier = ZeroShotClassifier.Load(model);
        var before = Scores(classifier, files);
        foreach (var entry in classifier.Classes.Where(c => !c.Seen).ToList())
        {
            classifier.RemoveClass(entry.Name);
            Assert.Equal(11, classifier.Classes.Count);
            var row = classifier.Model.Attributes.Zip(entry.Values).ToDictionary(a => a.First.Name, a => a.Second);
            var added = classifier.AddClass(entry.Name, row);
            Assert.Equal((6, 0, false), (added.Given, added.Filled, added.Seen));
        }
        AssertSame(before, Scores(classifier, files));
        classifier.SaveClasses();
        using var again = ZeroShotClassifier.Load(model);
        AssertSame(before, Scores(again, files));
        Assert.Equal(6, again.Model.ClassChanges);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Without_some_seen_class_the_others_score_as_before(string method)
    {
        var model = run.Copy(run.Model(method));
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images[..4]);
        using var classifier = ZeroShotClassifier.Load(model);
        var before = Scores(classifier, files);
        foreach (var name in new[] { "seen-00", "seen-05", "unseen-01" }) classifier.RemoveClass(name);
        var after = Scores(classifier, files);
        AssertSame([.. before.Select(image => image.Where(s => after[0].ContainsKey(s.Key)).ToDictionary())], after);
    }

    [Fact]
    public void A_change_removes_what_a_kill_during_an_earlier_one_has_left()
    {
        var model = run.Copy(run.Model("ridge"));
        var left = Path.Combine(model, "model.json.abc.tmp");
        File.WriteAllText(left, "{");
        using var classifier = ZeroShotClassifier.Load(model);
        classifier.RemoveClass("unseen-01");
        classifier.SaveClasses();
        Assert.False(File.Exists(left));
        Assert.True(File.Exists(Path.Combine(model, "model.json")));
    }

    [Fact]
    public void A_centre_of_class_vectors_stays_that_of_the_training()
    {
        // With centred attributes a seen class that goes would otherwise move all others.
        var model = run.Copy(run.Model("ridge"));
        var record = ModelFolder.ReadRecord(model);
        var centred = record with
        {
            Selection = record.Selection with
            {
                Settings = new Dictionary<string, string>(record.Selection.Settings) { ["attributeNormalisation"] = "CentredL2" },
            },
        };
        ModelFolder.WriteRecord(model, centred);
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, [0, 5]);
        using var classifier = ZeroShotClassifier.Load(model);
        var before = Scores(classifier, files);
        classifier.RemoveClass("seen-03");
        classifier.SaveClasses();
        using var again = ZeroShotClassifier.Load(model);
        foreach (var (image, left) in before.Zip(Scores(again, files)))
            Assert.Equal(image["seen-04"], left["seen-04"], 1e-6f);
        Assert.Equal(9, again.Model.SeenAtTraining!.Count);
    }

    [Fact]
    public void Values_that_are_left_out_come_from_the_nearest_class_the_mean_or_a_named_class()
    {
        var classes = ModelClasses.Open(run.Model("ridge"));
        var near = classes.Record.Classes[4];
        var (first, second) = (classes.Record.Attributes[0].Name, classes.Record.Attributes[3].Name);
        var given = new Dictionary<string, float> { [first] = near.Values[0], [second] = near.Values[3] };
        var added = classes.Add("near", given);
        Assert.Equal((2, 4), (added.Given, added.Filled));
        Assert.Equal([near.Name], added.FilledFrom);
        Assert.Equal(near.Values, classes.Find("near").Values);
        Assert.Equal(new SimilarClass(near.Name, 1) { Seen = true }, Rounded(added.Similar[0]));
        Assert.Equal(["seen-02"], classes.Add("like", given, MissingAttributes.Like("seen-02")).FilledFrom);
        Assert.Equal(classes.Find("seen-02").Values[1], classes.Find("like").Values[1]);
        classes.Remove("near");
        classes.Remove("like");
        Assert.Equal(["mean of all classes"], classes.Add("mean", given, MissingAttributes.Mean).FilledFrom);
        Assert.Equal(classes.Record.Classes.Take(12).Average(c => c.Values[1]), classes.Find("mean").Values[1], 1e-6f);
    }

    [Fact]
    public void Attributes_of_a_class_are_set_and_the_others_stay()
    {
        using var classifier = ZeroShotClassifier.Load(run.Copy(run.Model("eszsl")));
        var before = classifier.Classes[10];
        var change = classifier.SetAttributes(before.Name, new() { [classifier.Model.Attributes[2].Name] = 0.25f });
        Assert.Equal((1, 0), (change.Given, change.Filled));
        Assert.Equal([.. before.Values.Take(2), 0.25f, .. before.Values.Skip(3)], classifier.Classes[10].Values);
        Assert.Null(classifier.Model.SeenAtTraining);
        classifier.SetAttributes("seen-01", new() { [classifier.Model.Attributes[2].Name] = 0.5f });
        Assert.Equal(9, classifier.Model.SeenAtTraining!.Count);
    }

    [Fact]
    public void Wrong_classes_are_refused_in_words_and_change_nothing()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("ridge"));
        var before = classifier.Classes;
        Assert.Equal("The model has no attribute 'has_wing_tone::9'. Did you mean 'has_wing_tone::0'?" + Environment.NewLine
            + "Attribute 'has_head_tone::1' must be from 0 to 1, found 1.5.",
            Assert.Throws<ConfigurationException>(() => classifier.AddClass("x", new() { ["has_wing_tone::9"] = 1, ["has_head_tone::1"] = 1.5f })).Message);
        Assert.Equal("The model has a class 'seen-01' already. Set its attributes, remove it first, or choose another name.",
            Assert.Throws<ConfigurationException>(() => classifier.AddClass("seen-01", new() { ["has_wing_tone::0"] = 1 })).Message);
        Assert.StartsWith("Class 'x': no attribute given.", Assert.Throws<ConfigurationException>(() => classifier.AddClass("x", [])).Message, StringComparison.Ordinal);
        Assert.Equal("A class needs a name.", Assert.Throws<ConfigurationException>(() => classifier.AddClass(" ", new() { ["has_wing_tone::0"] = 1 })).Message);
        Assert.StartsWith("Unknown class 'seen-1'. Did you mean 'seen-01'?", Assert.Throws<UnknownNameException>(() => classifier.RemoveClass("seen-1")).Message,
            StringComparison.Ordinal);
        Assert.Same(before, classifier.Classes);
    }

    [Theory]
    [InlineData("mlis")]
    [InlineData("ce-gzsl")]
    [InlineData("f-clswgan")]
    public void Methods_with_a_trained_classifier_say_that_they_cannot_and_which_can(string method)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model(method));
        var errors = new Action[] { () => classifier.AddClass("x", new() { ["has_wing_tone::0"] = 1 }), () => classifier.RemoveClass("seen-01"),
            () => classifier.SetAttributes("seen-01", new() { ["has_wing_tone::0"] = 1 }) };
        Assert.All(errors, error => Assert.Equal($"Method '{method}' cannot change its classes after training: its last stage is a classifier trained on "
            + "features made for the classes of the training. Train again on a dataset with the new classes, or use a method whose scores come "
            + "from the class semantics: cvsc, msdnpp, msdn, dazle, duet, ridge, eszsl, sae, ale, sje, devise.",
            Assert.Throws<UnseenException>(error).Message));
        Assert.Equal(12, classifier.Classes.Count);
    }

    [Fact]
    public void Other_semantics_say_what_they_need()
    {
        var model = run.Copy(run.Model("ridge"));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with
        {
            Provenance = new Dictionary<string, string>(record.Provenance) { ["semantics"] = "sentences" },
            Attributes = [.. record.Attributes.Select((a, i) => a with { Name = $"v{i}" })],
        });
        var classes = ModelClasses.Open(model);
        Assert.Equal("This model was trained on the semantics 'sentences', 6 numbers per class, not on attributes. Import a CSV file with the columns "
            + "class, v0, ..., v5, made in the same way as those of the training.",
            Assert.Throws<UnseenException>(() => classes.Add("x", new Dictionary<string, float> { ["v0"] = 1 })).Message);
        var csv = run.FileOf("vectors.csv");
        File.WriteAllText(csv, "class,v0,v1,v2,v3,v4,v5\nx,0.1,0.2,0.3,0.4,0.5,0.6\n");
        Assert.Equal((6, 0), (classes.Import(csv)[0].Given, classes.Import(csv, replace: true)[0].Filled));
    }

    [Fact]
    public void A_table_is_imported_in_the_scale_of_the_dataset()
    {
        var model = run.Copy(run.Model("ridge"));
        var classes = ModelClasses.Open(model);
        var names = classes.Record.Attributes.Select(a => a.Name).ToList();
        var csv = run.FileOf("classes.csv");
        File.WriteAllText(csv, $"class,split,{string.Join(',', names)}\nkept,seen,0.1,0.2,0.3,0.4,0.5,0.6\nsparse,,1,,,,,-0.5\n");
        var added = classes.Import(csv, MissingAttributes.Like("seen-00"));
        Assert.Equal([("kept", true, 6, 0), ("sparse", false, 2, 4)], added.Select(a => (a.Class, a.Seen, a.Given, a.Filled)));
        Assert.Equal([$"{names[5]}: -0.5 became 0"], added[1].Notes);
        Assert.Equal([1, .. classes.Find("seen-00").Values.Skip(1).Take(4), 0], classes.Find("sparse").Values);
        classes.Save();
        Assert.Equal([(1, "add", "kept", true), (2, "add", "sparse", false)], classes.History.Select(h => (h.Change, h.Action, h.Class, h.Seen)));
        Assert.Equal(["seen-00"], classes.History[1].FilledFrom);
        ZeroShotClassifier.Load(model).Dispose();
    }

    [Fact]
    public void A_wrong_table_names_every_problem_and_changes_nothing()
    {
        var classes = ModelClasses.Open(run.Model("ridge"));
        var before = classes.Record;
        var csv = run.FileOf("wrong.csv");
        File.WriteAllText(csv, "class,split,has_wing_tone::0,has_head_tone::1\nseen-01,unseen,0.5,0.5\nnew,maybe,2,many\nnew,,,\n");
        Assert.Equal([$"{csv}:2: The model has a class 'seen-01' already. Remove it first, or import with --replace (over HTTP replace=true).",
            $"{csv}:3: Column 'has_wing_tone::0': expected a value of 0..1, the scale of the model, found '2'.",
            $"{csv}:3: Column 'has_head_tone::1': expected a finite number with a decimal point, found 'many'.",
            $"{csv}:3: Column 'split' must be seen or unseen, found 'maybe'.",
            $"{csv}:4: The class 'new' appears twice. Delete one of the lines.", $"{csv}:4: The line has no value. Give at least one."],
            Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Errors);
        File.WriteAllText(csv, "class,has_wing_tone::7\nnew,0.5\n");
        Assert.StartsWith($"{csv}:1: Column 'has_wing_tone::7': The model has no attribute 'has_wing_tone::7'. Did you mean",
            Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Errors[0], StringComparison.Ordinal);
        File.WriteAllText(csv, "class,split,has_wing_tone::0,surprise\nseen-01,,0.5,1\nnew,foo,many,1\n,,,1\n");
        Assert.Equal([$"{csv}:1: Column 'surprise': The model has no attribute 'surprise'. It has 6, among them {string.Join(", ", before.Attributes.Take(5).Select(a => a.Name))}.",
            $"{csv}:2: The model has a class 'seen-01' already. Remove it first, or import with --replace (over HTTP replace=true).",
            $"{csv}:3: Column 'has_wing_tone::0': expected a finite number with a decimal point, found 'many'.",
            $"{csv}:3: Column 'split' must be seen or unseen, found 'foo'.", $"{csv}:4: A class needs a name."],
            Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Errors);
        File.WriteAllText(csv, "name,has_wing_tone::0\nnew,7\n");
        Assert.Equal([$"{csv}:1: Column 'class' is missing; found: 'name', 'has_wing_tone::0'.", $"{csv}:1: Column 'name': The model has no attribute 'name'. It has 6, among them "
            + $"{string.Join(", ", before.Attributes.Take(5).Select(a => a.Name))}.", $"{csv}:2: Column 'has_wing_tone::0': expected a value of 0..1, the scale of the model, found '7'."],
            Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Errors);
        Assert.Same(before, classes.Record);
        Assert.EndsWith("no-such.csv: there is no such file. Give a CSV file with the column class and columns of attributes.",
            Assert.Throws<ConfigurationException>(() => classes.Import(run.FileOf("no-such.csv"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_that_is_replaced_keeps_the_values_that_the_table_leaves_out()
    {
        var classes = ModelClasses.Open(run.Model("ridge"));
        var (before, other) = (classes.Find("seen-04"), classes.Find("seen-02"));
        var csv = run.FileOf("gaps.csv");
        File.WriteAllText(csv, $"class,{classes.Record.Attributes[3].Name}\nseen-04,0.25\n");
        Assert.Equal(["seen-04"], classes.Import(csv, replace: true)[0].FilledFrom);
        Assert.Equal([.. before.Values.Take(3), 0.25f, .. before.Values.Skip(4)], classes.Find("seen-04").Values);
        classes.Import(csv, MissingAttributes.Like("seen-02"), replace: true);
        Assert.Equal([.. other.Values.Take(3), 0.25f, .. other.Values.Skip(4)], classes.Find("seen-04").Values);
    }

    [Fact]
    public void Values_of_0_to_1_are_refused_by_a_model_of_percents()
    {
        var model = run.Copy(run.Model("ridge"));
        var record = ModelFolder.ReadRecord(model);
        ModelFolder.WriteRecord(model, record with { Scale = Unseen.Semantics.AttributeScale.Percent });
        var classes = ModelClasses.Open(model);
        var csv = run.FileOf("unit.csv");
        File.WriteAllText(csv, $"class,{record.Attributes[0].Name},{record.Attributes[1].Name}\nnew,0.5,1\n");
        Assert.Equal([$"{csv}: All values are at most 1, but the scale of the model is percent, 0..100. Multiply them by 100."],
            Assert.Throws<ConfigurationException>(() => classes.Import(csv)).Errors);
        File.WriteAllText(csv, $"class,{record.Attributes[0].Name},{record.Attributes[1].Name}\nnew,0.5,1\nother,50,0\n");
        Assert.Equal(2, classes.Import(csv).Count);
    }

    [Fact]
    public void A_change_that_was_cut_off_between_its_two_files_never_happened()
    {
        var model = run.Copy(run.Model("ridge"));
        Add(model, "one");
        var stored = File.ReadAllBytes(Path.Combine(model, "model.json"));
        Add(model, "two");
        File.WriteAllBytes(Path.Combine(model, "model.json"), stored);          // killed after the history, before model.json
        var classes = ModelClasses.Open(model);
        Assert.Equal(["one"], classes.History.Select(h => h.Class));
        Assert.Equal(13, classes.Record.Classes.Count);
        Add(model, "three");
        Assert.Equal(["one", "three"], ModelClasses.Open(model).History.Select(h => h.Class));
    }

    [Fact]
    public void Two_writers_do_not_overwrite_each_other()
    {
        var model = run.Copy(run.Model("ridge"));
        var late = ModelClasses.Open(model);
        Add(model, "first");
        late.Remove("seen-01");
        Assert.Contains("the classes were changed by another process since they were read (1 changes, expected 0).",
            Assert.Throws<ModelChangedException>(late.Save).Message, StringComparison.Ordinal);
        Assert.Equal(13, ModelClasses.Open(model).Record.Classes.Count);
        using var guard = new FileStream(Path.Combine(model, ".classes.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var waiting = ModelClasses.Open(model);
        waiting.Remove("seen-01");
        Assert.Contains("the classes cannot be locked", Assert.Throws<ModelChangedException>(waiting.Save).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_history_is_named()
    {
        var model = run.Copy(run.Model("ridge"));
        Add(model, "one");
        var history = Path.Combine(model, "classes-history.jsonl");
        File.WriteAllText(history, "{\"change\": 1}\n");
        Assert.StartsWith($"{history}: line 1: not a change of classes", Assert.Throws<DatasetFormatException>(() => ModelClasses.Open(model).History).Message,
            StringComparison.Ordinal);
        File.Delete(history);
        Assert.StartsWith($"{history}: expected 1 lines, as model.json says, found 0.",
            Assert.Throws<DatasetFormatException>(() => ModelClasses.Open(model).History).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_an_older_version_opens_and_a_newer_key_is_refused()
    {
        var model = run.Copy(run.Model("ridge"));
        var file = Path.Combine(model, "model.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json.Remove("classChanges");
        json["selection"]!["validation"]!.AsObject().Remove("temperature");
        File.WriteAllText(file, json.ToJsonString());
        using (var classifier = ZeroShotClassifier.Load(model)) Assert.False(classifier.IsCalibrated);
        json["surprise"] = 1;
        File.WriteAllText(file, json.ToJsonString());
        Assert.Throws<DatasetFormatException>(() => ModelClasses.Open(model));
    }

    [Fact]
    public void Classes_are_imported_into_a_model_in_use_all_or_none()
    {
        var model = run.Copy(run.Model("ridge"));
        using var classifier = ZeroShotClassifier.Load(model);
        var before = classifier.Classes;
        var attributes = classifier.Model.Attributes.Select(a => a.Name).ToList();
        var file = run.FileOf("imported.csv");
        File.WriteAllText(file, $"class,{attributes[0]},{attributes[1]}\nnew one,0.25,0.5\nnew two,1,\nseen-01,9,0\n");
        Assert.Throws<ConfigurationException>(() => classifier.ImportClasses(file));        // seen-01 is there, and 9 is no value
        Assert.Equal(before, classifier.Classes);
        File.WriteAllText(file, $"class,{attributes[0]},{attributes[1]}\nnew one,0.25,0.5\nnew two,1,\n");
        var added = classifier.ImportClasses(file, MissingAttributes.Mean);
        Assert.Equal([("new one", 2, 4, false), ("new two", 1, 5, false)], added.Select(a => (a.Class, a.Given, a.Filled, a.Seen)));
        Assert.Equal((14, 0.25f), (classifier.Classes.Count, classifier.Classes[12].Values[0]));
        using var dataset = run.Open();
        Assert.Equal(14, classifier.Classify(PictureRun.Files(dataset, [0])[0]).Top(99).Count);
        Assert.Equal(12, ModelClasses.Open(model).Record.Classes.Count);
        File.WriteAllText(file, $"class,{attributes[0]}\nseen-01,0.75\n");
        Assert.Equal(["seen-01"], classifier.ImportClasses(file, replace: true).Select(a => a.Class));
        Assert.Equal([0.75f, .. before[1].Values.Skip(1)], classifier.Classes[1].Values);
        classifier.SaveClasses();
        Assert.Equal(["add", "add", "set"], ModelClasses.Open(model).History.Select(h => h.Action));
    }

    private static void Add(string model, string name)
    {
        var classes = ModelClasses.Open(model);
        classes.Add(name, new Dictionary<string, float> { [classes.Record.Attributes[0].Name] = 0.5f });
        classes.Save();
    }

    private static SimilarClass Rounded(SimilarClass similar) => similar with { Cosine = Math.Round(similar.Cosine, 5) };

    private static List<Dictionary<string, float>> Scores(ZeroShotClassifier classifier, string[] files) =>
        [.. files.Select(f => classifier.Classify(f).Top(99).ToDictionary(p => p.Class, p => p.Score))];

    private static void AssertSame(List<Dictionary<string, float>> expected, List<Dictionary<string, float>> found)
    {
        foreach (var (a, b) in expected.Zip(found))
        {
            Assert.Equal(a.Keys.Order(), b.Keys.Order());
            Assert.All(a, score => Assert.Equal(score.Value, b[score.Key], 1e-5f * (1 + Math.Abs(score.Value))));
        }
    }
}
