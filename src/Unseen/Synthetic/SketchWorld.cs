using Unseen.Data;
using Unseen.Semantics;

namespace Unseen.Synthetic;

/// <summary>The species of one set of options and the tables that describe them; the parts are known after drawing.</summary>
internal sealed class SketchWorld
{
    private const int Folds = 3;

    /// <summary>Invents the world.</summary>
    public SketchWorld(SketchBirdsOptions options)
    {
        Options = options;
        Species = SketchSpeciesGenerator.Invent(options);
        var test = Math.Clamp((int)Math.Round(options.TestSeenShare * options.ImagesPerClass), 1, options.ImagesPerClass - 1);
        var trainval = options.ImagesPerClass - test;
        Pictures = [.. Species.SelectMany((_, s) => Enumerable.Range(0, options.ImagesPerClass).Select(i => (s, i)))];
        Images = [.. Pictures.Select(p => new ImageEntry(
            FileName(Species[p.Species].Name, p.Image), p.Species, SplitOf(p.Species, p.Image, trainval)))];
    }

    /// <summary>What the world was made from.</summary>
    public SketchBirdsOptions Options { get; }

    /// <summary>Species, the seen ones first; an index is a class id.</summary>
    public SketchSpecies[] Species { get; }

    /// <summary>Species and running number of every picture, in the order of images.csv.</summary>
    public (int Species, int Image)[] Pictures { get; }

    /// <summary>Rows of images.csv.</summary>
    public ImageEntry[] Images { get; }

    /// <summary>Everything the dataset folder will say.</summary>
    public DatasetFolder Describe(string path, IReadOnlyList<PartEntry> parts) => new()
    {
        Path = path,
        Name = "SketchBirds",
        Description = $"{Options.SeenSpecies} seen and {Options.UnseenSpecies} unseen invented bird species, seed {Options.Seed}",
        Licence = "public domain",
        Source = "drawn by the program",
        ImagesPath = Path.Combine(path, "images"),
        Classes = ClassTable(),
        ValidationFolds = ["validation", "validation2", "validation3"],
        Attributes = SketchAttributes.Table,
        ClassAttributes = ClassAttributes(),
        Images = Images,
        WordVectors = SketchWordVectors.Of(Options),
        Parts = parts,
    };

    /// <summary>Each seen class plays an unseen one in exactly one fold.</summary>
    private ClassEntry[] ClassTable()
    {
        var order = SketchRandom.For(Options.Seed, "folds").Shuffle([.. Enumerable.Range(0, Options.SeenSpecies)]);
        return [.. Species.Select((s, i) => new ClassEntry(
            s.Name, s.Seen, [.. Enumerable.Range(0, Folds).Select(fold => s.Seen && Array.IndexOf(order, i) % Folds == fold)]))];
    }

    private ClassSemantics ClassAttributes()
    {
        var values = new float[Species.Length, SketchAttributes.Table.Count];
        for (var s = 0; s < Species.Length; s++)
            for (var g = 0; g < SketchAttributes.Groups.Length; g++)
                for (var v = 0; v < SketchAttributes.Groups[g].Values.Length; v++)
                {
                    var frequency = Species[s].Frequency(g, v, Options.AbsentAttributeRate);
                    values[s, SketchAttributes.Column(g, v)] = (float)Math.Round(frequency, 4);
                }
        return new([.. Species.Select(s => s.Name)], [.. SketchAttributes.Table.Select(a => a.Name)], values, AttributeScale.Unit);
    }

    private ImageSplit SplitOf(int species, int image, int trainval) =>
        !Species[species].Seen ? ImageSplit.TestUnseen : image < trainval ? ImageSplit.Trainval : ImageSplit.TestSeen;

    private static string FileName(string species, int image)
    {
        var name = species.Replace(' ', '_');
        return FormattableString.Invariant($"{name}/{name}_{image:0000}.png");
    }
}
