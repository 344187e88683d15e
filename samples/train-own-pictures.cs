// From a folder of pictures and a spreadsheet to a trained model, with no picture at all of the unseen classes: start a dataset folder, extract
// features with any ONNX backbone, train, and say what can be expected from classes that were never seen.
//
//   dotnet run -c Release samples/train-own-pictures.cs -- PICTURES TABLE BACKBONE OUT
//   dotnet run -c Release samples/train-own-pictures.cs -- pictures birds.csv mobilenetv2.onnx runs/own
//
// PICTURES has one folder per class, TABLE is a CSV file with a line per class and a column per attribute: docs/how-to/own-dataset.md.
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using Unseen.Classification;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Features;
using Unseen.Models.Linear;

if (args is not [var pictures, var table, var network, var output])
{
    Console.Error.WriteLine("usage: train-own-pictures PICTURES TABLE BACKBONE OUT");
    return 2;
}

var (folder, notes) = DatasetInit.Create(new DatasetInitOptions { Target = Path.Combine(output, "dataset"), Images = pictures, Attributes = table });
foreach (var note in notes) Console.WriteLine(note);

var store = Path.Combine(output, "features.safetensors");
using (var backbone = OnnxBackbone.Load(network, new() { Threads = 1 }))      // pictures run side by side, each on one thread
{
    var extracted = FeatureExtractor.Run(backbone, new ExtractionOptions { Images = ImageSource.Of(folder), Output = store });
    Console.WriteLine($"{extracted.Images} pictures, {extracted.ImagesPerSecond:F1} per second");
}

using var dataset = ZslDataset.Open(folder.Path, features: store);
var run = Experiment.Run(new EszslOptions(), dataset, new RunOptions { Output = Path.Combine(output, "run") });
Console.WriteLine(run.Report);
// Validation: some seen classes played unseen ones. Without test pictures of the unseen classes this is what there is to go by.
if (run.Report.Validation is { } validation) Console.WriteLine($"Expected of unseen classes: U {validation.U:P1}, H {validation.H:P1}");

using var classifier = ZeroShotClassifier.Load(run.ModelDirectory);
Console.WriteLine($"{classifier.Classes.Count(c => !c.Seen)} of {classifier.Classes.Count} classes are known by their description alone.");
return 0;
