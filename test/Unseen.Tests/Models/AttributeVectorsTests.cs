using Unseen.Data;
using Unseen.Data.Import;
using Unseen.Models;
using Unseen.Models.Cvsc;
using Unseen.Models.Msdn;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Training;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Models;

/// <summary>What attention methods begin with on SUN, whose attribute 88, "man-made", has no word vector: its row is zero.</summary>
public sealed class AttributeVectorsTests : IDisposable
{
    private const int ManMade = 88;

    private readonly TemporaryFolder folder = new();
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    /// <summary>"man-made" is in no group with others, so their mean is a random vector too.</summary>
    [Theory]
    [InlineData(ZeroRowPolicy.RandomUnit)]
    [InlineData(ZeroRowPolicy.MeanOfGroup)]
    [InlineData(ZeroRowPolicy.Keep)]
    public void TheZeroRowOfSunFollowsThePolicyAndOthersAreTheirWords(ZeroRowPolicy policy)
    {
        var problem = Sun();
        var (first, again, other) = (Vectors(problem, policy, 1), Vectors(problem, policy, 1), Vectors(problem, policy, 2));
        var kept = policy == ZeroRowPolicy.Keep;
        Assert.Equal(kept ? 0 : 1, Length(first, ManMade), 1e-6);
        Assert.Equal(first.data<float>().ToArray(), again.data<float>().ToArray());
        Assert.Equal(kept, first[ManMade].eq(other[ManMade]).all().item<bool>());
        for (var a = 0; a < 102; a++)
        {
            if (a == ManMade) continue;
            var row = Enumerable.Range(0, 300).Select(w => (double)problem.WordVectors![a, w]).ToArray();
            var norm = Math.Sqrt(row.Sum(v => v * v));
            Assert.All(row.Zip(first[a].data<float>().ToArray()), pair => Assert.Equal(pair.First / norm, pair.Second, 1e-6));
        }
    }

    /// <summary>In a group, as prompts make them, the row is the direction of the other words' mean.</summary>
    [Fact]
    public void InAGroupTheZeroRowIsTheMeanOfTheOthers()
    {
        var problem = Sun();
        problem = problem with { Attributes = [.. problem.Attributes.Select((a, i) => i is 3 or 7 or ManMade ? a with { Group = "g" } : a)] };
        var vectors = Vectors(problem, ZeroRowPolicy.MeanOfGroup, 1);
        var mean = (vectors[3] + vectors[7]) / 2;
        Assert.True(vectors[ManMade].allclose(mean / mean.norm(), 1e-5, 1e-6));
    }

    /// <summary>A kept zero looks everywhere and says nothing, and nothing becomes NaN; a replaced one looks somewhere.</summary>
    [Theory]
    [InlineData(ZeroRowPolicy.RandomUnit)]
    [InlineData(ZeroRowPolicy.Keep)]
    public void ModelsReadTheRowThatThePolicyLeaves(ZeroRowPolicy policy)
    {
        var problem = Sun();
        manual_seed(1);
        using var cvsc = new CvscModel(new CvscOptions { ZeroRows = policy }, problem);
        using var dazle = new MutualAttentionModel(new DazleOptions { ZeroRows = policy }, problem);
        var features = tensor(TinyProblem.Regions(problem, [0, 9, 18])).reshape(3, 4, 12);
        Assert.All([cvsc.State, dazle.State], state =>
            Assert.Equal(policy == ZeroRowPolicy.Keep ? 0 : 1, Length(state["attribute_vectors"], ManMade), 1e-6));
        var output = cvsc.Forward(features);
        Assert.True(output.ClassScores.isfinite().all().item<bool>());
        var (attention, predicted) = (output.Attention!.select(1, ManMade), output.PredictedAttributes!.select(1, ManMade));
        Assert.Equal(policy == ZeroRowPolicy.Keep, attention.allclose(full(3, 4, 0.25f)) && predicted.count_nonzero().item<long>() == 0);
    }

    /// <summary>Standard normal entries give rows about √300 long, the same directions as the unit rows of the same seed.</summary>
    [Fact]
    public void WithoutWordsRowsAreRandomAndOfTheLengthOfTheOption()
    {
        var problem = TinyProblem.Create() with { WordVectors = null };
        Tensor Drawn(RandomVectors kind)
        {
            manual_seed(5);
            using var model = new MutualAttentionModel(new DazleOptions { RandomVectors = kind }, problem);
            return model.State["attribute_vectors"].clone();
        }
        var (unit, normal) = (Drawn(RandomVectors.Unit), Drawn(RandomVectors.Normal));
        Assert.Equal([problem.Semantics.Attributes, 300], unit.shape);
        Assert.True(unit.norm(1).allclose(ones(unit.shape[0])));
        Assert.InRange(normal.norm(1).mean().item<float>(), Math.Sqrt(300) * 0.9, Math.Sqrt(300) * 1.1);
        Assert.True(nn.functional.normalize(normal, dim: 1).allclose(unit, 1e-5, 1e-6));
    }

    [Fact]
    public void ARandomUnitVectorIsTheDefault()
    {
        Assert.Equal(ZeroRowPolicy.RandomUnit, new CvscOptions().ZeroRows);
        AttentionOptions[] attention = [new DazleOptions(), new MsdnOptions(), new MsdnPlusPlusOptions()];
        Assert.All(attention, options => Assert.Equal(ZeroRowPolicy.RandomUnit, options.ZeroRows));
    }

    /// <summary>The attributes and word vectors of SUN as they are imported, on features of our own.</summary>
    private ZslProblem Sun()
    {
        var data = RealData.Folder();
        Xlsa17Importer.Import(new()
        {
            SplitsFile = Path.Combine(data, "xlsa17", "SUN", "att_splits.mat"),
            ImageListFile = Path.Combine(data, "sun", "ps_image_splits.csv"),
            AttributeNamesFile = Path.Combine(data, "sun", "attributes.txt"),
            WordVectorsFile = Path.Combine(data, "sun", "w2v_attribute_300d.csv"),
            Output = folder.File("sun"),
        }, null, TestContext.Current.CancellationToken);
        var sun = DatasetReader.Open(folder.File("sun"));
        Assert.Equal("man-made", sun.Attributes[ManMade].Name);
        return TinyProblem.Create(attributes: 102) with { Attributes = sun.Attributes, WordVectors = sun.WordVectors };
    }

    private static Tensor Vectors(ZslProblem problem, ZeroRowPolicy policy, int seed)
    {
        manual_seed(seed);
        return AttributeVectors.Create(problem, policy);
    }

    private static double Length(Tensor vectors, int row) => vectors[row].norm().item<float>();
}
