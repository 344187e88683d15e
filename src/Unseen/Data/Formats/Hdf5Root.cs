using System.Collections;
using System.Reflection;
using PureHDF;
using PureHDF.VOL.Native;

namespace Unseen.Data.Formats;

/// <summary>
/// The links of an HDF5 file's root group, without following them. PureHDF follows a soft or external link wherever it meets one, into
/// other files and, when it leads to itself, until the stack is full; its public interface does not tell such a link from a dataset. So
/// this reads what PureHDF has parsed, by reflection on the version that is pinned in Directory.Packages.props.
/// </summary>
internal static class Hdf5Root
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>Names of the root's links, each with the address of its object; null where the link is soft or external.</summary>
    public static IEnumerable<(string Name, ulong? Address)> Links(NativeFile file)
    {
        var header = Property(typeof(NativeObject), file, "Header");
        if ((Field(typeof(NativeGroup), file, "_scratchPad") ?? Message(header, "SymbolTableMessage")) is { } table)
            return TableLinks(file, table);
        return (Message(header, "LinkInfoMessage") is { } info && IsDense(file, info)
            ? ((IEnumerable)Call(typeof(NativeGroup), file, "EnumerateLinkMessagesFromLinkInfoMessage", info)!).Cast<object>()
            : Messages(header, "LinkMessage")).Select(MessageLink);
    }

    /// <summary>The dataset at an address, or null when another kind of object is there.</summary>
    public static IH5Dataset? Dataset(NativeFile file, string name, ulong address)
    {
        var reference = Activator.CreateInstance(Internal("NativeNamedReference"), Any, null, [name, address, file], null)!;
        return Call(reference.GetType(), reference, "Dereference") as IH5Dataset;
    }

    /// <summary>True when the values of a dataset lie in other files.</summary>
    public static bool LiesElsewhere(IH5Dataset dataset) => dataset.Layout.Class == H5DataLayoutClass.VirtualStorage ||
        Messages(Property(typeof(NativeObject), dataset, "Header"), "ExternalFileListMessage").Any();

    /// <summary>Old files keep links in a symbol table: a B-tree of nodes, with names in a heap.</summary>
    private static IEnumerable<(string Name, ulong? Address)> TableLinks(NativeFile file, object table)
    {
        var heap = Property(table.GetType(), table, "LocalHeap");
        var getTree = table.GetType().GetMethod("GetBTree1", Any)!;
        var decodeKey = typeof(NativeGroup).GetMethod("DecodeGroupKey", Any)!;
        var tree = Call(table.GetType(), table, getTree.Name, decodeKey.CreateDelegate(getTree.GetParameters()[0].ParameterType, file))!;
        foreach (var node in (IEnumerable)Call(typeof(NativeGroup), file, "EnumerateSymbolTableNodes", tree)!)
            foreach (var entry in (IEnumerable)Property(node.GetType(), node, "GroupEntries"))
            {
                var isLink = OptionalProperty(entry.GetType(), entry, "ScratchPad")?.GetType().Name == "SymbolicLinkScratchPad";
                yield return ((string)Call(heap.GetType(), heap, "GetObjectName", Property(entry.GetType(), entry, "LinkNameOffset"))!,
                    isLink ? null : (ulong)Property(entry.GetType(), entry, "HeaderAddress"));
            }
    }

    private static (string Name, ulong? Address) MessageLink(object message)
    {
        var target = Property(message.GetType(), message, "LinkInfo");
        return ((string)Property(message.GetType(), message, "LinkName"),
            target.GetType().Name == "HardLinkInfo" ? (ulong)Property(target.GetType(), target, "HeaderAddress") : null);
    }

    /// <summary>True when many links are kept in a heap with an index, false when they stand in the header.</summary>
    private static bool IsDense(NativeFile file, object info)
    {
        var superblock = Property(Internal("NativeReadContext"), Property(typeof(NativeObject), file, "Context"), "Superblock");
        return !(bool)Call(superblock.GetType(), superblock, "IsUndefinedAddress",
            Property(info.GetType(), info, "BTree2NameIndexAddress"))!;
    }

    private static object? Message(object header, string kind) => Messages(header, kind).FirstOrDefault();

    private static IEnumerable<object> Messages(object header, string kind) =>
        ((IEnumerable)Property(Internal("ObjectHeader"), header, "HeaderMessages")).Cast<object>()
            .Select(message => Property(message.GetType(), message, "Data")).Where(data => data.GetType().Name == kind);

    private static Type Internal(string name) => typeof(NativeFile).Assembly.GetType($"PureHDF.VOL.Native.{name}", throwOnError: true)!;

    private static object? Field(Type type, object target, string name) => type.GetField(name, Any)!.GetValue(target);

    private static object Property(Type type, object target, string name) => OptionalProperty(type, target, name)!;

    private static object? OptionalProperty(Type type, object target, string name) =>
        type.GetProperty(name, Any)!.GetValue(target, BindingFlags.DoNotWrapExceptions, null, null, null);

    private static object? Call(Type type, object target, string name, params object[] arguments) =>
        type.GetMethod(name, Any)!.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
