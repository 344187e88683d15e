using CsCheck;
using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class SemanticErrorMatrixTests
{
    private static readonly float[,] Attributes = { { 0, 10 }, { 2, 20 }, { 4, 40 } };
    private static readonly bool[] Seen = [true, true, false];

    [Fact]
    public void Errors_worked_out_by_hand()
    {
        // Training predictions 1 and 3 (mean 2, deviation 1), annotations 0 and 2 (mean 1, deviation 1); second column -1, 1 and 10, 20
        // (15, 5).
        var training = new AttributePredictions([1, -1, 3, 1], [0, 1]);
        // Class 0: predictions 2, 1 -> z 0, -1 against z(0) = -1: errors 1, 0; mean 0.5. Second column 0, 0 against z(10) = -1: 1.
        // Class 2: prediction 6 -> z 4 against z(4) = 3: 1. Second column 3 against z(40) = 5: 4.
        var test = new AttributePredictions([2, 0, 6, 3, 1, 0], [0, 2, 0]);
        var matrix = SemanticErrorMatrix.Compute(training, test, Attributes, Seen);
        Assert.Equal([0, 2], matrix.Classes);
        Assert.Equal([true, false], matrix.Seen);
        Assert.Equal(new double[,] { { 0.5, 1 }, { 1, 4 } }, matrix.Errors);
        Assert.Equal(0.75, matrix.MeanSeen);
        Assert.Equal(2.5, matrix.MeanUnseen);
        Assert.Equal((2.5 - 0.75) / 0.75, matrix.RelativeIncrease);
    }

    [Fact]
    public void Scale_and_offset_of_right_attributes_do_not_matter() =>
        Gen.Select(Gen.Float[0.1f, 50], Gen.Float[-9, 9]).Sample((scale, offset) =>
        {
            int[] labels = [0, 1, 1, 0, 1];
            float[] Predict(int[] ids) =>
                [.. ids.SelectMany(c => new[] { Attributes[c, 0], Attributes[c, 1] }).Select(v => v * scale + offset)];
            var matrix = SemanticErrorMatrix.Compute(new(Predict(labels), labels), new(Predict([0, 2]), [0, 2]), Attributes, Seen);
            Assert.Equal(0, matrix.MeanSeen!.Value, 1e-6);
            Assert.Equal(0, matrix.MeanUnseen!.Value, 1e-6);
        });

    [Fact]
    public void Uninformative_predictions_of_the_right_spread_have_error_two()
    {
        var random = new Random(4);
        var attributes = new float[50, 20];
        for (var c = 0; c < 50; c++)
            for (var a = 0; a < 20; a++) attributes[c, a] = random.NextSingle();
        var labels = Enumerable.Range(0, 5000).Select(i => i % 50).ToArray();
        var noise = new AttributePredictions([.. Enumerable.Range(0, 5000 * 20).Select(_ => random.NextSingle())], labels);
        Assert.Equal(2, SemanticErrorMatrix.Compute(noise, noise, attributes, [.. labels[..50].Select(_ => true)]).MeanSeen!.Value, 0.02);
    }

    [Fact]
    public void Constant_attribute_gives_finite_errors()
    {
        var constant = new float[,] { { 0.3f }, { 0.3f } };
        var predictions = new AttributePredictions([0.1f, 0.1f, 0.1f], [0, 1, 1]);
        Assert.Equal(0, SemanticErrorMatrix.Compute(predictions, predictions, constant, [true, false]).MeanSeen);
    }

    [Fact]
    public void Missing_sets_have_null_means()
    {
        var training = new AttributePredictions([1, -1, 3, 1], [0, 1]);
        var matrix = SemanticErrorMatrix.Compute(training, training, Attributes, Seen);
        Assert.NotNull(matrix.MeanSeen);
        Assert.Null(matrix.MeanUnseen);
        Assert.Null(matrix.RelativeIncrease);
    }

    [Fact]
    public void Broken_input_is_refused_with_a_reason()
    {
        AttributePredictions good = new([1, 2], [0]), none = new([], []);
        Assert.Equal("Semantic error: no training image, so the predictions cannot be normalised. Pass predictions for training images.",
            Assert.Throws<UnseenException>(() => SemanticErrorMatrix.Compute(none, good, Attributes, Seen)).Message);
        Assert.Equal("Semantic error: expected 1 test images x 2 attributes = 2 predicted values, found 3. Pass one row per label.",
            Assert.Throws<ShapeException>(() => SemanticErrorMatrix.Compute(good, new([1, 2, 3], [0]), Attributes, Seen)).Message);
        Assert.Equal("Semantic error: the label of test image 0 must be a class id from 0 to 2, found 3.",
            Assert.Throws<ShapeException>(() => SemanticErrorMatrix.Compute(good, new([1, 2], [3]), Attributes, Seen)).Message);
        Assert.Equal("Semantic error: attribute 1 of test image 0 is not finite. The model has diverged or its features are broken.",
            Assert.Throws<UnseenException>(() => SemanticErrorMatrix.Compute(good, new([1, float.NaN], [0]), Attributes, Seen)).Message);
        Assert.Equal("Semantic error: expected one seen flag for each of 3 classes, found 1.",
            Assert.Throws<ShapeException>(() => SemanticErrorMatrix.Compute(good, good, Attributes, [true])).Message);
    }
}
