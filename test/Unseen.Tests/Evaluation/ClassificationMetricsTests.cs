using Unseen.Evaluation;
using Xunit;

namespace Unseen.Tests.Evaluation;

public sealed class ClassificationMetricsTests
{
    [Fact]
    public void Macro_differs_from_micro_on_an_unbalanced_toy()
    {
        // Class 0: 3 of 4 right; class 1: 0 of 1; class 2: no image.
        var metrics = ClassificationMetrics.Of([0, 0, 0, 1, 0], [0, 0, 0, 0, 1], 3);
        Assert.Equal(0.375, metrics.Macro());
        Assert.Equal(0.6, metrics.Micro());
        Assert.Equal(0.75, metrics.PerClassAccuracy(0));
        Assert.Null(metrics.PerClassAccuracy(2));
        Assert.Null(metrics.Macro(c => c == 2));
        Assert.Null(metrics.Micro(c => c == 2));
        Assert.Equal(0.75, metrics.Macro(c => c != 1));
        Assert.Equal(0.75, metrics.Micro(c => c != 1));
    }

    [Fact]
    public void Table_lists_every_class_in_order()
    {
        var metrics = ClassificationMetrics.Of([0, 2], [0, 1], 3);
        Assert.Equal([new(0, true, 1, 1), new(1, false, 1, 0), new(2, false, 0, null)], metrics.Table([true, false, false]));
    }

    [Theory]
    [InlineData(72.4, 78.4, 75.3)]
    [InlineData(66.1, 66.7, 66.4)]
    [InlineData(62.9, 72.8, 67.5)]
    public void Harmonic_mean_of_published_figures(double unseen, double seen, double h) =>
        Assert.Equal(h, Math.Round(ClassificationMetrics.HarmonicMean(unseen, seen)!.Value, 1));

    [Fact]
    public void Harmonic_mean_without_one_side_is_null()
    {
        Assert.Null(ClassificationMetrics.HarmonicMean(null, 0.5));
        Assert.Null(ClassificationMetrics.HarmonicMean(0.5, null));
        Assert.Equal(0, ClassificationMetrics.HarmonicMean(0, 0));
    }

    [Fact]
    public void Lists_that_do_not_fit_are_refused()
    {
        Assert.Equal("Accuracy: expected one prediction per label, found 1 predictions and 2 labels.",
            Assert.Throws<ShapeException>(() => ClassificationMetrics.Of([0], [0, 1], 2)).Message);
        Assert.Equal("Accuracy: the label of image 1 must be a class id from 0 to 1, found 5.",
            Assert.Throws<ShapeException>(() => ClassificationMetrics.Of([0, 0], [0, 5], 2)).Message);
        Assert.Equal("Confusion matrix: the prediction of image 0 must be a class id from 0 to 1, found -1.",
            Assert.Throws<ShapeException>(() => ConfusionMatrix.Of([-1], [0], 2)).Message);
        Assert.Equal("Accuracy: the label of image 0 must be a class id from 0 to -1, found 0.",
            Assert.Throws<ShapeException>(() => ClassificationMetrics.Of([0], [0], 0)).Message);
    }
}
