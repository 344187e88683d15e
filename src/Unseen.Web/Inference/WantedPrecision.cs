using Unseen.Classification;
using Unseen.Experiments;

namespace Unseen.Web.Inference;

/// <summary>The number format that is asked for, and the models whose method has no use for it: they stay as they were trained.</summary>
/// <param name="Wanted">Number format; null: as each was trained.</param>
/// <param name="Without">Method by name of the model.</param>
internal sealed record WantedPrecision(Precision? Wanted, IReadOnlyDictionary<string, string> Without)
{
    /// <summary>Looks at the models.</summary>
    /// <exception cref="ConfigurationException">None of them has it.</exception>
    /// <exception cref="UnseenException">A folder holds no model that can be used.</exception>
    public static WantedPrecision Of(ServerOptions options)
    {
        if (options.Precision is not { } wanted) return new(null, new Dictionary<string, string>());
        var methods = options.Models.ToDictionary(m => m.Name, m => ModelClasses.Open(m.Path).Record.Method, StringComparer.Ordinal);
        var without = methods.Where(m => Fault(m.Value, wanted) is not null).ToDictionary(StringComparer.Ordinal);
        return without.Count < methods.Count
            ? new(wanted, without)
            : throw new ConfigurationException([.. methods.Values.Distinct().Select(method => Fault(method, wanted)!)]);
    }

    /// <summary>The number format of a model; null: as it was trained.</summary>
    public Precision? For(string model) => Without.ContainsKey(model) ? null : Wanted;

    private static string? Fault(string method, Precision wanted) => MethodCatalog.Find(method).Fault(wanted);
}
