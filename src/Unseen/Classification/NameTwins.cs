using Unseen.Experiments;

namespace Unseen.Classification;

/// <summary>Notes new classes whose name people would take for that of another: the same but for letter case, separators and characters that cannot be seen.</summary>
internal sealed class NameTwins
{
    private readonly HashSet<string> known;
    private readonly Dictionary<string, string> first = new(StringComparer.Ordinal);

    /// <summary>Knows the names of some classes.</summary>
    public NameTwins(IReadOnlyList<ModelClass> classes)
    {
        known = classes.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in known) first.TryAdd(NameForm.Plain(name), name);
    }

    /// <summary>The addition, with a note when its name is new and has a twin; the name is known from then on.</summary>
    public ClassAddition Noted(ClassAddition added)
    {
        if (!known.Add(added.Class) || first.TryAdd(NameForm.Plain(added.Class), added.Class)) return added;
        var twin = first[NameForm.Plain(added.Class)];
        return added with { Notes = [.. added.Notes, $"The name differs from that of the class '{twin}' only by letter case or separators."] };
    }
}
