namespace Unseen.Semantics;

/// <summary>The scale in which class_attributes.csv holds its values.</summary>
public enum AttributeScale
{
    /// <summary>0..1.</summary>
    Unit,

    /// <summary>0..100.</summary>
    Percent,

    /// <summary>Any real number, for example sentence embeddings.</summary>
    Raw,
}

/// <summary>What a scale means.</summary>
internal static class AttributeScaleFactor
{
    /// <summary>Divisor that brings values of the scale to 0..1: 100 for percent, else 1.</summary>
    public static float Divisor(this AttributeScale scale) => scale == AttributeScale.Percent ? 100f : 1f;
}

/// <summary>What to do with negative attribute values (AWA2 has four entries of -1).</summary>
public enum NegativeAttributes
{
    /// <summary>Values below 0 become 0.</summary>
    Clamp,

    /// <summary>Values stay as they are.</summary>
    Keep,
}

/// <summary>The class semantic vectors: one row per class, one column per attribute, in original values.</summary>
/// <param name="ClassNames">One name per row.</param>
/// <param name="AttributeNames">One name per column.</param>
/// <param name="Values">Original values [classes, attributes], negatives already handled, scale not yet applied.</param>
/// <param name="Scale">Scale of the values.</param>
public sealed record ClassSemantics(
    IReadOnlyList<string> ClassNames, IReadOnlyList<string> AttributeNames, float[,] Values, AttributeScale Scale)
{
    /// <summary>Number of classes.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>Number of attributes (or embedding dimensions).</summary>
    public int Attributes => AttributeNames.Count;

    /// <summary>Divisor that brings the values to 0..1: 100 for percent, else 1.</summary>
    public float Divisor => Scale.Divisor();

    /// <summary>A copy of the values on the scale 0..1; raw values as they are [classes, attributes].</summary>
    public float[,] UnitValues()
    {
        var values = new float[Classes, Attributes];
        for (var c = 0; c < Classes; c++)
            for (var a = 0; a < Attributes; a++)
                values[c, a] = Values[c, a] / Divisor;
        return values;
    }

    /// <summary>The rows of some classes, in the given order.</summary>
    public ClassSemantics Select(IReadOnlyList<int> classes)
    {
        var values = new float[classes.Count, Attributes];
        for (var i = 0; i < classes.Count; i++)
            for (var a = 0; a < Attributes; a++)
                values[i, a] = Values[classes[i], a];
        return this with { ClassNames = [.. classes.Select(c => ClassNames[c])], Values = values };
    }
}
