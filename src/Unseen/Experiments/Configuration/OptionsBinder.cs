using System.Reflection;

namespace Unseen.Experiments.Configuration;

/// <summary>
/// Turns a configuration into options records: camelCase keys onto public init properties, by reflection. Unknown and repeated keys,
/// values of a wrong type and broken rules are all reported together, with file and line, as one <see cref="ConfigurationException"/>.
/// </summary>
public static class OptionsBinder
{
    /// <summary>Binds the configuration onto a copy of the defaults.</summary>
    /// <param name="document">The configuration.</param>
    /// <param name="defaults">
    /// Values of the keys that are not written; a new <typeparamref name="T"/> when null. A property declared with an abstract type takes
    /// the type of its default value: the caller looks at <see cref="ConfigDocument.Text"/> first and puts the fitting record there.
    /// </param>
    /// <exception cref="ConfigurationException">Every problem found.</exception>
    public static T Bind<T>(ConfigDocument document, T? defaults = null) where T : class
    {
        var binding = new OptionsBinding(document.Problems);
        var bound = (T)binding.Record(document.Root, defaults ?? Activator.CreateInstance<T>(), "");
        var broken = OptionsValidator.Problems(bound, binding.Failed).Select(p => new ConfigProblem(document.Locate(p.Path), p.Message));
        ConfigProblem.ThrowIfAny([.. binding.Problems, .. broken]);
        return bound;
    }
}

/// <summary>One pass of the binder: collects problems and the paths that could not be bound.</summary>
internal sealed class OptionsBinding(IEnumerable<ConfigProblem> problems)
{
    private static readonly MethodInfo MemberwiseCopy = typeof(object)
        .GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;

    public List<ConfigProblem> Problems { get; } = [.. problems];

    public HashSet<string> Failed { get; } = [];

    /// <summary>A copy of the defaults with every key of the mapping applied.</summary>
    public object Record(ConfigMapping mapping, object defaults, string path)
    {
        var options = MemberwiseCopy.Invoke(defaults, null)!;
        var properties = OptionProperty.Of(options.GetType());
        foreach (var entry in mapping.Entries)
        {
            if (properties.FirstOrDefault(p => p.Key == entry.Key) is { } property) Apply(options, property, entry.Value, path);
            else Add(entry.Location, UnknownKey(entry.Key, path, properties));
        }
        return options;
    }

    private void Apply(object options, OptionProperty property, ConfigNode node, string path)
    {
        var inner = OptionProperty.Join(path, property.Key);
        if (node is ConfigScalar { Text: null } && property.Nullable)
            property.Set(options, null);
        else if (Value(node, property.Property.PropertyType, property.Get(options), inner) is { } value)
            property.Set(options, value);
    }

    private object? Value(ConfigNode node, Type declared, object? current, string path)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (OptionProperty.ElementType(type) is { } element) return List(node, type, element, path);
        if (OptionProperty.IsOptions(type)) return Options(node, type, current, path);
        if (node is ConfigScalar { Text: { } text } && ScalarText.Read(text, type) is { } value) return value;
        return Mistake(node, path, ScalarText.Expectation(type));
    }

    private object? Options(ConfigNode node, Type type, object? current, string path)
    {
        var concrete = current?.GetType() ?? type;
        if (node is not ConfigMapping mapping) return Mistake(node, path, "a mapping of keys");
        if (concrete.IsAbstract || concrete == typeof(object)) return Mistake(node, path, "left out here");
        return Record(mapping, current ?? Activator.CreateInstance(concrete)!, path);
    }

    private object? List(ConfigNode node, Type type, Type element, string path)
    {
        if (node is not ConfigSequence sequence) return Mistake(node, path, $"a list such as {Example(element)}");
        var items = sequence.Items.Select((item, i) => Value(item, element, null, $"{path}[{i}]")).ToList();
        if (items.Contains(null)) return null;
        var array = Array.CreateInstance(element, items.Count);
        for (var i = 0; i < items.Count; i++) array.SetValue(items[i], i);
        return type.IsAssignableFrom(array.GetType()) ? array : Activator.CreateInstance(type, array);
    }

    private object? Mistake(ConfigNode node, string path, string expected)
    {
        Failed.Add(path);
        Add(node.Location, $"{path} must be {expected}, found {node.Kind}.");
        return null;
    }

    private void Add(SourceLocation location, string message) => Problems.Add(new(location, message));

    private static string UnknownKey(string key, string path, IReadOnlyList<OptionProperty> properties) =>
        NearestName.Unknown(path.Length == 0 ? "key" : $"key of {path}", key, properties.Select(p => p.Key));

    private static string Example(Type element) =>
        element == typeof(string) ? "[a, b]" : element.IsPrimitive && element != typeof(bool) ? "[1, 2]" : "[…, …]";
}
