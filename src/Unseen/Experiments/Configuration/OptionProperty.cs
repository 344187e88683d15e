using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace Unseen.Experiments.Configuration;

/// <summary>A settable property of an options record, as the configuration sees it.</summary>
internal sealed class OptionProperty
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<OptionProperty>> Known = new();

    private OptionProperty(PropertyInfo property)
    {
        Property = property;
        Key = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        Rules = [.. property.GetCustomAttributes<ValidationAttribute>(inherit: true)];
        Nullable = System.Nullable.GetUnderlyingType(property.PropertyType) is not null
            || (!property.PropertyType.IsValueType && MayBeNull(property));
    }

    public PropertyInfo Property { get; }

    public string Key { get; }

    public bool Nullable { get; }

    public IReadOnlyList<ValidationAttribute> Rules { get; }

    public object? Get(object options) => Property.GetValue(options);

    public void Set(object options, object? value) => Property.SetValue(options, value);

    /// <summary>The public properties with a setter, in the order they are declared, those of base records first.</summary>
    public static IReadOnlyList<OptionProperty> Of(Type type) => Known.GetOrAdd(type, t =>
        [.. t.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
            .OrderBy(p => Depth(p.DeclaringType!)).ThenBy(p => p.MetadataToken)
            .Select(p => new OptionProperty(p))]);

    /// <summary>True for a record that has keys of its own, rather than a single value or a list.</summary>
    public static bool IsOptions(Type type) =>
        !type.IsValueType && type != typeof(string) && ElementType(type) is null
            && (type.IsAbstract || type == typeof(object) || Of(type).Count > 0);

    /// <summary>Element type of an array or list, or null.</summary>
    public static Type? ElementType(Type type)
    {
        if (type == typeof(string)) return null;
        if (type.IsArray) return type.GetElementType();
        return type.IsGenericType && type.IsAssignableFrom(typeof(List<>).MakeGenericType(type.GetGenericArguments()[0]))
            ? type.GetGenericArguments()[0] : null;
    }

    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static bool MayBeNull(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static int Depth(Type type) => type.BaseType is null ? 0 : 1 + Depth(type.BaseType);
}
