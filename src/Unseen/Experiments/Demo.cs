using Unseen.Data;
using Unseen.Features;
using Unseen.Models;
using Unseen.Models.Cvsc;
using Unseen.Reports;
using Unseen.Synthetic;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>
/// The whole way on drawn birds, without any download: render a dataset, learn a backbone on its seen classes, extract features, train,
/// evaluate, explain.
/// </summary>
public sealed class Demo
{
    private const string Introduction =
        "Birds drawn by the program itself: 30 species with pictures to learn from, and 10 that nobody pictured, known only by a table of " +
        "attributes. A demonstration and a test bench; claims about quality are made on real data.";

    /// <summary>The pictures are few and small: more epochs in larger steps than on photographs. Chosen on validation classes.</summary>
    private static readonly TrainingOptions Training = new() { Epochs = 100, BatchSize = 50, LearningRate = 0.005 };

    private readonly DemoOptions options;
    private readonly IProgress<ProgressUpdate>? progress;
    private readonly CancellationToken cancellation;

    private Demo(DemoOptions options, IProgress<ProgressUpdate>? progress, CancellationToken cancellation) =>
        (this.options, this.progress, this.cancellation) = (options, progress, cancellation);

    /// <summary>Runs the demonstration and writes report.json, report.html and everything on the way to them.</summary>
    /// <returns>One report per method; CVsC without its causal terms, and the runs on spurious data, stand under its variants.</returns>
    /// <exception cref="ConfigurationException">The folder is not empty.</exception>
    /// <exception cref="UnknownNameException">Unknown method.</exception>
    public static IReadOnlyList<ZslReport> Run(
        DemoOptions options, IProgress<ProgressUpdate>? progress = null, CancellationToken cancellation = default)
    {
        foreach (var method in options.Methods) MethodCatalog.Find(method);
        if (Directory.Exists(options.Output) && Directory.EnumerateFileSystemEntries(options.Output).Any() && !options.Force)
            throw new ConfigurationException([$"{options.Output} is not empty. Use --force to replace it, or another --out."]);
        return new Demo(options, progress, cancellation).Run();
    }

    private List<ZslReport> Run()
    {
        using var dataset = Prepare("", spurious: 0);
        var reports = options.Methods.Select(id => Train(dataset, MethodCatalog.Find(id).Preset(null).Options, id)).ToList();
        var page = new HtmlReportModel(AddVariants(dataset, reports))
        {
            Title = "Unseen: the demonstration",
            Introduction = Introduction,
            Gallery = DemoGallery.Draw(dataset, At("runs", options.Methods[0], "model"), cancellation),
        };
        HtmlReport.Write(At("report.html"), page);
        ZslReport.WriteAll(At("report.json"), page.Reports);
        return [.. page.Reports];
    }

    /// <summary>CVsC without its causal terms, on the same data and, when asked for, both on spurious data.</summary>
    private List<ZslReport> AddVariants(ZslDataset dataset, List<ZslReport> reports)
    {
        var index = reports.FindIndex(r => r.Method == "cvsc");
        if (index < 0) return reports;
        var full = (CvscOptions)MethodCatalog.Find("cvsc").Preset(null).Options;
        var plain = full with { CclWeight = 0, SciWeight = 0, TciWeight = 0 };
        var variants = new List<ZslReport> { Variant(dataset, plain, "without causal terms") };
        if (options.SpuriousCoOccurrence > 0)
        {
            using var spurious = Prepare("spurious-", options.SpuriousCoOccurrence);
            variants.Add(Variant(spurious, full, "spurious data"));
            variants.Add(Variant(spurious, plain, "spurious data, without causal terms"));
        }
        reports[index] = reports[index] with { Variants = variants };
        return reports;
    }

    private ZslDataset Prepare(string prefix, double spurious)
    {
        var (folder, store) = (At($"{prefix}dataset"), At($"{prefix}features.safetensors"));
        var rendered = SketchBirds.Render(
            new SketchBirdsOptions { Seed = options.Seed, SpuriousCoOccurrence = spurious }, folder, progress, cancellation);
        using var backbone = SketchBackbone.Train(
            rendered, new SketchBackboneOptions { Seed = options.Seed }, At($"{prefix}backbone.safetensors"), progress, cancellation);
        FeatureExtractor.Run(backbone, new ExtractionOptions { Images = ImageSource.Of(rendered), Output = store, Force = true }, progress, cancellation);
        return ZslDataset.Open(folder, features: store);
    }

    private ZslReport Variant(ZslDataset dataset, CvscOptions method, string name) =>
        Train(dataset, method, $"cvsc-{name.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-')}") with { Variant = name };

    private ZslReport Train(ZslDataset dataset, MethodOptions method, string name) => Experiment.Run(method, dataset, new RunOptions
    {
        Seed = options.Seed,
        Training = MethodCatalog.Of(method).Recipe is null ? new() : Training,
        Output = At("runs", name),
        Force = options.Force,
        Progress = progress,
        Cancellation = cancellation,
    }).Report;

    private string At(params ReadOnlySpan<string> names) => Path.Combine([options.Output, .. names]);
}
