namespace Unseen.Data;

/// <summary>The three parts of the Proposed Split.</summary>
public enum ImageSplit
{
    /// <summary>Images of seen classes, for training and validation.</summary>
    Trainval,

    /// <summary>Held-out images of seen classes.</summary>
    TestSeen,

    /// <summary>Images of unseen classes.</summary>
    TestUnseen,
}

/// <summary>A row of classes.csv.</summary>
/// <param name="Name">Class name.</param>
/// <param name="Seen">True when the class has training pictures.</param>
/// <param name="Validation">Per validation column: true when the class plays an unseen class in that fold.</param>
public sealed record ClassEntry(string Name, bool Seen, IReadOnlyList<bool> Validation);

/// <summary>A row of attributes.csv.</summary>
/// <param name="Name">Attribute name, for example has_wing_color::blue.</param>
/// <param name="Group">Group of the attribute, for example "wing color".</param>
/// <param name="Phrase">Words that describe it, for example "blue wing color".</param>
/// <param name="Parts">Part names where the attribute may sit (alternatives); empty when it sits nowhere.</param>
public sealed record AttributeEntry(string Name, string Group, string Phrase, IReadOnlyList<string> Parts);

/// <summary>A row of images.csv.</summary>
/// <param name="File">Path relative to the images folder, with forward slashes.</param>
/// <param name="Class">Index of the class in classes.csv.</param>
/// <param name="Split">Part of the Proposed Split.</param>
public sealed record ImageEntry(string File, int Class, ImageSplit Split);

/// <summary>A row of parts.csv: a visible part of an image.</summary>
/// <param name="Image">Index of the image in images.csv.</param>
/// <param name="Part">Part name.</param>
/// <param name="X">Horizontal place, 0 (left) to 1 (right).</param>
/// <param name="Y">Vertical place, 0 (top) to 1 (bottom).</param>
public sealed record PartEntry(int Image, string Part, float X, float Y);

/// <summary>A row of relations.csv (knowledge-graph facts).</summary>
public sealed record RelationEntry(int Class, string Relation, string Value);
