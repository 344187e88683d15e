namespace Unseen.Reports;

/// <summary>A feature store the model was trained on.</summary>
/// <param name="Name">Name of the store.</param>
/// <param name="Backbone">Network that made the features.</param>
/// <param name="PreTraining">Data the network was pre-trained on, for example "ImageNet-1k".</param>
public sealed record ReportFeatures(string Name, string Backbone, string PreTraining);

/// <summary>Accuracies on the validation classes at the chosen epoch and gamma, as fractions of 1.</summary>
/// <param name="U">Accuracy on the classes that play the unseen ones.</param>
/// <param name="S">Accuracy on held-out images of the training classes.</param>
/// <param name="H">Harmonic mean.</param>
public sealed record ReportValidation(double? U, double? S, double? H);

/// <summary>One row of the per-class table.</summary>
/// <param name="Class">Class name.</param>
/// <param name="Seen">True when the class was seen in training.</param>
/// <param name="Images">Number of test images.</param>
/// <param name="Accuracy">Share of right answers in the generalized setting at the reported gamma, 0..1; null without images.</param>
public sealed record ReportClass(string Class, bool Seen, int Images, double? Accuracy);

/// <summary>State of training after one epoch.</summary>
/// <param name="Phase">"search" while epochs and gamma are chosen, "final" for the model that is kept.</param>
/// <param name="Epoch">Epoch, from 1.</param>
/// <param name="Step">Optimiser steps so far.</param>
/// <param name="Loss">Mean of each weighted loss term over the epoch, by name; "total" is their sum.</param>
/// <param name="U">Validation accuracy on unseen classes, 0..1, if measured.</param>
/// <param name="S">Validation accuracy on seen classes, 0..1, if measured.</param>
/// <param name="H">Validation harmonic mean, 0..1, if measured.</param>
public sealed record ReportEpoch(
    string Phase, int Epoch, long Step, IReadOnlyDictionary<string, double> Loss, double? U = null, double? S = null, double? H = null);

/// <summary>A point of the seen-unseen curve.</summary>
/// <param name="Gamma">Smallest gamma of the point; null below all breakpoints.</param>
/// <param name="U">Unseen accuracy, 0..1.</param>
/// <param name="S">Seen accuracy, 0..1.</param>
public sealed record ReportCurvePoint(double? Gamma, double U, double S);

/// <summary>Semantic error on the test set (see <see cref="Evaluation.SemanticErrorMatrix"/>).</summary>
/// <param name="MeanSeen">Mean error of seen classes.</param>
/// <param name="MeanUnseen">Mean error of unseen classes.</param>
/// <param name="RelativeIncrease">(unseen - seen) / seen.</param>
/// <param name="Classes">Class of each row.</param>
/// <param name="SeenClass">Per row: true when the class was seen in training.</param>
/// <param name="Attributes">Attribute of each column.</param>
/// <param name="Errors">Errors [rows][columns].</param>
public sealed record ReportSemanticError(double? MeanSeen, double? MeanUnseen, double? RelativeIncrease,
    IReadOnlyList<string> Classes, IReadOnlyList<bool> SeenClass, IReadOnlyList<string> Attributes,
    IReadOnlyList<IReadOnlyList<double>> Errors)
{
    /// <summary>Takes the figures over and gives rows and columns their names; errors are rounded to four decimals.</summary>
    public static ReportSemanticError Of(
        Evaluation.SemanticErrorMatrix matrix, IReadOnlyList<string> classNames, IReadOnlyList<string> attributeNames) =>
        new(matrix.MeanSeen, matrix.MeanUnseen, matrix.RelativeIncrease,
            [.. matrix.Classes.Select(c => classNames[c])], matrix.Seen, attributeNames,
            [.. Enumerable.Range(0, matrix.Classes.Count).Select(row =>
                (IReadOnlyList<double>)[.. Enumerable.Range(0, attributeNames.Count).Select(a => Math.Round(matrix.Errors[row, a], 4))])]);
}

/// <summary>Pointing game on the test set (see <see cref="Evaluation.PointingGame"/>).</summary>
/// <param name="Tolerance">Cells the peak may be off.</param>
/// <param name="Overall">All attributes.</param>
/// <param name="Groups">One row per attribute group.</param>
public sealed record ReportPointingGame(
    int Tolerance, Evaluation.PointingGameRow Overall, IReadOnlyList<Evaluation.PointingGameRow> Groups);
