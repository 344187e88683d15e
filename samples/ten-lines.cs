// The README's ten lines, with the paths taken from the command line: train on a dataset with features, print the report, load the model,
// add a class that nobody photographed, classify a picture.
//
//   dotnet run -c Release samples/ten-lines.cs -- DATASET FEATURES PICTURE RUN
//   dotnet run -c Release samples/ten-lines.cs -- cub127 cub127.mobilenetv2.safetensors bird.jpg runs/first
//
// DATASET and FEATURES come from `unseen data init` and `unseen extract` (docs/get-started/own-pictures.md); RUN is a new folder.
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using Unseen.Classification;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models.Cvsc;

if (args is not [var folder, var features, var picture, var output])
{
    Console.Error.WriteLine("usage: ten-lines DATASET FEATURES PICTURE RUN");
    return 2;
}

using var dataset = ZslDataset.Open(folder, features: features);
var run = Experiment.Run(new CvscOptions(), dataset, new RunOptions { Seed = 1, Training = new() { Epochs = 20 }, Output = output });
Console.WriteLine(run.Report);                       // T1, U, S, H, AUSUC, per protocol
using var classifier = ZeroShotClassifier.Load(run.ModelDirectory);
classifier.AddClass("Azure Finch", new() { ["has_wing_color::blue"] = 0.9f, ["has_bill_shape::cone"] = 0.8f });
Prediction best = classifier.Classify(picture).Top(5)[0];

Console.WriteLine($"{picture}: {best.Class}, {best.Probability:P1}{(best.Unseen ? ", never seen in training" : "")}");
return 0;
