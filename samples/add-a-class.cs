// A class that nobody photographed, added to a trained model in a moment: by a sentence or by attributes. Then: why does a picture get
// its answer, and why is it not the new class?
//
//   dotnet run -c Release samples/add-a-class.cs -- RUN PICTURE NAME "SENTENCE" [ATTRIBUTE=VALUE ...]
//   dotnet run -c Release samples/add-a-class.cs -- runs/first bird.png "Azure Finch" "a bird with a blue wing and a cone bill" has_size::small=0.8
//
// RUN is a run folder of `unseen train`. The sentence names attributes by their words in attributes.csv; values are 0..1 and win over the sentence.
// Nothing is written: ZeroShotClassifier.SaveClasses() would keep the class in the model folder.
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using System.Globalization;
using Unseen.Classification;

if (args is not [var run, var picture, var name, var sentence, .. var values])
{
    Console.Error.WriteLine("usage: add-a-class RUN PICTURE NAME \"SENTENCE\" [ATTRIBUTE=VALUE ...]");
    return 2;
}

using var classifier = ZeroShotClassifier.Load(run);
var described = DescribedAttributes.Read(sentence, classifier.Model.Attributes);
var attributes = described.Matches.ToDictionary(m => m.Attribute, _ => 1f);
foreach (var value in values) attributes[value[..value.LastIndexOf('=')]] = float.Parse(value[(value.LastIndexOf('=') + 1)..], CultureInfo.InvariantCulture);

var before = classifier.Classify(picture).Top(1)[0];
var added = classifier.AddClass(name, attributes);
Console.WriteLine($"{added.Class}: {added.Given} attributes given, {added.Filled} copied from {string.Join(", ", added.FilledFrom)}");
foreach (var similar in added.Similar) Console.WriteLine($"  very similar to {similar.Class} (cosine {similar.Cosine:F3})");

var explanation = classifier.Explain(picture, rival: before.Class == name ? null : name);
Console.WriteLine($"{picture}: {before.Class} before, {explanation.Answer.Class} now ({explanation.Answer.Probability:P1})");
if (explanation.Rival is { } rival)
    Console.WriteLine($"It leads {rival.Class} by {explanation.Lead:F3}; attributes give {explanation.Lead - explanation.Rest:F3} of it:");
foreach (var evidence in ExplanationPage.Strongest(explanation, 5))
    Console.WriteLine($"  {evidence.Contribution,8:+0.000;-0.000}  {evidence.Phrase}");
return 0;
