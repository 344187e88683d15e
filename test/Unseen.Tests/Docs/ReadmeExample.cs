#region README
using Unseen.Classification;
using Unseen.Data;
using Unseen.Experiments;
using Unseen.Models.Cvsc;
#endregion

namespace Unseen.Tests.Docs;

/// <summary>The example of the README: what lies in the regions stands there letter by letter, and compiles here.</summary>
internal static class ReadmeExample
{
    public static void Run()
    {
        #region README
        using var dataset = ZslDataset.Open("cub127", features: "cub127.mobilenetv2.safetensors");
        var run = Experiment.Run(new CvscOptions(), dataset, new RunOptions { Seed = 1, Training = new() { Epochs = 20 }, Output = "runs/first" });
        Console.WriteLine(run.Report);                       // T1, U, S, H, AUSUC, per protocol
        using var classifier = ZeroShotClassifier.Load(run.ModelDirectory);
        classifier.AddClass("Azure Finch", new() { ["has_wing_color::blue"] = 0.9f, ["has_bill_shape::cone"] = 0.8f });
        Prediction best = classifier.Classify("bird.jpg").Top(5)[0];
        #endregion
    }
}
