namespace Unseen.Synthetic;

/// <summary>Invented names that tell nothing about the attributes: the class table must.</summary>
internal static class SketchSpeciesNames
{
    public static readonly string[] Families = ["Finch", "Wren", "Jay", "Warbler", "Tern", "Bunting", "Thrush", "Kingfisher"];

    private static readonly string[] Places =
    [
        "Northern", "Harbor", "Highland", "Island", "Lantern", "Market", "Meridian", "Orchard", "Quarry", "River",
        "Saddle", "Tundra", "Upland", "Valley", "Willow", "Alder", "Bramble", "Canyon", "Delta", "Ember",
        "Fjord", "Garden", "Hollow", "Inlet", "Juniper",
    ];

    /// <summary>The largest number of species.</summary>
    public static int Most => Families.Length * Places.Length;

    /// <summary>The name of a species; distinct for indices below <see cref="Most"/> because each family counts through the
    /// places.</summary>
    public static string Name(int family, int rankInFamily) => $"{Places[(rankInFamily + 3 * family) % Places.Length]} {Families[family]}";
}
