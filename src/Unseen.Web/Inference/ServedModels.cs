using System.Diagnostics.CodeAnalysis;
using Unseen.Classification;
using Unseen.Web.Http;

namespace Unseen.Web.Inference;

/// <summary>All models of the server.</summary>
internal sealed class ServedModels : IDisposable
{
    private readonly Dictionary<string, ServedModel> byName = new(StringComparer.Ordinal);

    private ServedModels(WantedPrecision precision) => Precision = precision;

    /// <summary>The number format of each.</summary>
    public WantedPrecision Precision { get; }

    /// <summary>The models in the order in which they were given; the first is the default.</summary>
    public List<ServedModel> All { get; } = [];

    /// <summary>Loads them.</summary>
    /// <exception cref="ConfigurationException">No model has the number format that is asked for.</exception>
    /// <exception cref="UnseenException">A folder holds no model that can be used.</exception>
    public static ServedModels Load(ServerOptions options, CancellationToken cancellation)
    {
        var models = new ServedModels(WantedPrecision.Of(options));
        try
        {
            foreach (var source in options.Models)
            {
                cancellation.ThrowIfCancellationRequested();
                models.Add(source, options);
            }
            return models;
        }
        catch
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>The model that a request asks for.</summary>
    /// <exception cref="ProblemException">404: there is none of this name.</exception>
    public ServedModel Find(string? name) => name is null ? All[0]
        : byName.TryGetValue(name, out var model) ? model
        : throw new ProblemException(404, $"There is no model '{Shown(name)}'. There are: {string.Join(", ", All.Select(m => m.Name))}.");

    public void Dispose() => All.ForEach(model => model.Dispose());

    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with the list.")]
    private void Add(ModelSource source, ServerOptions options)
    {
        var classifier = ZeroShotClassifier.Load(source.Path, new ClassifierOptions
        {
            Backbones = options.Backbones,
            MaximumPixels = options.MaximumPixels,
            Precision = Precision.For(source.Name),
            ThreadsPerImage = 1,
        });
        var model = new ServedModel(source.Name, classifier);
        All.Add(model);
        byName.Add(model.Name, model);
    }

    private static string Shown(string name) => string.Concat(name.Take(64).Select(c => char.IsControl(c) ? '?' : c));
}
