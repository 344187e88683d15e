using Unseen.Classification;
using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Experiments;
using Unseen.Tests.Features;
using Unseen.Training;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class ZeroShotClassifierTests(PictureRun run) : IClassFixture<PictureRun>
{
    public static TheoryData<string> Methods => new(MethodCatalog.All.Select(m => m.Id));

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_scores_pictures_as_evaluation_scores_their_stored_features(string method) =>
        AssertSameScores(run.Model(method), run.Open());

    [Theory]
    [InlineData("cvsc")]
    [InlineData("sae")]
    public void Several_backbones_are_joined_as_in_training(string method) => AssertSameScores(run.Model(method, both: true), run.Open(both: true));

    /// <summary>The model that `unseen demo` leaves behind must be of use.</summary>
    [Fact]
    public void The_small_network_of_the_drawn_birds_is_a_backbone_like_any_other()
    {
        var (model, store) = run.SketchModel();
        AssertSameScores(model, ZslDataset.Open(run.DatasetPath, features: [store]));
        File.WriteAllText(Directory.EnumerateFiles(Path.Combine(model, "backbones")).Single(), "no network");
        Assert.Contains("this is not the backbone 'birds' of the model",
            Assert.Throws<CheckpointMismatchException>(() => ZeroShotClassifier.Load(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_bytes_streams_and_batches_give_the_same_answer()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("cvsc"));
        using var dataset = run.Open();
        var file = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images)[0];
        using var stream = File.OpenRead(file);
        var bytes = File.ReadAllBytes(file);
        var results = new[] { classifier.Classify(file), classifier.Classify(bytes, file), classifier.Classify(stream, file),
            Assert.Single(classifier.ClassifyFiles([file], cancellation: TestContext.Current.CancellationToken)).Image! };
        Assert.All(results, r => Assert.Equal(results[0].Top(12), r.Top(12)));
        Assert.Equal([file, file, file, file], results.Select(r => r.Name));
    }

    /// <summary>A program that writes one file to a pipe and waits for the answer before it writes the next.</summary>
    [Fact]
    public void Whoever_feeds_files_one_by_one_gets_each_answer_at_once()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("ridge"));
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images)[..3];
        using var answered = new SemaphoreSlim(1);
        var found = new List<string>();
        foreach (var file in classifier.ClassifyFiles(Fed(), cancellation: TestContext.Current.CancellationToken))
        {
            found.Add(file.Path);
            Assert.NotNull(file.Image);
            answered.Release();
        }
        Assert.Equal(files, found);

        IEnumerable<string> Fed()
        {
            foreach (var file in files)
            {
                Assert.True(answered.Wait(TimeSpan.FromSeconds(60)), "The answer did not come before the next file.");
                yield return file;
            }
        }
    }

    [Fact]
    public void Files_come_in_blocks_and_a_fault_of_the_sequence_comes_after_what_was_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(["abc", "d"], FileBlocks.Of(["a", "b", "c", "d"], () => 3, cancellation).Select(block => string.Concat(block)));
        var growing = FileBlocks.Of("abcde".Where(char.IsLetter).Select(c => $"{c}"), () => 2, cancellation).ToList();
        Assert.Equal("abcde", string.Concat(growing.SelectMany(block => block)));
        Assert.All(growing, block => Assert.InRange(block.Length, 1, 2));
        var size = 1;
        Assert.Equal([1, 2, 4, 3], FileBlocks.Of(Enumerable.Repeat("x", 10).ToList(), () => size, cancellation).Select(block => (block.Length, size *= 2).Length));
        Assert.Empty(FileBlocks.Of("".Where(char.IsLetter).Select(c => $"{c}"), () => 2, cancellation));
        // A list that is made while it is read knows its number, and may still fail in the middle.
        using var made = FileBlocks.Of(new List<int> { 1, 2, 0 }.Select(i => $"{6 / i}"), () => 3, cancellation).GetEnumerator();
        Assert.True(made.MoveNext());
        Assert.Equal("6", made.Current[0]);
        Assert.Throws<DivideByZeroException>(() => { while (made.MoveNext()) { } });
        var disposed = false;
        using var taken = FileBlocks.Of(Failing(), () => 2, cancellation).GetEnumerator();
        Assert.True(taken.MoveNext());
        Assert.Equal(["a"], taken.Current);
        Assert.Equal("the pipe broke", Assert.Throws<IOException>(() => taken.MoveNext()).Message);
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref disposed), TimeSpan.FromSeconds(30)));

        IEnumerable<string> Failing()
        {
            try
            {
                yield return "a";
                throw new IOException("the pipe broke");
            }
            finally
            {
                Volatile.Write(ref disposed, true);
            }
        }
    }

    [Fact]
    public void A_bad_file_has_its_error_and_the_others_their_answers()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("ridge"), new() { Workers = 3 });
        using var dataset = run.Open();
        var good = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images);
        var cut = run.FileOf("cut.jpg");
        var whole = File.ReadAllBytes(GoldenPictures.PathOf("jpeg-420.jpg"));
        File.WriteAllBytes(cut, whole[..(whole.Length * 3 / 4)]);
        string[] files = [good[0], "no-such.jpg", good[1], cut, run.First, .. good];
        var updates = new List<ProgressUpdate>();
        var results = classifier.ClassifyFiles(files, new Recorder(updates), TestContext.Current.CancellationToken).ToList();
        Assert.Equal(files, results.Select(r => r.Path));
        Assert.Equal([1, 3, 4], results.Index().Where(r => r.Item.Image is null).Select(r => r.Index));
        Assert.Equal($"{cut}: the file is truncated: the picture ends before its last row.", results[3].Error!.Message);
        Assert.Equal($"{run.First}: this is not a JPEG, PNG, WebP, GIF or BMP picture.", results[4].Error!.Message);
        Assert.Equal((files.Length, files.Length), (updates[^1].Done, updates[^1].Total));
    }

    [Fact]
    public void Calibration_comes_from_validation()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("eszsl"), new() { Candidates = CandidateClasses.Unseen });
        var validation = classifier.Model.Selection.Validation!;
        Assert.True(classifier.IsCalibrated);
        Assert.InRange(validation.Temperature!.Value, 1e-9, 1e9);
        using var dataset = run.Open();
        var top = classifier.Classify(PictureRun.Files(dataset, [0])[0]).Top(99);
        Assert.Equal(["unseen-00", "unseen-01", "unseen-02"], top.Select(p => p.Class).Order());
        var powers = top.Select(p => Math.Exp((p.Score - top[0].Score) / validation.Temperature.Value)).ToList();
        Assert.Equal(powers.Select(p => p / powers.Sum()), top.Select(p => p.Probability), (a, b) => Math.Abs(a - b) < 1e-9);
    }

    [Fact]
    public void Many_threads_share_one_classifier_while_classes_come_and_go()
    {
        using var classifier = ZeroShotClassifier.Load(run.Model("cvsc"));
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, dataset.TestProblem().Evaluation.Images);
        var expected = files.Select(f => classifier.Classify(f).Of("seen-00").Score).ToList();
        var attribute = classifier.Model.Attributes[0].Name;
        Parallel.For(0, 60, new() { MaxDegreeOfParallelism = 6, CancellationToken = TestContext.Current.CancellationToken }, i =>
        {
            if (i % 3 == 0) classifier.AddClass($"new-{i}", new() { [attribute] = 0.5f });
            var found = classifier.Classify(files[i % files.Length]).Of("seen-00").Score;
            Assert.Equal(expected[i % files.Length], found, 1e-4f);
            if (i % 6 == 0) classifier.RemoveClass($"new-{i}");
        });
        Assert.Equal(12 + 10, classifier.Classes.Count);
    }

    [Fact]
    public void A_backbone_that_is_not_in_the_folder_must_be_given_and_be_the_right_one()
    {
        var model = run.Copy(run.Model("ridge"));
        var stored = Directory.GetFiles(Path.Combine(model, "backbones")).Single();
        var moved = run.FileOf("elsewhere.onnx");
        File.Move(stored, moved);
        var sha = ModelFolder.ReadRecord(model).Backbones[0].Description.Sha256;
        Assert.Equal($"{stored}: the backbone 'first' of the model is missing. Put the file back, or give it with --backbone FILE (SHA-256 {sha}).",
            Assert.Throws<DatasetFormatException>(() => ZeroShotClassifier.Load(model)).Message);
        ZeroShotClassifier.Load(model, new() { Backbones = [moved] }).Dispose();
        File.WriteAllBytes(stored, TinyOnnx.Maps(4, 4));
        Assert.Contains("this is not the backbone 'first' of the model. Expected SHA-256",
            Assert.Throws<CheckpointMismatchException>(() => ZeroShotClassifier.Load(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bf16_changes_the_scores_of_an_attention_model_a_little_and_is_refused_where_it_means_nothing()
    {
        using var dataset = run.Open();
        var files = PictureRun.Files(dataset, [0, 7, 20]);
        using var full = ZeroShotClassifier.Load(run.Model("cvsc"));
        using var half = ZeroShotClassifier.Load(run.Model("cvsc"), new() { Precision = Precision.Bf16 });
        var (expected, found) = (All(full), All(half));
        Assert.NotEqual(expected, found);
        var scale = expected.Max(Math.Abs);
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.05 * scale, $"{pair.First} became {pair.Second}"));
        Assert.Equal("Method 'ridge' has no large matrix products that bf16 would make faster, so precision must be f32. Leave it out.",
            Assert.Throws<ConfigurationException>(() => ZeroShotClassifier.Load(run.Model("ridge"), new() { Precision = Precision.Bf16 })).Message);
        ZeroShotClassifier.Load(run.Model("ridge"), new() { Precision = Precision.F32 }).Dispose();

        float[] All(ZeroShotClassifier classifier) =>
            [.. files.SelectMany(f => classifier.Classify(f).Top(99).OrderBy(p => p.Class, StringComparer.Ordinal).Select(p => p.Score))];
    }

    [Theory]
    [InlineData("\"values\": [", "\"values\": [1,", "must have 6 values (one per attribute), found 7.")]
    [InlineData("\"gamma\": ", "\"gamma\": \"NaN\", \"ignored\": ", "not a model description")]
    [InlineData("backbones/", "../../", "must lie inside the model folder.")]
    [InlineData("\"method\": \"ridge\"", "\"method\": \"bridge\"", "Unknown method 'bridge'. Did you mean 'ridge'?")]
    public void A_damaged_description_is_refused_in_words(string text, string damaged, string message)
    {
        var model = run.Copy(run.Model("ridge"));
        var file = Path.Combine(model, "model.json");
        var json = File.ReadAllText(file).ReplaceLineEndings("\n");
        var at = json.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0);
        File.WriteAllText(file, json[..at] + damaged + json[(at + text.Length)..]);
        Assert.Contains(message, Assert.ThrowsAny<UnseenException>(() => ZeroShotClassifier.Load(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_values_in_the_description_never_do_worse_than_an_error()
    {
        string[] values = ["null", "-1", "0", "1e300", "999999999", "\"\"", "\"../x\"", "[]", "{}", "true"];
        var model = run.Copy(run.Model("eszsl", both: true));
        var file = Path.Combine(model, "model.json");
        var json = File.ReadAllText(file);
        var places = System.Text.RegularExpressions.Regex.Matches(json, "(?<=: |^ *)(\"[^\"]*\"|[-+.0-9Ee]+|null|true|false)(?=,?\r?$)",
            System.Text.RegularExpressions.RegexOptions.Multiline);
        var random = new Random(5);
        var refused = 0;
        for (var i = 0; i < 250; i++)
        {
            var place = places[i < places.Count ? places.Count - 1 - i : random.Next(places.Count)];
            File.WriteAllText(file, json[..place.Index] + values[random.Next(values.Length)] + json[(place.Index + place.Length)..]);
            try { ZeroShotClassifier.Load(model).Dispose(); }
            catch (UnseenException) { refused++; }
        }
        Assert.InRange(refused, 100, 250);
    }

    [Fact]
    public void A_folder_without_a_model_is_named() =>
        Assert.Equal($"{run.DatasetPath}: there is no model.json, neither here nor in the folder 'model'. Expected a finished run or its model folder.",
            Assert.Throws<DatasetFormatException>(() => ZeroShotClassifier.Load(run.DatasetPath)).Message);

    private static void AssertSameScores(string model, ZslDataset opened)
    {
        using var dataset = opened;
        var problem = dataset.TestProblem();
        using var loaded = ModelFolder.Load(model, ModelFolder.ReadRecord(model));
        var expected = Scoring.Score(loaded, problem, problem.Evaluation, cancellation: TestContext.Current.CancellationToken);
        using var classifier = ZeroShotClassifier.Load(model);
        var gamma = classifier.Model.Selection.Gamma;
        var answers = StackingCurve.Compute(expected).Predict(gamma);
        var results = classifier.ClassifyFiles(PictureRun.Files(dataset, problem.Evaluation.Images), cancellation: TestContext.Current.CancellationToken);
        foreach (var (i, result) in results.Index())
        {
            for (var c = 0; c < problem.Classes; c++)
            {
                var score = result.Image!.Of(problem.Semantics.ClassNames[c]).Score;
                Assert.Equal(expected.Row(i)[c], score, 1e-4f * (1 + Math.Abs(score)));
            }
            Assert.Equal(problem.Semantics.ClassNames[answers[i]], result.Image!.Top(1)[0].Class);
        }
    }

    private sealed class Recorder(List<ProgressUpdate> updates) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => updates.Add(value);
    }
}
