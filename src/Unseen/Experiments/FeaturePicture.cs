using Unseen.Data;
using Unseen.Explanation;
using Unseen.Models;
using Unseen.Reports;
using Unseen.Training;
using static TorchSharp.torch;

namespace Unseen.Experiments;

/// <summary>
/// Gathers a feature of each of some test images and takes them to a plane: attribute-based or refined ones. The mean over attributes of the attribute-based
/// F_k = Σ_r A_kr f_r is Σ_r (mean_k A_kr) f_r: no [attributes, visual] tensor is built, and regions are read one image at a time.
/// </summary>
internal sealed class FeaturePicture
{
    private const int MostClasses = 10, MostImages = 30, FewestImages = 3, Components = 2, ShareDecimals = 4, PlaceDecimals = 6;

    private readonly ZslProblem problem;
    private readonly IReadOnlyList<(int Class, int[] Rows)> chosen;   // rows of the evaluation images
    private readonly HashSet<int> wanted;
    private readonly Dictionary<int, float[]> features = [];          // of a row: [visual]

    /// <summary>Chooses images: at most 10 seen and 10 unseen classes and 30 images of each, evenly spread.</summary>
    public FeaturePicture(ZslProblem problem)
    {
        this.problem = problem;
        var rows = Enumerable.Range(0, problem.Evaluation.Count).ToLookup(row => problem.Evaluation.Labels[row]);
        chosen = [.. new[] { problem.SeenClasses, problem.UnseenClasses }
            .SelectMany(classes => Spread([.. classes.Where(rows.Contains)], MostClasses))
            .Select(id => (id, Spread([.. rows[id]], MostImages)))];
        wanted = [.. chosen.SelectMany(c => c.Rows)];
    }

    /// <summary>At most so many of the items, in order, evenly spread from the first on.</summary>
    public static int[] Spread(int[] items, int most)
    {
        var count = Math.Min(items.Length, most);
        return [.. Enumerable.Range(0, count).Select(i => items[(int)((long)i * items.Length / count)])];
    }

    /// <summary>Takes the refined features of a batch.</summary>
    /// <param name="refined">[batch, width].</param>
    /// <param name="start">Row of its first image.</param>
    public void AddRefined(Tensor refined, int start)
    {
        using var scope = NewDisposeScope();
        for (var i = 0; i < refined.shape[0]; i++)
            if (wanted.Contains(start + i)) features[start + i] = refined[i].contiguous().data<float>().ToArray();
    }

    /// <summary>Takes the attribute-based features of a batch.</summary>
    /// <param name="attention">Attention [batch, attributes, regions], rows sum to 1.</param>
    /// <param name="start">Row of its first image.</param>
    public void Add(Tensor attention, int start)
    {
        Shape.Require(attention, nameof(attention), -1, -1, problem.Features.Regions);
        using var scope = NewDisposeScope();
        var weights = attention.mean([1L]);                           // [batch, regions]
        for (var i = 0; i < weights.shape[0]; i++)
            if (wanted.Contains(start + i)) features[start + i] = Feature(start + i, weights.narrow(0, i, 1));
    }

    private float[] Feature(int row, Tensor weights)
    {
        using var image = FeatureBatches.Gather(
            problem.Features, FeatureKind.Regions, [problem.Evaluation.Images[row]], [problem.Evaluation.Labels[row]]);
        return weights.mm(image.Features[0].cpu()).data<float>().ToArray();   // [1, regions] times [regions, visual]
    }

    /// <summary>The images in the plane of their two principal components; null without features or with fewer than 3 images.</summary>
    public ReportFeaturePicture? Report()
    {
        if (features.Count < FewestImages) return null;
        using var scope = NewDisposeScope();
        var rows = chosen.SelectMany(c => c.Rows).ToArray();
        var values = tensor(rows.SelectMany(row => features[row]).ToArray()).reshape(rows.Length, -1);   // [images, visual]
        var components = PrincipalComponents.Compute(values, Components);
        var classes = new List<ReportPlacedClass>();
        var end = 0;
        foreach (var (id, images) in chosen)
        {
            var range = end..(end += images.Length);
            classes.Add(new(problem.Semantics.ClassNames[id], problem.SeenClass[id],
                Rounded(components.Places[0][range]), Rounded(components.Places[1][range])));
        }
        return new ReportFeaturePicture([.. components.Shares.Select(share => Math.Round(share, ShareDecimals))], classes);
    }

    private static double[] Rounded(double[] places) => Array.ConvertAll(places, x => Math.Round(x, PlaceDecimals));
}
