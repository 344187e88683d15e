using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Unseen.Data;
using Unseen.Evaluation;
using Unseen.Experiments.Configuration;
using Unseen.Models;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>The whole configuration of a run: what config.yaml holds and what `unseen config print` shows.</summary>
public sealed record ExperimentConfig
{
    /// <summary>Dataset folder.</summary>
    public string? Dataset { get; init; }

    /// <summary>Feature stores; several are joined by file name. None for a method that trains its vision encoder along.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Grid to average the regions to, for example 7x7; null for the smallest grid of the stores.</summary>
    public string? Grid { get; init; }

    /// <summary>Weight of each feature store in the joined regions, above 0, for example [0.5, 1]; empty for equal weights.</summary>
    public IReadOnlyList<double> FeatureWeights { get; init; } = [];

    /// <summary>Name of other class semantics (semantics/NAME.csv); null for the attributes.</summary>
    public string? Semantics { get; init; }

    /// <summary>Method of the catalog (unseen methods).</summary>
    [Required] public string Method { get; init; } = "cvsc";

    /// <summary>Preset of the method; null for its first.</summary>
    public string? Preset { get; init; }

    /// <summary>Options of the method.</summary>
    public required MethodOptions Options { get; init; }

    /// <summary>Training settings; null keeps the method's recipe.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>clean or published.</summary>
    public EvaluationProtocol Protocol { get; init; }

    /// <summary>Seeds, one run each.</summary>
    [MinLength(1, ErrorMessage = "{0} must name at least one seed.")] public IReadOnlyList<int> Seeds { get; init; } = [1];

    /// <summary>Number format of the large products: f32 or bf16.</summary>
    public Precision Precision { get; init; }

    /// <summary>True: gradient methods choose on every validation column, not only on the first.</summary>
    public bool AllFolds { get; init; }

    /// <summary>Also writes TensorBoard event files.</summary>
    public bool TensorBoard { get; init; }

    /// <summary>Run folder.</summary>
    public string? Output { get; init; }

    /// <summary>Opens the dataset with its features, or with its pictures when the method reads these.</summary>
    /// <exception cref="ConfigurationException">Dataset or features are not named, or features that the method would not read.</exception>
    public ZslDataset OpenDataset()
    {
        if (Dataset is null) throw new ConfigurationException(["No dataset given: use --dataset or the key 'dataset'."]);
        if (Options.Pictures() is not { } pictures)
            return ZslDataset.Open(Dataset, Semantics, Grid is null ? null : Unseen.Features.FeatureGrid.Parse(Grid), FeatureWeights, Features);
        if (Features.Count > 0 || Grid is not null || FeatureWeights.Count > 0)
            throw new ConfigurationException([$"Method '{Method}' with options.vision trains its vision encoder ({pictures.Encoder}) on the pictures, so "
                + "features, grid and featureWeights have no meaning. Leave out --features, or set options.vision=features."]);
        return ZslDataset.OpenPictures(Dataset, pictures.Preprocessing, Semantics);
    }

    /// <summary>How the run of this configuration is done; the caller adds what is no configuration: resuming, progress, cancelling.</summary>
    /// <param name="output">Run folder to write.</param>
    public RunOptions RunTo(string output) => new()
    {
        Seeds = Seeds,
        Protocol = Protocol,
        Training = Training,
        Precision = Precision,
        AllFolds = AllFolds,
        TensorBoard = TensorBoard,
        Output = output,
    };

    /// <summary>SHA-256 of what decides the figures beside data, machine and seed, lower-case hexadecimal. Paths of weights among the options count.</summary>
    internal string Fingerprint()
    {
        var deciding = this with { Dataset = null, Features = [], Seeds = [0], TensorBoard = false, Output = null };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ConfigWriter.Write(deciding, comments: false))));
    }

    /// <summary>The configuration of a run that is called from code, complete.</summary>
    internal static ExperimentConfig Of(MethodOptions options, ZslDataset dataset, RunOptions run)
    {
        var method = MethodCatalog.Of(options);
        return new ExperimentConfig
        {
            Dataset = dataset.Folder.Path,
            Features = [.. dataset.Stores.Select(s => Path.GetFullPath(s.Path))],
            Grid = dataset.Source.Grid?.ToString(),
            FeatureWeights = dataset.Weights,
            Semantics = dataset.SemanticsName,
            Method = method.Id,
            Preset = method.Presets.FirstOrDefault(p => OptionsDifference.Find(p.Options, options).Count == 0)?.Name,
            Options = options,
            Training = method.Recipe is { } recipe ? run.Training.Over(recipe).ToOptions() : new(),
            Protocol = run.Protocol,
            Seeds = run.AllSeeds,
            Precision = run.Precision,
            AllFolds = run.AllFolds,
            TensorBoard = run.TensorBoard,
        };
    }
}
