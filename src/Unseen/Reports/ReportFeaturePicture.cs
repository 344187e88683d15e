namespace Unseen.Reports;

/// <summary>
/// Features of some test images in the plane of their first two principal components: attribute-based ones, F_k = Σ_r A_kr f_r averaged over the attributes k,
/// or what an encoder makes of the visual feature. At most 10 seen and 10 unseen classes and 30 images of each.
/// </summary>
/// <param name="Explained">Share of the first and of the second component in the variance, 0..1.</param>
/// <param name="Classes">The classes, seen ones first, by class id.</param>
public sealed record ReportFeaturePicture(IReadOnlyList<double> Explained, IReadOnlyList<ReportPlacedClass> Classes);

/// <summary>The images of a class in a plane.</summary>
/// <param name="Class">Class name.</param>
/// <param name="Seen">True when the class was seen in training.</param>
/// <param name="X">Place of each image along the first component.</param>
/// <param name="Y">Place of each image along the second component.</param>
public sealed record ReportPlacedClass(string Class, bool Seen, IReadOnlyList<double> X, IReadOnlyList<double> Y);
