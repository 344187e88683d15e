// Writes the API reference, one Markdown page per namespace, from the library and its XML documentation.
//
//   dotnet run -c Release eng/api.cs [-- FOLDER]      artifacts/api unless told otherwise
#:project ../src/Unseen/Unseen.csproj
#:property PublishAot=false

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Unseen;

var folder = args is [var given] ? given : Path.Combine("artifacts", "api");
var library = typeof(UnseenException).Assembly;
var documentation = XDocument.Load(Path.ChangeExtension(library.Location, ".xml")).Descendants("member").ToDictionary(m => (string)m.Attribute("name")!);
var pages = library.GetExportedTypes().Where(t => t.BaseType != typeof(MulticastDelegate)).GroupBy(t => t.Namespace!).OrderBy(g => g.Key, StringComparer.Ordinal).ToList();

Directory.CreateDirectory(folder);
foreach (var page in pages)
    File.WriteAllText(Path.Combine(folder, $"{page.Key}.md"), $"# {page.Key}\n" + string.Concat(page.OrderBy(Heading, StringComparer.Ordinal).Select(Describe)));
File.WriteAllText(Path.Combine(folder, "README.md"), "# API reference\n\nMade by `eng/api.cs` from the XML documentation.\n\n| namespace | types |\n| --- | --- |\n"
    + string.Concat(pages.Select(p => $"| [{p.Key}]({p.Key}.md) | {string.Join(", ", p.OrderBy(Heading, StringComparer.Ordinal).Select(t => $"[{Heading(t)}]({p.Key}.md{Anchor(t)})"))} |\n")));
Console.WriteLine($"{pages.Count} namespaces, {pages.Sum(p => p.Count())} types: {folder}");

// ---- pages

string Describe(Type type)
{
    var members = type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(m => m is not Type && documentation.ContainsKey(Id(m))).OrderBy(m => (Rank(m), m.Name, Id(m)));
    return $"\n## {Heading(type)}\n\n```csharp\n{Signature(type)}\n```\n\n{Text(documentation[$"T:{TypeId(type)}"])}" + string.Concat(members.Select(Member));
}

string Member(MemberInfo member) => $"\n```csharp\n{MemberSignature(member)}\n```\n\n{Text(documentation[Id(member)])}";

string Text(XElement member)
{
    var parts = new List<string> { Prose(member.Element("summary")) };
    if (member.Element("inheritdoc") is not null) parts.Add("As in the type that it implements.");
    if (member.Element("remarks") is { } remarks) parts.Add(Prose(remarks));
    var rows = member.Elements().Where(e => e.Name.LocalName is "param" or "typeparam").Select(e => $"* `{e.Attribute("name")!.Value}`: {Prose(e)}").ToList();
    if (member.Element("returns") is { } returns) rows.Add($"* returns {Prose(returns)}");
    rows.AddRange(member.Elements("exception").Select(e => $"* throws {Reference(e.Attribute("cref")!.Value)}: {Prose(e)}"));
    return string.Join("\n\n", parts.Append(string.Join('\n', rows)).Where(p => p.Length > 0)) + "\n";
}

string Prose(XElement? element) => element is null ? "" : Regex.Replace(string.Concat(element.Nodes().Select(Inline)), @"[ \t]*\n?[ \t\n]+", " ").Trim();

string Inline(XNode node) => node switch
{
    XText text => text.Value.Replace("<", "&lt;", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal),
    XElement { Name.LocalName: "see" or "seealso" } see when see.Attribute("cref") is { } target => Reference(target.Value),
    XElement { Name.LocalName: "see" } see => $"`{see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value}`",
    XElement { Name.LocalName: "paramref" or "typeparamref" } parameter => $"`{parameter.Attribute("name")!.Value}`",
    XElement { Name.LocalName: "c" or "code" } code => $"`{code.Value}`",
    XElement other => Prose(other) + " ",
    _ => "",
};

// A reference to something of ours is a link to its type; the compiler has checked that it exists.
string Reference(string id)
{
    var name = id[2..].Split('(')[0];
    var ours = library.GetExportedTypes().Where(t => name == TypeId(t) || name.StartsWith(TypeId(t) + ".", StringComparison.Ordinal)).MaxBy(t => TypeId(t).Length);
    var shown = ours is not null && name.Length > TypeId(ours).Length ? Heading(ours) + name[TypeId(ours).Length..] : ours is not null ? Heading(ours) : name.Split('.')[^1];
    shown = shown.Replace(".#ctor", "", StringComparison.Ordinal);
    return ours is null ? $"`{shown}`" : $"[`{shown}`]({ours.Namespace}.md{Anchor(ours)})";
}

string Heading(Type type) => type.IsNested ? $"{Heading(type.DeclaringType!)}.{type.Name.Split('`')[0]}" : type.Name.Split('`')[0];

string Anchor(Type type) => "#" + Heading(type).ToLowerInvariant().Replace(".", "", StringComparison.Ordinal);

int Rank(MemberInfo member) => member switch { ConstructorInfo => 0, FieldInfo => 1, PropertyInfo => 2, _ => 3 };

// ---- C# as it is written

string Signature(Type type)
{
    var record = type.GetMethod("<Clone>$") is not null;
    var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : record ? "record" : "class";
    var modifier = type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsInterface || type.IsValueType ? "" : type.IsSealed ? "sealed " : type.IsAbstract ? "abstract " : "";
    var bases = (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType ? [parent] : Type.EmptyTypes)
        .Concat(type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsPublic && !i.Name.StartsWith("IEquatable", StringComparison.Ordinal) && type.BaseType?.GetInterfaces().Contains(i) != true));
    var list = string.Join(", ", bases.Select(Name));
    return $"public {modifier}{kind} {Name(type)}{(list.Length > 0 ? " : " + list : "")}";
}

string MemberSignature(MemberInfo member) => member switch
{
    ConstructorInfo made => $"public {made.DeclaringType!.Name.Split('`')[0]}({Parameters(made)})",
    FieldInfo { DeclaringType.IsEnum: true } value => value.Name,
    FieldInfo field => $"public {(field.IsLiteral ? "const " : field.IsStatic ? "static readonly " : "readonly ")}{NameOf(field.FieldType, new NullabilityInfoContext().Create(field))} {field.Name}",
    PropertyInfo property => Property(property),
    MethodInfo method => $"public {Static(method)}{NameOf(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}{Generic(method)}({Parameters(method)})",
    EventInfo raised => $"public event {Name(raised.EventHandlerType!)} {raised.Name}",
    _ => member.Name,
};

string Property(PropertyInfo property)
{
    var (get, set) = (property.GetMethod is { IsPublic: true }, property.SetMethod is { IsPublic: true } setter ? setter : null);
    var writes = set is null ? "" : set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
    var required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "" : "required ";
    var index = property.GetIndexParameters();
    var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Parameter))}]";
    return $"public {Static(property.GetMethod ?? set!)}{required}{NameOf(property.PropertyType, new NullabilityInfoContext().Create(property))} {name} {{{(get ? " get;" : "")}{writes} }}";
}

string Static(MethodBase method) => method.IsStatic ? "static " : "";

string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

string Parameter(ParameterInfo parameter)
{
    var modifier = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : parameter.GetCustomAttribute<ParamArrayAttribute>() is not null ? "params " : "";
    var standard = !parameter.HasDefaultValue ? "" : parameter.RawDefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default" : " = null",
        bool truth => truth ? " = true" : " = false",
        string text => $" = \"{text}\"",
        var value when parameter.ParameterType.IsEnum => $" = {parameter.ParameterType.Name}.{Enum.ToObject(parameter.ParameterType, value)}",
        var value => FormattableString.Invariant($" = {value}"),
    };
    return $"{modifier}{NameOf(parameter.ParameterType, new NullabilityInfoContext().Create(parameter))} {parameter.Name}{standard}";
}

string NameOf(Type type, NullabilityInfo nullability) =>
    Name(type) + (!type.IsValueType && nullability.ReadState == NullabilityState.Nullable ? "?" : "");

string Name(Type type)
{
    if (type.IsByRef) return Name(type.GetElementType()!);
    if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
    if (Nullable.GetUnderlyingType(type) is { } value) return Name(value) + "?";
    if (type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal)) return $"({string.Join(", ", type.GetGenericArguments().Select(Name))})";
    if (type.IsGenericType) return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    return type.Namespace != "System" ? type.Name : type.Name switch
    {
        "Int32" => "int",
        "Int64" => "long",
        "Single" => "float",
        "Double" => "double",
        "Boolean" => "bool",
        "String" => "string",
        "Object" => "object",
        "Void" => "void",
        "Byte" => "byte",
        "Char" => "char",
        var other => other,
    };
}

// ---- identifiers of the XML documentation

string Id(MemberInfo member) => member switch
{
    FieldInfo => $"F:{TypeId(member.DeclaringType!)}.{member.Name}",
    EventInfo => $"E:{TypeId(member.DeclaringType!)}.{member.Name}",
    PropertyInfo property => $"P:{TypeId(member.DeclaringType!)}.{member.Name}{ParameterIds(property.GetIndexParameters())}",
    MethodBase method => $"M:{TypeId(member.DeclaringType!)}.{method.Name.Replace('.', '#')}{(method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")}"
        + ParameterIds(method.GetParameters()) + (method.Name is "op_Implicit" or "op_Explicit" ? $"~{ArgumentId(((MethodInfo)method).ReturnType)}" : ""),
    _ => "",
};

string ParameterIds(ParameterInfo[] parameters) => parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(p => ArgumentId(p.ParameterType)))})";

string TypeId(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

string ArgumentId(Type type)
{
    if (type.IsByRef) return ArgumentId(type.GetElementType()!) + "@";
    if (type.IsArray) return ArgumentId(type.GetElementType()!) + (type.GetArrayRank() == 1 ? "[]" : $"[{string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank()))}]");
    if (type.IsGenericParameter) return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
    return type.IsGenericType ? $"{TypeId(type).Split('`')[0]}{{{string.Join(',', type.GetGenericArguments().Select(ArgumentId))}}}" : TypeId(type);
}
