// Names what the pictures of a folder show, on all cores, and counts the answers. A file that is no picture gets a line and stops nothing.
//
//   dotnet run -c Release samples/predict-folder.cs -- RUN PICTURES [unseen]
//
// RUN is a run folder of `unseen train`, PICTURES a folder; `unseen` answers with classes only that had no training pictures.
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using Unseen.Classification;

if (args is not [var run, var pictures, .. var rest])
{
    Console.Error.WriteLine("usage: predict-folder RUN PICTURES [unseen]");
    return 2;
}

var files = Directory.EnumerateFiles(pictures, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
var options = new ClassifierOptions { Candidates = rest is ["unseen"] ? CandidateClasses.Unseen : CandidateClasses.All };
using var classifier = ZeroShotClassifier.Load(run, options);

var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
foreach (var file in classifier.ClassifyFiles(files))      // in the order of the files, as they get ready
{
    if (file.Image is not { } image)
    {
        Console.Error.WriteLine(file.Error!.Message);
        continue;
    }
    var best = image.Top(1)[0];
    Console.WriteLine($"{file.Path}  {best.Class}  {best.Probability:P0}{(best.Unseen ? "  (unseen)" : "")}");
    counts[best.Class] = counts.GetValueOrDefault(best.Class) + 1;
}
foreach (var (name, count) in counts) Console.WriteLine($"{count,6}  {name}");
return 0;
