using Unseen.Classification;
using Xunit;

namespace Unseen.Tests.Classification;

/// <summary>Pictures that were read once and are asked about many times.</summary>
public sealed class ImageFeaturesTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Theory]
    [InlineData("ridge", false)]
    [InlineData("cvsc", true)]
    public void Features_that_were_read_once_give_the_answers_of_the_file(string method, bool both)
    {
        using var dataset = run.Open(both);
        var files = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images)[..4];
        using var classifier = ZeroShotClassifier.Load(run.Model(method, both));
        var features = files.Select(f => classifier.Read(File.ReadAllBytes(f), f)).ToList();
        var together = classifier.Classify(features);
        foreach (var (file, picture, found) in files.Zip(features, together))
        {
            var expected = classifier.Classify(file);
            Assert.Equal(file, found.Image!.Name);
            Assert.Equal(expected.Top(12).Select(p => p.Class), found.Image.Top(12).Select(p => p.Class));
            foreach (var (e, f) in expected.Top(12).Zip(found.Image.Top(12))) Assert.Equal(e.Score, f.Score, 1e-4f);
            var (why, again) = (classifier.Explain(file), classifier.Explain(picture, null, CandidateClasses.All, 5));
            Assert.Equal((why.Answer.Class, why.Rival!.Class), (again.Answer.Class, again.Rival!.Class));
            Assert.Equal(why.Lead, again.Lead, 1e-5);
            Assert.Equal(why.Picture(), again.Picture());
            Assert.All(classifier.Explain(picture, null, CandidateClasses.Unseen, 2).Top, p => Assert.True(p.Unseen));
        }
    }

    [Fact]
    public void Features_belong_to_the_classifier_that_read_them()
    {
        using var dataset = run.Open();
        var file = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images)[0];
        using var first = ZeroShotClassifier.Load(run.Model("ridge"));
        using var second = ZeroShotClassifier.Load(run.Model("ridge"));
        var features = first.Read(File.ReadAllBytes(file), "picture");
        Assert.StartsWith("picture: this picture was read by another classifier.",
            Assert.Throws<UnseenException>(() => second.Classify([features])).Message, StringComparison.Ordinal);
        Assert.Equal("other", first.Classify([features.Named("other")])[0].Image!.Name);
    }

    [Fact]
    public void A_trial_and_a_preview_leave_no_trace()
    {
        using var classifier = ZeroShotClassifier.Load(run.Copy(run.Model("ridge")));
        var (record, attribute) = (classifier.Model, classifier.Model.Attributes[0].Name);
        var trial = classifier.TryClass("new", new Dictionary<string, float> { [attribute] = 0.5f }, null, null, CandidateClasses.All);
        Assert.Equal((0.5f, null), (trial.Values[0], trial.Image));
        Assert.Equal("new", classifier.PreviewClasses(c => c.Add("new", new Dictionary<string, float> { [attribute] = 0.5f })).Class);
        Assert.Equal(record.Classes[1].Values, classifier.TryClass("copy", new Dictionary<string, float>(), MissingAttributes.Like(record.Classes[1].Name), null, CandidateClasses.All).Values);
        Assert.Throws<ConfigurationException>(() => classifier.TryClass("empty", new Dictionary<string, float>(), null, null, CandidateClasses.All));
        Assert.Same(record, classifier.Model);
        Assert.Empty(classifier.History);
    }

    [Fact]
    public void A_change_that_cannot_be_saved_is_no_change()
    {
        var model = run.Copy(run.Model("ridge"));
        using var classifier = ZeroShotClassifier.Load(model);
        var attribute = new Dictionary<string, float> { [classifier.Model.Attributes[0].Name] = 0.5f };
        using (File.Open(Path.Combine(model, ".classes.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Throws<ModelChangedException>(() => classifier.ChangeClasses(c => c.Add("new", attribute)));
            Assert.Equal(12, classifier.Classes.Count);
        }
        Assert.Throws<InvalidOperationException>(() => classifier.ChangeClasses<int>(c =>
        {
            c.Add("half", attribute);
            throw new InvalidOperationException("in the middle");
        }));
        Assert.Equal((12, 12), (classifier.Classes.Count, ModelClasses.Open(model).Record.Classes.Count));
        classifier.ChangeClasses(c => c.Add("new", attribute));
        Assert.Equal((13, 13), (classifier.Classes.Count, ModelClasses.Open(model).Record.Classes.Count));
        Assert.Equal(["add"], classifier.History.Select(h => h.Action));
    }
}
