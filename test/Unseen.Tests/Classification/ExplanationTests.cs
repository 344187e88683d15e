using System.Text.Json;
using Unseen.Classification;
using Unseen.Experiments;
using Unseen.Explanation;
using Unseen.Features;
using Unseen.Models.Duet;
using Unseen.Tests.Experiments;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class ExplanationTests(PictureRun run) : IClassFixture<PictureRun>
{
    public static TheoryData<string> Methods => new(MethodCatalog.All.Select(m => m.Id));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Contributions_and_the_rest_are_the_lead(string method)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model(method));
        foreach (var file in Pictures(4))
        {
            var why = classifier.Explain(file);
            Assert.Equal(classifier.Classify(file).Top(5), why.Top);
            Assert.Equal((why.Top[0], why.Top[1]), (why.Answer, why.Rival!));
            Assert.Equal(Calibrated(classifier, why.Answer) - Calibrated(classifier, why.Rival!), why.Lead, 1e-5);
            if (!MethodCatalog.Find(method).ScoresFromSemantics)
            {
                Assert.Empty(why.Evidence);
                Assert.Empty(why.Flips);
                Assert.Contains("do not come from attributes", ExplanationPage.Render([why], 3), StringComparison.Ordinal);
                continue;
            }
            Assert.Equal(6, why.Evidence.Count);
            Assert.Equal(why.Lead, why.Evidence.Sum(e => e.Contribution) + why.Rest, 1e-9);
            Assert.Equal(why.Evidence.OrderByDescending(e => e.Contribution), why.Evidence);
            var shown = ExplanationPage.WithSign(why, ExplanationPage.Strongest(why, 1)[0].Contribution);
            Assert.True(shown.Any(c => c is >= '1' and <= '9'), shown);           // scores may be tiny: the largest part is never shown as 0
            Assert.Equal(method == "duet", why.Prompts is not null);
            var constant = Constant(classifier, why.Answer) - Constant(classifier, why.Rival!);
            Assert.True(Math.Abs(why.Rest - constant) < 1e-4 * Math.Max(1, Math.Abs(why.Answer.Score)), $"{why.Rest} is not the constant {constant}");
        }
    }

    [Theory]
    [InlineData("msdnpp", true)]
    [InlineData("cvsc", false)]
    public void Both_attentions_are_shown_of_a_method_that_has_both(string method, bool both)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model(method));
        var why = classifier.Explain(Pictures(1)[0]);
        Assert.All(why.Evidence, e => Assert.Equal(1, e.Attention!.Sum(), 1e-4));
        Assert.All(why.Evidence, e => Assert.Equal((both, both), (e.VisualAttention is not null, why.VisualOverlay(e) is not null)));
        for (var region = 0; both && region < 64; region++) Assert.Equal(1, why.Evidence.Sum(e => e.VisualAttention![region]), 1e-4);
        var drawn = new List<string>();
        ExplanationPage.Write(run.FileOf($"{method}-both.html"), [why], 2, (_, name, _) => drawn.Add(name));
        var names = ExplanationPage.Strongest(why, 2).Select(e => e.Attribute).ToList();
        Assert.Equal([.. names, .. both ? names.Select(n => $"{n}-by-region") : []], drawn);
    }

    [Theory]
    [InlineData("cvsc")]
    [InlineData("sae")]
    [InlineData("msdnpp")]
    public void The_rival_may_be_any_candidate(string method)
    {
        using var classifier = ZeroShotClassifier.Load(run.Model(method), new() { Candidates = CandidateClasses.Unseen });
        var file = Pictures(1)[0];
        var last = classifier.Classify(file).Top(12)[^1];
        var why = classifier.Explain(File.ReadAllBytes(file), "picture", last.Class);
        Assert.Equal((last, "picture"), (why.Rival!, why.Name));
        Assert.Equal(why.Answer.Score - last.Score, why.Lead, 1e-5);
        if (why.Flips.Count > 0) Assert.All(why.Flips, f => Assert.Equal(last.Class, f.Class));        // the class that was asked for
        var itself = classifier.Explain(file, why.Answer.Class);
        Assert.Equal((itself.Top[0], itself.Top[1]), (itself.Answer, itself.Rival!));
        var seen = classifier.Classes.First(c => c.Seen).Name;
        Assert.Equal($"'{seen}' is a seen class, and the candidates are the unseen classes only. Ask with all classes as candidates.",
            Assert.Throws<UnknownNameException>(() => classifier.Explain(file, seen)).Message);
        Assert.StartsWith("Unknown class 'dodo'", Assert.Throws<UnknownNameException>(() => classifier.Explain(file, "dodo")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_three_strongest_answers_of_each_prompt_share_it()
    {
        var attributes = new[] { ("red", "wing"), ("large", "size"), ("blue", "wing"), ("green", "wing"), ("small", "size"), ("black", "wing") }
            .Select(a => new AttributeDescription(a.Item1, a.Item2, a.Item1, [])).ToArray();
        var answers = PromptAnswer.Of(attributes, [0.1f, 0.3f, 0.5f, 0.2f, 0.1f, 0.3f], k => k / 10.0);
        Assert.Equal(["wing", "size"], answers.Select(a => a.Prompt));
        Assert.Equal([("blue", 0.2), ("black", 0.5), ("green", 0.3)], answers[0].Attributes.Select(a => (a.Phrase, a.AnswerValue)));
        Near([0.5, 0.3, 0.2], answers[0].Attributes.Select(a => a.Share));
        Near([0.75, 0.25], answers[1].Attributes.Select(a => a.Share));
        // What the class has most of is told whatever was read: blue 0.2 is read first, and not among the three.
        Assert.Equal([("black", 0.5), ("green", 0.3), ("blue", 0.2)], answers[0].AnswerAttributes.Select(a => (a.Phrase, a.Value)));
        Assert.Equal(["small", "large"], answers[1].AnswerAttributes.Select(a => a.Phrase));
        Assert.Equal(["wing"], PromptAnswer.Of([new("grey", "wing", "grey", [])], [1], _ => 0).Where(p => p.AnswerAttributes.Count == 0).Select(p => p.Prompt));
    }

    [Fact]
    public void Evidence_and_flips_are_those_computed_by_hand()
    {
        // Scores 2a + b, a + 3b, 5b with a = 1, b = 0.1: class 0 leads with 2.1 over 1.3 and 0.5.
        var builder = new ExplanationBuilder(Record(), new AttributeStatement([1, 0.1f], [[2, 1], [1, 3], [0, 5]], [0.5f, -1], [[1, 0], [0, 1]]), [2.1, 1.3, 0.5]);
        var evidence = builder.Evidence(0, 1);
        Assert.Equal(["a", "b"], evidence.Select(e => e.Attribute));
        Near([1, -0.2], evidence.Select(e => e.Contribution));
        Near([0.5, 2], evidence.Select(e => e.Effect!.Value));
        Near([0.02, 0.01], evidence.Select(e => e.AnswerValue));
        Near([0.01, 0.03], evidence.Select(e => e.RivalValue));
        Assert.Equal([1f, 0f], evidence[0].Attention!);
        // a: class 1 needs -0.8, class 2 -0.8; b: class 1 needs +0.4, class 2 +0.4. Of equals the first class.
        var flips = builder.Flips(0);
        Assert.Equal([("b", "second"), ("a", "second")], flips.Select(f => (f.Attribute, f.Class)));
        Near([0.5, 0.2], flips.Select(f => f.To));
        Assert.All(flips, f => Assert.True(f.IsWithin));       // the picture's values are from 0.1 to 1
        Assert.All(builder.Flips(0, asked: 2), f => Assert.Equal("third", f.Class));
    }

    [Fact]
    public void A_flip_to_a_class_that_was_asked_for_names_the_third_that_gets_ahead_first()
    {
        // As above, but class 1 lags by 0.6 only: where a is 0.8 less, class 2 is level with class 0 and class 1 leads both by 0.2.
        var builder = new ExplanationBuilder(Record(), new AttributeStatement([1, 0.1f], [[2, 1], [1, 3], [0, 5]], null, null), [2.1, 1.5, 0.5]);
        var flips = builder.Flips(0, asked: 2);
        Assert.Equal([("b", "third", "second"), ("a", "third", "second")], flips.Select(f => (f.Attribute, f.Class, f.Ahead!)));
        Assert.Equal("bring third level, with second ahead of both", ExplanationPage.Effect(flips[0]));
        Assert.All(builder.Flips(0), f => Assert.Equal(("second", null, "make it second"), (f.Class, f.Ahead, ExplanationPage.Effect(f))));
    }

    [Fact]
    public void A_flip_beyond_what_the_model_predicts_says_so_and_comes_last()
    {
        // A lead of 0.5 with a = 1 and b = 0.1: it takes 0.1 more of a, which no attribute of the picture has, or 0.5 / 0.6 more of b.
        var statement = new AttributeStatement([1, 0.1f], [[1, 1], [6, 1.6f], [0, 0]], null, null);
        var flips = new ExplanationBuilder(Record(), statement, [1.5, 1, double.NegativeInfinity]).Flips(0);
        Assert.Equal([("b", true), ("a", false)], flips.Select(f => (f.Attribute, f.IsWithin)));
        Near([0.1 + (0.5 / 0.6), 1.1], flips.Select(f => f.To));
    }

    [Fact]
    public void The_fewest_changes_within_what_the_model_predicts_are_those_computed_by_hand()
    {
        // Values 1, 0.1 and 0.5. Of the lead of 1.2 over class 1, c can take (1 - 0.5) * 2 = 1 and a (1 - 0.1) * 1 = 0.9; b is at its least.
        // Class 2 differs in c alone, which can take 0.5 of its 0.8.
        var statement = new AttributeStatement([1, 0.1f, 0.5f], [[2, 1, 1], [1, 0, 3], [2, 1, 2]], null, null);
        var builder = new ExplanationBuilder(Record(attributes: 3), statement, [3, 1.8, 2.2]);
        var changes = builder.Changes(0)!;
        Assert.Equal(("second", null), (changes.Class, changes.Ahead));
        Assert.Equal(["c", "a"], changes.Attributes.Select(a => a.Attribute));             // c gives 0.5 * 2 = 1, a the rest, 0.2
        Near([0.5, 1], changes.Attributes.Select(a => a.From));
        Near([1, 0.8], changes.Attributes.Select(a => a.To));
        Assert.Null(builder.Changes(0, asked: 2));
        Assert.Null(new ExplanationBuilder(Record(attributes: 3), statement, [3, double.NegativeInfinity, 2.2]).Changes(0));
        var third = new ExplanationBuilder(Record(attributes: 3), statement, [3, 2.9, 2.6]);
        Assert.Equal(("third", "second"), (third.Changes(0, asked: 2)!.Class, third.Changes(0, asked: 2)!.Ahead));     // 0.4 more of c gives class 1 0.8
        Assert.Null(new ExplanationBuilder(Record(attributes: 3), statement, [3, 3, 2.4]).Changes(0, asked: 1));               // level already
        // Both need one change: that to class 1 (0.4 of c) puts class 2 ahead, that to class 2 puts nobody.
        var tied = new ExplanationBuilder(Record(attributes: 3), new AttributeStatement([1, 0.1f, 0.5f], [[2, 1, 1], [2, 1, 2], [1, 0, 3]], null, null), [3, 2.6, 2.9]);
        Assert.Equal(("third", null), (tied.Changes(0)!.Class, tied.Changes(0)!.Ahead));
        var alone = Assert.Single(third.Changes(0)!.Attributes);
        Assert.Equal(0.55, alone.To, 1e-6);                                                  // 0.1 / 2
    }

    [Fact]
    public void Where_no_attribute_alone_suffices_the_fewest_together_are_told()
    {
        var why = Why(2, [new("a", "long tail", "", 1, 1, 0, 2, null)], [new("a", "long tail", 1, 9, "second")]) with { Changes = new("second", [new("a", "long tail", 1, 0), new("b", "red wing", 0.5, 0.25)]) };
        Assert.Equal("long tail at 0.000 instead of 1.000 and 1 more would make it second", ExplanationPage.Changed(why, 1));
        var page = ExplanationPage.Render([why], 2);
        Assert.Contains("<li>No attribute alone changes it within what the model predicts of this picture; long tail at 0.000 instead of 1.000, red wing at 0.250 instead of 0.500 would make it second.</li>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("9.000", page, StringComparison.Ordinal);
        Assert.Equal("no change of attributes within what the model predicts of this picture would change the answer", ExplanationPage.Changed(why with { Changes = null }, 1));
        Assert.EndsWith("would make it second", ExplanationPage.Changed(why with { Changes = null, IsAsked = true }, 1), StringComparison.Ordinal);
        Assert.Equal("second is level with first already", ExplanationPage.Changed(why with { Changes = null, Lead = 0 }, 1));
        Assert.Contains("long tail: 0.500 instead of 1.000 would make it second", ExplanationPage.Render([why with { Flips = [new("a", "long tail", 1, 0.5, "second") { IsWithin = true }] }], 2), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.8, 1)]
    [InlineData(1.0, 1)]
    [InlineData(1.1, 2)]
    [InlineData(1.5, 2)]
    [InlineData(1.6, 0)]
    public void The_fewest_attributes_that_decide_are_counted(double lead, int expected)
    {
        var evidence = new[] { 1, 0.5, -0.2 }.Select((c, i) => new AttributeEvidence($"a{i}", $"a{i}", "", 1, 0, 0, c, null));
        var why = Why(lead, [.. evidence], []);
        Assert.Equal(expected, why.DecidingCount);
        Assert.Equal(expected switch { 0 => "", 1 => "a0", _ => "a0 and 1 more" }, ExplanationPage.Deciding(why, 1));
    }

    [Fact]
    public void Small_numbers_keep_their_digits_wherever_they_stand()
    {
        var why = Why(0.0004, [new("a", "long tail", "", 0.0021, 0, 0, 0.0005, null)], [new("a", "long tail", 0.0021, 0.0012, "second") { IsWithin = true }]) with { Rest = -0.0001 };
        var page = ExplanationPage.Render([why], 1);
        Assert.Contains("leads <strong>second</strong> by 0.000400. Attributes give 0.000500 of it, calibration and the method's margin -0.000100.", page, StringComparison.Ordinal);
        Assert.Contains("long tail: 0.001200 instead of 0.002100 would make it second", page, StringComparison.Ordinal);
        Assert.Contains("<td>0.002100</td>", page, StringComparison.Ordinal);
        Assert.Equal(("0.000000", "+0.000500"), (ExplanationPage.Plain(why, -1e-9), ExplanationPage.WithSign(why, 0.0005)));
    }

    [Fact]
    public void What_a_class_has_is_told_from_the_least_to_the_largest_value_of_all()
    {
        var share = PromptAnswer.Shares(Record());          // values from 0 to 5
        Near([0.4, 0.2, 0.6, 1], [share(Record().Classes[0], 0), share(Record().Classes[0], 1), share(Record().Classes[1], 1), share(Record().Classes[2], 1)]);
        var alike = Record() with { Classes = [new("only", true, [3, 3])] };
        Assert.Equal(0, PromptAnswer.Shares(alike)(alike.Classes[0], 0));
    }

    /// <summary>Probabilities are no sums over attributes, so that there is no evidence; what prompts read is there all the same.</summary>
    [Fact]
    public void A_model_whose_scores_are_probabilities_still_answers_prompts()
    {
        using var dataset = run.Open();
        var options = (DuetOptions)MiniRun.Method("duet") with { CalibrationScale = DuetCalibrationScale.Probability };
        var model = Experiment.Run(options, dataset, new RunOptions
        {
            Training = new TrainingOptions { Epochs = 1 },
            Output = run.FileOf("run-probability"),
            Cancellation = TestContext.Current.CancellationToken,
        }).ModelDirectory;
        using var classifier = ZeroShotClassifier.Load(model);
        var why = classifier.Explain(Pictures(1)[0]);
        Assert.Empty(why.Evidence);
        Assert.Equal(classifier.Model.Attributes.Select(a => a.Group).Distinct(), why.Prompts!.Select(p => p.Prompt));
    }

    [Fact]
    public void The_true_class_stands_beside_what_prompts_read()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("duet"));
        var why = classifier.Explain(Pictures(1)[0]);
        var (share, classes) = (PromptAnswer.Shares(classifier.Model), classifier.Classes);
        var truth = classes.First(c => c.Name != why.Answer.Class);
        var answers = classifier.WithTruth(why, truth.Name).Prompts!.SelectMany(p => p.Attributes).ToList();
        foreach (var answer in answers)
        {
            var k = classifier.Model.Attributes.Index().Single(a => a.Item.Name == answer.Attribute).Index;
            Assert.Equal(share(classes.Single(c => c.Name == why.Answer.Class), k), answer.AnswerValue, 1e-9);
            Assert.Equal(share(truth, k), answer.TrueValue!.Value, 1e-9);
        }
        Assert.Contains(answers, a => Math.Abs(a.AnswerValue - a.TrueValue!.Value) > 0.01);
        foreach (var prompt in classifier.WithTruth(why, truth.Name).Prompts!)
        {
            var group = classifier.Model.Attributes.Index().Where(a => a.Item.Group == prompt.Prompt).Select(a => share(truth, a.Index)).Where(v => v > 0);
            Near([.. group.OrderDescending().Take(3)], prompt.TrueAttributes!.Select(a => a.Value));
        }
        Assert.All(why.Prompts!.SelectMany(p => p.Attributes), a => Assert.Null(a.TrueValue));
        var page = ExplanationPage.Render([classifier.WithTruth(why, truth.Name)], 3);
        Assert.Contains($"<p>The dataset says <strong>{truth.Name}</strong>.</p>", page, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"({answers[0].AnswerValue:P0}, true class {answers[0].TrueValue:P0})"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("true", ExplanationPage.Render([why], 3), StringComparison.Ordinal);
        Assert.DoesNotContain("true", JsonSerializer.Serialize(why.Prompts).ToLowerInvariant(), StringComparison.Ordinal);
        Assert.Throws<UnknownNameException>(() => classifier.WithTruth(why, "dodo"));
    }

    [Fact]
    public void A_class_that_is_no_candidate_flips_nothing()
    {
        var statement = new AttributeStatement([1, 0.1f], [[2, 1], [1, 3], [0, 5]], null, null);
        var builder = new ExplanationBuilder(Record(), statement, [2.1, double.NegativeInfinity, 0.5]);
        Assert.All(builder.Flips(0), f => Assert.Equal("third", f.Class));
        Assert.Empty(new ExplanationBuilder(Record(), statement, [2.1, double.NegativeInfinity, double.NegativeInfinity]).Flips(0));
        Assert.All(builder.Evidence(0, 2), e => Assert.Null(e.Effect));
    }

    [Theory]
    [InlineData(ChannelOrder.Rgb)]
    [InlineData(ChannelOrder.Bgr)]
    public void The_view_is_what_the_backbone_gets_without_its_normalisation(ChannelOrder order)
    {
        using var image = ImageDecoder.DecodeFile(Pictures(1)[0]);
        var options = new PreprocessingOptions { Height = image.Height, Width = image.Width, ChannelOrder = order };
        var input = new float[options.InputLength];
        new ImagePreprocessor(options).Read(image, "picture", input);
        var view = PictureView.Of(input, options);
        Assert.Equal((image.Height, image.Width), (view.Height, view.Width));
        for (var pixel = 0; pixel < view.Words.Length; pixel++)
            Assert.Equal(image.Pixels.Slice(4 * pixel, 3).ToArray(), BitConverter.GetBytes(view.Words[pixel])[..3]);
    }

    [Fact]
    public void The_page_shows_the_strongest_attributes_and_trusts_no_name()
    {
        using var classifier = ZeroShotClassifier.Load(run.Copy(run.Model("cvsc")));
        classifier.AddClass("<script>alert(1)</script>", new() { [classifier.Model.Attributes[0].Name] = 1 });
        var why = classifier.Explain(Pictures(1)[0], "<script>alert(1)</script>");
        var page = ExplanationPage.Render([why], 3);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.Equal(1 + 3, page.Split("data:image/png;base64,").Length - 1);
        var strongest = ExplanationPage.Strongest(why, 3);
        Assert.Equal(why.Evidence.Select(e => Math.Abs(e.Contribution)).OrderDescending().Take(3).Order(),
            strongest.Select(e => Math.Abs(e.Contribution)).Order());
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], why.Overlay(strongest[0])![..4]);
        Assert.DoesNotContain("attention", JsonSerializer.Serialize(why), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_method_without_attention_has_no_overlay()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("eszsl"));
        var why = classifier.Explain(Pictures(1)[0]);
        Assert.Null(why.Overlay(why.Evidence[0]));
        Assert.NotEmpty(why.Picture());
    }

    private string[] Pictures(int count)
    {
        using var dataset = run.Open();
        return [.. PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images).Where((_, i) => i % 5 == 0).Take(count)];
    }

    private static double Calibrated(ZeroShotClassifier classifier, Prediction p) => p.Score - (p.Unseen ? 0 : classifier.Model.Selection.Gamma);

    /// <summary>Margin of the method and gamma: what no attribute gives.</summary>
    private static double Constant(ZeroShotClassifier classifier, Prediction p)
    {
        var margin = classifier.Model.Method switch
        {
            "cvsc" => p.Unseen ? 2 : 0,
            "msdnpp" or "msdn" or "dazle" => p.Unseen ? 1 : -1,
            _ => 0,
        };
        return margin - (p.Unseen ? 0 : classifier.Model.Selection.Gamma);
    }

    private static void Near(IEnumerable<double> expected, IEnumerable<double> found) =>
        Assert.All(expected.Zip(found), p => Assert.Equal(p.First, p.Second, 1e-6));

    /// <summary>An explanation of a picture of four pixels: "first" before "second".</summary>
    private static ImageExplanation Why(double lead, IReadOnlyList<AttributeEvidence> evidence, IReadOnlyList<AttributeFlip> flips) => new(new PictureView(new uint[4], 2, 2), null)
    {
        Name = "x",
        Top = [],
        Answer = new("first", 1, 0, false),
        Rival = new("second", 0, 0, false),
        Lead = lead,
        Rest = 0,
        Evidence = evidence,
        Flips = flips,
    };

    private ModelRecord Record(int attributes = 2) => ModelFolder.ReadRecord(run.Model("ridge")) with
    {
        Scale = Unseen.Semantics.AttributeScale.Percent,
        Attributes = [.. Enumerable.Range(0, attributes).Select(i => new AttributeDescription($"{(char)('a' + i)}", "", $"attribute {(char)('a' + i)}", []))],
        Classes = [new("first", true, [2, 1]), new("second", true, [1, 3]), new("third", false, [0, 5])],
    };
}
