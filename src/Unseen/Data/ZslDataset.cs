using Unseen.Features;
using Unseen.Semantics;

namespace Unseen.Data;

/// <summary>
/// A dataset folder with the features of its images, or with its pictures: everything a method needs. Reads nothing ahead.
/// </summary>
public sealed class ZslDataset : IDisposable
{
    private const string NoFeatures = "No feature store given: name at least one with --features (unseen extract makes it). Only DUET does without: it "
        + "trains a vision encoder along with --set options.vision=mobilenet-v2 --set options.visionWeights=FILE.";

    private readonly StoredFeatures? features;

    private ZslDataset(DatasetFolder folder, ClassSemantics semantics, string semanticsName, IFeatureSource source) =>
        (Folder, Semantics, SemanticsName, Source, features) = (folder, semantics, semanticsName, source, source as StoredFeatures);

    /// <summary>Opens a dataset folder with one or more feature stores.</summary>
    /// <param name="path">Dataset folder.</param>
    /// <param name="semantics">Name of other class semantics (semantics/NAME.csv), or null for the attributes.</param>
    /// <param name="grid">Grid to average the regions to, or null for the smallest grid of the stores.</param>
    /// <param name="weights">Weight of each store's regions, above 0; null or empty for equal weights.</param>
    /// <param name="features">Feature stores; several are joined by file name.</param>
    /// <exception cref="DatasetFormatException">The dataset or a store is wrong, or they do not belong together.</exception>
    /// <exception cref="ConfigurationException">No store is given, or not one weight above 0 for each.</exception>
    public static ZslDataset Open(string path, string? semantics = null, FeatureGrid? grid = null, IReadOnlyList<double>? weights = null,
        params IReadOnlyList<string> features)
    {
        if (features.Count == 0) throw new ConfigurationException([NoFeatures]);
        var folder = DatasetReader.Open(path);
        var stores = new List<FeatureStore>();
        try
        {
            foreach (var file in features) stores.Add(FeatureStore.Open(file));
            return new ZslDataset(folder, FindSemantics(folder, semantics), semantics ?? "attributes", Join(folder, stores, grid, weights));
        }
        catch
        {
            stores.ForEach(store => store.Dispose());
            throw;
        }
    }

    /// <summary>Opens a dataset folder with its pictures, for methods that train their vision encoder along.</summary>
    /// <param name="path">Dataset folder.</param>
    /// <param name="preprocessing">How a picture becomes pixels; what the options of the method say (<c>options.Pictures()</c>).</param>
    /// <param name="semantics">Name of other class semantics (semantics/NAME.csv), or null for the attributes.</param>
    /// <param name="memory">Bytes of prepared pictures to remember (<see cref="PictureFeatures"/>).</param>
    /// <exception cref="DatasetFormatException">The dataset is wrong.</exception>
    /// <exception cref="ConfigurationException">The preprocessing is wrong.</exception>
    public static ZslDataset OpenPictures(
        string path, PreprocessingOptions preprocessing, string? semantics = null, long memory = PictureFeatures.DefaultMemory)
    {
        var folder = DatasetReader.Open(path);
        return new ZslDataset(folder, FindSemantics(folder, semantics), semantics ?? "attributes",
            new PictureFeatures([.. folder.Images.Select(folder.ImagePath)], preprocessing, memory));
    }

    /// <summary>What the dataset folder says.</summary>
    public DatasetFolder Folder { get; }

    /// <summary>The class semantics in use.</summary>
    public ClassSemantics Semantics { get; }

    /// <summary>"attributes" or the name of the other semantics.</summary>
    public string SemanticsName { get; }

    /// <summary>Where methods read: features, or pictures.</summary>
    public IFeatureSource Source { get; }

    /// <summary>Features of the images.</summary>
    /// <exception cref="InvalidOperationException">The dataset was opened with its pictures.</exception>
    public StoredFeatures Features => features ?? throw new InvalidOperationException("This dataset was opened with its pictures; it has no stored features.");

    /// <summary>The stores of the features; none when the dataset was opened with its pictures.</summary>
    public IReadOnlyList<FeatureStore> Stores => features?.Stores ?? [];

    /// <summary>Weights of the stores' regions as they were given; empty when they are equal.</summary>
    public IReadOnlyList<double> Weights => features?.Weights ?? [];

    /// <summary>The final problem: all classes, training on all of trainval, scoring both test sets.</summary>
    public ZslProblem TestProblem()
    {
        var evaluation = (int[])[.. Folder.ImagesOf(ImageSplit.TestSeen), .. Folder.ImagesOf(ImageSplit.TestUnseen)];
        return Problem([.. Enumerable.Range(0, Folder.Classes.Count)], c => Folder.Classes[c].Seen, Folder.ImagesOf(ImageSplit.Trainval), evaluation);
    }

    /// <summary>A validation problem: the seen classes only, some of which play the unseen ones.</summary>
    public ZslProblem ValidationProblem(ValidationSplit split)
    {
        var classes = split.TrainingClasses.Concat(split.ValidationClasses).Order().ToArray();
        var seen = split.TrainingClasses.ToHashSet();
        return Problem(classes, seen.Contains, split.Train, [.. split.ValidationSeen, .. split.ValidationUnseen]);
    }

    /// <summary>Images of the dataset under the class ids of <see cref="TestProblem"/>.</summary>
    public LabelledImages Label(int[] images) => new(images, Array.ConvertAll(images, i => Folder.Images[i].Class));

    private static StoredFeatures Join(DatasetFolder folder, List<FeatureStore> stores, FeatureGrid? grid, IReadOnlyList<double>? weights)
    {
        var pictures = folder.Images.Select(image => new ImageSource(image.File, folder.ImagePath(image))).ToArray();
        var lengths = Array.ConvertAll(pictures, picture => picture.ByteLength);
        stores.ForEach(store => store.RequireMatch(pictures, lengths));
        return new StoredFeatures(stores, folder.Images, grid, weights);
    }

    private ZslProblem Problem(int[] classes, Func<int, bool> seen, int[] train, int[] evaluation)
    {
        var idOf = classes.Index().ToDictionary(c => c.Item, c => c.Index);
        LabelledImages Labelled(int[] images) => new(images, Array.ConvertAll(images, i => idOf[Folder.Images[i].Class]));
        return new ZslProblem
        {
            Semantics = Semantics.Select(classes),
            SeenClass = Array.ConvertAll(classes, c => seen(c)),
            Attributes = Folder.Attributes,
            WordVectors = Semantics == Folder.ClassAttributes ? Folder.WordVectors : null,
            Facts = Semantics == Folder.ClassAttributes ? null : Facts().Select(classes),
            Features = Source,
            Train = Labelled(train),
            Evaluation = Labelled(evaluation),
        };
    }

    /// <summary>Relations of the dataset, or its attributes if it has none.</summary>
    private ClassFacts Facts()
    {
        if (Folder.Relations.Count > 0) return ClassFacts.OfRelations(Folder.Relations, Folder.Classes.Count);
        return ClassFacts.OfAttributes(Folder.Attributes, Folder.ClassAttributes.UnitValues()) with { WordVectors = Folder.WordVectors };
    }

    private static ClassSemantics FindSemantics(DatasetFolder folder, string? name) => name switch
    {
        null or "attributes" => folder.ClassAttributes,
        _ when folder.OtherSemantics.TryGetValue(name, out var other) => other,
        _ => throw new UnknownNameException("semantics", name, ["attributes", .. folder.OtherSemantics.Keys]),
    };

    /// <inheritdoc/>
    public void Dispose() => features?.Dispose();
}
