using Unseen.Data;
using Unseen.Data.Import;
using Unseen.Models.Duet;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Training;
using Unseen.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models.Duet;

/// <summary>
/// AWA2-KG: sentences, sampling and losses on the real graph and the real graph embeddings. The pictures are stand-ins, noise around a random
/// image of the embedding of their class: what is learned from them says nothing about AWA2.
/// </summary>
public sealed class KnowledgeGraphTests : IDisposable
{
    private const int Visual = 64, PerClass = 6;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void TheRealGraphIsReadMaskedContrastedAndLearned()
    {
        using var scope = NewDisposeScope();
        var problem = Problem(Import(RealData.Folder()));
        var facts = problem.Facts!;
        Assert.Equal(50, facts.Degrees.GetLength(0));
        var prompts = facts.Facts.Select(f => f.Prompt).Distinct().ToArray();
        Assert.Contains("has body part", prompts);
        Assert.InRange(prompts.Length, 10, 20);     // the paper counts 17 relations and 120 attributes; its own list is not public
        Assert.InRange(facts.Facts.Count, 100, 130);
        var options = new DuetOptions { TextWidth = 32, TextHeads = 2, ReconstructionWeight = 0.5, AttributeContrastWeight = 0.01, GroundingShare = 0.7 };
        using var parts = new DuetParts(options, problem);
        var draws = parts.Sampler.Draw([.. Enumerable.Range(0, 40)], new Random(1))!;
        Assert.InRange(draws.Count(d => d.Contrast is not null), 20, 40);
        var recipe = new TrainingRecipe { Epochs = 20, BatchSize = 20, LearningRate = 3e-3, Optimiser = OptimiserKind.AdamW, Sampler = SamplerKind.Shuffled };
        using var model = new DuetModel(options, problem);
        var history = Trainer.Fit(model, problem, new FitContext { Seed = 1, Recipe = recipe }, null);
        foreach (var term in new[] { "cc", "cmr" })
            Assert.True(history[^1].Terms[term] < 0.8 * history[0].Terms[term], $"{term}: {history[0].Terms[term]} to {history[^1].Terms[term]}");
        Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.Loss)));
        Assert.Null(model.PromptedAttributes(rand(1, Visual)));                       // its facts are not the columns of the embeddings
    }

    private DatasetFolder Import(string data)
    {
        var awa2 = folder.File("awa2");
        Xlsa17Importer.Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", "AWA2", "att_splits.mat"),
            ImageListFile = Path.Combine(data, "awa2", "ps_image_splits.csv"),
            Output = awa2,
        }, null, TestContext.Current.CancellationToken);
        var triples = Path.Combine(data, "kg", "triples");
        SemanticsImporter.ImportGraph(new(awa2, "kg"), new()
        {
            Triples = [Path.Combine(triples, "class_attribute_triples.txt"), Path.Combine(triples, "class_hierarchy_triples.txt")],
            LabelsFile = Path.Combine(triples, "literals.txt"),
        });
        SemanticsImporter.ImportVectors(new(awa2, "kge"), new()
        {
            File = Path.Combine(data, "kg", "OntoZSL_AwA2", "onto_file", "embeddings", "o2v-awa.mat"),
            ClassNamesFile = Path.Combine(data, "xlsa17", "AWA2", "att_splits.mat"),
        });
        return DatasetReader.Open(awa2);
    }

    private static ZslProblem Problem(DatasetFolder awa2)
    {
        var embeddings = awa2.OtherSemantics["kge"];
        int[] order = [.. awa2.Classes.Index().OrderByDescending(c => c.Item.Seen).Select(c => c.Index)];
        var semantics = embeddings.Select(order);
        var labels = Enumerable.Range(0, 50 * PerClass).Select(i => i / PerClass).ToArray();
        int[] train = [.. labels.Index().Where(l => l.Item < 40).Select(l => l.Index)];
        return new()
        {
            Semantics = semantics,
            SeenClass = [.. Enumerable.Range(0, 50).Select(c => c < 40)],
            Attributes = [],
            Facts = ClassFacts.OfRelations(awa2.Relations, awa2.Classes.Count).Select(order),
            Features = new MemoryFeatures([.. labels.Select((label, i) => StandIn(semantics.Values, label, i))], 1, [Visual]),
            Train = new(train, Array.ConvertAll(train, i => labels[i])),
            Evaluation = new([], []),
        };
    }

    private static float[] StandIn(float[,] embeddings, int label, int image)
    {
        var (map, noise) = (new Random(7), new Random(image));
        var picture = new float[Visual];
        for (var k = 0; k < embeddings.GetLength(1); k++)
            for (var d = 0; d < Visual; d++)
                picture[d] += embeddings[label, k] * (map.NextSingle() - 0.5f);
        for (var d = 0; d < Visual; d++) picture[d] += 0.1f * (noise.NextSingle() - 0.5f);
        return picture;
    }

    public void Dispose() => folder.Dispose();
}
