using Unseen.Data;
using Unseen.Data.Formats;
using Unseen.Data.Import;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Import;

public sealed class SemanticsImporterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string dataset;

    public SemanticsImporterTests() => dataset = MiniDataset.Create(folder.File("dataset"), seen: 2, unseen: 1, attributes: 2, imagesPerClass: 2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_graph_gives_what_is_one_step_away()
    {
        Graph();
        var result = SemanticsImporter.ImportGraph(Target(), Options());
        Assert.Equal((3, 3, 4), (result.Classes, result.Width, result.Facts));
        Assert.Equal(["class,v0,v1,v2", "seen-00,1,1,0", "seen-01,0,1,0", "unseen-00,0,0,1"], Lines("semantics/kg.csv"));
        Assert.Equal(["class,relation,value", "seen-00,hasPart,four legs", "seen-00,lives,water", "seen-01,lives,water",
            "unseen-00,subClassOf,thing"], Lines("relations.csv"));
        var read = DatasetReader.Open(dataset);
        Assert.Equal(3, read.OtherSemantics["kg"].Attributes);
        Assert.Equal(4, read.Relations.Count);
    }

    [Fact]
    public void Two_steps_reach_what_is_behind_and_relations_may_be_left_out()
    {
        Graph();
        SemanticsImporter.ImportGraph(Target(), Options() with { Hops = 2, SkipRelations = ["lives"] });
        Assert.Equal(["class,v0", "seen-00,1", "seen-01,0", "unseen-00,0"], Lines("semantics/kg.csv"));
        Assert.Equal(["class,relation,value", "seen-00,subClassOf,leg"], Lines("relations.csv"));
        var wrong = Assert.Throws<UnknownNameException>(() => SemanticsImporter.ImportGraph(Target() with { Force = true },
            Options() with { SkipRelations = ["live"] }));
        Assert.Equal("Unknown relation 'live'. Did you mean 'lives'? Known: hasPart, lives, subClassOf.", wrong.Message);
    }

    [Fact]
    public void Classes_that_are_missing_or_ambiguous_are_all_named()
    {
        Graph("n:1\tlabel\tSeen_00\nn:2\tlabel\tseen 00\nn:3\tlabel\tunseen 0\n");
        var wrong = Assert.Throws<ConfigurationException>(() => SemanticsImporter.ImportGraph(Target(), Options()));
        Assert.Equal(["Class 'seen-00' may be any of these entities of the graph: n:1, n:2. Take the wrong ones out of the labels.",
            "Class 'seen-01' is not in the graph: no entity is called so. The nearest name is 'seen 00'.",
            "Class 'unseen-00' is not in the graph: no entity is called so. The nearest name is 'unseen 0'."], wrong.Errors);
        Assert.False(File.Exists(Path.Combine(dataset, "semantics", "kg.csv")));
    }

    [Fact]
    public void What_is_there_stays_without_force_and_bad_input_is_refused()
    {
        Graph();
        SemanticsImporter.ImportGraph(Target(), Options());
        var again = Assert.Throws<DatasetFormatException>(() => SemanticsImporter.ImportGraph(Target(), Options()));
        Assert.Equal($"{Path.Combine(dataset, "semantics", "kg.csv")}: the file exists already. Choose another name, or replace it with " +
            "--force.", again.Message);
        Assert.Equal($"{Path.Combine(dataset, "relations.csv")}: the file exists already. Choose another name, or replace it with --force.",
            Assert.Throws<DatasetFormatException>(() => SemanticsImporter.ImportGraph(Target() with { Name = "kg2" }, Options())).Message);
        SemanticsImporter.ImportGraph(Target() with { Force = true }, Options());
        Assert.Throws<ConfigurationException>(() => SemanticsImporter.ImportGraph(Target() with { Name = "../kg" }, Options()));
        folder.File("triples.txt", "n:1 hasPart n:leg\n");
        Assert.EndsWith("line 1 must have three texts separated by tabs, found 'n:1 hasPart n:leg'.", Assert.Throws<DatasetFormatException>(
            () => SemanticsImporter.ImportGraph(Target() with { Force = true }, Options())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vectors_are_brought_into_the_order_of_the_classes()
    {
        Mat5Writer.Write(folder.File("v.mat"), [new("embeddings", new Mat5Numbers([4, 2], [1.0, 2, 3, 4, 5, 6, 7, 8]))]);
        folder.File("names.txt", "unseen-00\nother\nseen-01\nseen-00\n");
        var options = new VectorSemanticsOptions { File = folder.File("v.mat"), ClassNamesFile = folder.File("names.txt") };
        SemanticsImporter.ImportVectors(Target(), options);
        Assert.Equal(["class,v0,v1", "seen-00,4,8", "seen-01,3,7", "unseen-00,1,5"], Lines("semantics/kg.csv"));
        Mat5Writer.Write(folder.File("v.mat"), [new("att", new Mat5Numbers([2, 4], [1.0, 5, 2, 6, 3, 7, 4, 8])),
            new("allclasses_names", new Mat5Cell(["unseen-00", "other", "seen-01", "seen-00"]))]);
        SemanticsImporter.ImportVectors(Target() with { Name = "turned" }, new() { File = folder.File("v.mat") });
        Assert.Equal(Lines("semantics/kg.csv"), Lines("semantics/turned.csv"));
        folder.File("v.csv", "1,5\n2,6\n3,7\n4,8\n");
        SemanticsImporter.ImportVectors(Target() with { Name = "text" }, options with { File = folder.File("v.csv") });
        Assert.Equal(Lines("semantics/kg.csv"), Lines("semantics/text.csv"));
    }

    [Fact]
    public void Vectors_whose_classes_are_unknown_are_never_guessed()
    {
        folder.File("v.csv", "1,5\n2,6\n3,7\n");
        Assert.Equal([$"{folder.File("v.csv")} does not say which class each vector belongs to. Give class names: a text " +
            "file with a name per line, or a .mat file with allclasses_names such as att_splits.mat."],
            Assert.Throws<ConfigurationException>(() => SemanticsImporter.ImportVectors(Target(), new() { File = folder.File("v.csv") })).Errors);
        folder.File("names.txt", "seen-00\nseen-00\nunseen-00\n");
        var options = new VectorSemanticsOptions { File = folder.File("v.csv"), ClassNamesFile = folder.File("names.txt") };
        Assert.EndsWith("class 'seen-00' of the dataset must be named once, found 2 times.", Refused(options), StringComparison.Ordinal);
        folder.File("names.txt", "seen-00\nseen-01\n");
        Assert.EndsWith("expected a vector for each of the 2 class names, found 3.", Refused(options), StringComparison.Ordinal);
    }

    [Fact]
    public void Awa2_gets_its_real_graphs()
    {
        var data = RealData.Folder();
        var awa2 = folder.File("awa2");
        var splits = Path.Combine(data, "xlsa17", "AWA2", "att_splits.mat");
        var list = Path.Combine(data, "awa2", "ps_image_splits.csv");
        Xlsa17Importer.Import(new() { SplitsFile = splits, ImageListFile = list, Output = awa2 }, null, Token);
        var triples = Path.Combine(data, "kg", "triples");
        var target = new SemanticsTarget(awa2, "kg");
        var result = SemanticsImporter.ImportGraph(target, new()
        {
            Triples = [Path.Combine(triples, "class_attribute_triples.txt"), Path.Combine(triples, "class_hierarchy_triples.txt")],
            LabelsFile = Path.Combine(triples, "literals.txt"),
        });
        Assert.Equal((50, 117), (result.Classes, result.Width));
        var read = DatasetReader.Open(awa2);
        var zebra = read.Relations.Where(r => read.Classes[r.Class].Name == "zebra").Select(r => (r.Relation, r.Value)).ToList();
        Assert.Contains("stripes", zebra.Select(z => z.Value));
        Assert.Contains(("hasHabitat", "plains"), zebra);
        Assert.All(read.Classes.Index(), c => Assert.Contains(read.Relations, r => r.Class == c.Index));
        var onto = SemanticsImporter.ImportGraph(target with { Name = "onto", Force = true }, new()
        {
            Triples = [Path.Combine(data, "kg", "OntoZSL_AwA2", "onto_file", "all_triples_names.txt")],
        });
        Assert.Equal((50, 99), (onto.Classes, onto.Width));
        foreach (var (file, width) in new[]
            { ("kg/OntoZSL_AwA2/onto_file/embeddings/o2v-awa.mat", 200), ("duet/data/AWA2/TransE_65000.mat", 100) })
        {
            var vectors = SemanticsImporter.ImportVectors(target with { Name = $"w{width}" },
                new() { File = Path.Combine(data, file), ClassNamesFile = splits });
            Assert.Equal((50, width), (vectors.Classes, vectors.Width));
            Assert.Equal("tiger", Nearest(DatasetReader.Open(awa2), $"w{width}", "leopard", ["tiger", "blue+whale", "horse", "rat"]));
        }
    }

    [Fact]
    public void Cub_127_gets_its_sentence_embeddings()
    {
        var data = RealData.Folder();
        var copy = folder.File("cub127");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(data, "cub127"))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Assert.Equal((127, 1024), Imported(copy, "list", Path.Combine(data, "cub", "reed_sentence_1024d.csv"),
            Path.Combine(data, "cub", "xlsa17_allclasses_names.txt")));
        Assert.Equal((127, 1024), Imported(copy, "mat", Path.Combine(data, "xlsa17", "CUB", "sent_splits.mat"), null));
        var read = DatasetReader.Open(copy);
        Assert.All(read.OtherSemantics["mat"].Values.Cast<float>().Zip(read.OtherSemantics["list"].Values.Cast<float>()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static (int Classes, int Width) Imported(string path, string name, string file, string? names)
    {
        var result = SemanticsImporter.ImportVectors(new(path, name), new() { File = file, ClassNamesFile = names });
        return (result.Classes, result.Width);
    }

    private static string Nearest(DatasetFolder read, string name, string to, string[] among)
    {
        var values = read.OtherSemantics[name].Values;
        int Row(string c) => read.Classes.Index().Single(e => e.Item.Name == c).Index;
        double Distance(int a, int b) => Enumerable.Range(0, values.GetLength(1)).Sum(i => Math.Pow(values[a, i] - values[b, i], 2));
        return among.MinBy(c => Distance(Row(c), Row(to)))!;
    }

    private void Graph(string? labels = null)
    {
        folder.File("triples.txt", "n:1\tns:hasPart\tn:legs\nn:legs\tsubClassOf\tn:leg\nn:1\tlives\tn:water\nn:2\tlives\tn:water\n" +
            "n:3\tsubClassOf\tn:thing\n");
        folder.File("labels.txt", labels ?? "n:1\tlabel\tSeen_00, other\nn:2\tlabel\tmain, seen 01\nn:3\tlabel\tunseen-00\n" +
            "n:legs\tlabel\tfour legs\n");
    }

    private SemanticsTarget Target() => new(dataset, "kg");

    private GraphSemanticsOptions Options() => new() { Triples = [folder.File("triples.txt")], LabelsFile = folder.File("labels.txt") };

    private string[] Lines(string file) => ImportFiles.Lines(dataset, file);

    private string Refused(VectorSemanticsOptions options) =>
        Assert.Throws<DatasetFormatException>(() => SemanticsImporter.ImportVectors(Target(), options)).Message;
}
