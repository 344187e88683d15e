// Parts alone, for research: a loss of a paper with its gradient, and the exact seen-unseen curve of any table of scores - also of a model
// that was made elsewhere. No dataset, no training.
//
//   dotnet run -c Release samples/loss-and-metric.cs
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using Unseen.Evaluation;
using Unseen.Losses;
using static TorchSharp.torch;

// Self-calibration (DAZLE, CVPR 2020): keeps probability on the unseen classes while only seen ones are trained.
using var scope = NewDisposeScope();
var scores = tensor(new float[] { 4, 1, 0, 0.5f, 3, 2 }, [2, 3]).requires_grad_(true);      // [batch, classes]; class 2 is unseen
var loss = SelfCalibrationLoss.Compute(scores, tensor(new long[] { 2 }), overBatch: false);
loss.backward();
Console.WriteLine($"self-calibration loss {loss.item<float>():F4}, gradient on the unseen class {scores.grad![0, 2].item<float>():F4}");

// Calibrated stacking: all gammas at once, from scores alone.
float[] table =
[
    0.9f, 0.2f, 0.1f, 0.0f,      // a picture of seen class 0
    0.3f, 0.8f, 0.2f, 0.1f,      // of seen class 1
    0.6f, 0.1f, 0.5f, 0.2f,      // of unseen class 2: the seen class 0 is ahead by 0.1
    0.2f, 0.4f, 0.1f, 0.3f,      // of unseen class 3: the seen class 1 is ahead by 0.1
];
var curve = StackingCurve.Compute(new ScoreTable(table, Labels: [0, 1, 2, 3], SeenClass: [true, true, false, false]));
Console.WriteLine($"T1 {curve.T1:P0}, AUSUC {curve.Ausuc:F3}");
foreach (var result in new[] { curve.At(0), curve.Best })
    Console.WriteLine($"gamma {result.Gamma:F2}: U {result.U:P0}, S {result.S:P0}, H {result.H:P0}");
