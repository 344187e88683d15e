namespace Unseen.Data.Import;

/// <summary>The metadata of CUB-200-2011, with indices from 0.</summary>
/// <param name="Images">Files, relative to the images folder.</param>
/// <param name="Labels">Class of each image.</param>
/// <param name="Classes">Class names.</param>
/// <param name="Attributes">Attribute names.</param>
/// <param name="Values">Class attributes in percent [classes, attributes].</param>
/// <param name="Boxes">Bounding boxes in pixels [images, x y width height].</param>
/// <param name="Parts">Part names, possibly none.</param>
/// <param name="PartPlaces">Lines of image, part (from 1), x, y in pixels, visible.</param>
internal sealed record CubFiles(
    string[] Images, int[] Labels, string[] Classes, string[] Attributes, float[,] Values, float[,] Boxes, string[] Parts,
    float[,] PartPlaces)
{
    internal static CubFiles Read(string root)
    {
        var images = TextTable.Numbered(Path.Combine(root, "images.txt"));
        LayoutFiles.CheckInside(Path.Combine(root, "images.txt"), images);
        var classes = TextTable.Numbered(Path.Combine(root, "classes.txt"));
        var attributes = TextTable.Numbered(LayoutFiles.Find(root, "attributes.txt", "attributes", "", ".."));
        var values = LayoutFiles.Find(root, "class_attribute_labels_continuous.txt", "attributes", "");
        var parts = Path.Combine(root, "parts");
        var hasParts = File.Exists(Path.Combine(parts, "parts.txt")) || File.Exists(Path.Combine(root, "parts.txt"));
        return new(images, ReadLabels(Path.Combine(root, "image_class_labels.txt"), images.Length, classes.Length), classes, attributes,
            Table(values, classes.Length, attributes.Length), ReadBoxes(Path.Combine(root, "bounding_boxes.txt"), images.Length),
            hasParts ? TextTable.Numbered(LayoutFiles.Find(root, "parts.txt", "parts", "")) : [],
            hasParts ? TextTable.Numbers(LayoutFiles.Find(root, "part_locs.txt", "parts", ""), 5) : new float[0, 5]);
    }

    private static int[] ReadLabels(string path, int images, int classes)
    {
        var table = Table(path, images, 2);
        var labels = new int[images];
        for (var i = 0; i < images; i++)
            labels[i] = table[i, 0] == i + 1 && table[i, 1] >= 1 && table[i, 1] <= classes && table[i, 1] == MathF.Floor(table[i, 1])
                ? (int)table[i, 1] - 1
                : throw new DatasetFormatException(path, $"line {i + 1} must be {i + 1} and a class from 1 to {classes}, found " +
                    $"{table[i, 0]} {table[i, 1]}.");
        return labels;
    }

    private static float[,] ReadBoxes(string path, int images)
    {
        var table = Table(path, images, 5);
        var boxes = new float[images, 4];
        for (var i = 0; i < images; i++)
        {
            if (table[i, 0] != i + 1 || table[i, 3] <= 0 || table[i, 4] <= 0)
                throw new DatasetFormatException(path, $"line {i + 1} must be {i + 1}, x, y, and a positive width and height.");
            for (var k = 0; k < 4; k++)
                boxes[i, k] = table[i, k + 1];
        }
        return boxes;
    }

    private static float[,] Table(string path, int rows, int columns)
    {
        var table = TextTable.Numbers(path, columns);
        return table.GetLength(0) == rows ? table : throw new DatasetFormatException(path, $"expected {rows} lines, found " +
            $"{table.GetLength(0)}.");
    }
}
