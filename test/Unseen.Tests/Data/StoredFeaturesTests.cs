using Unseen.Data;
using Unseen.Features;
using Unseen.Tests.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data;

public sealed class StoredFeaturesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private static readonly ImageEntry[] Images = [new("b.jpg", 0, ImageSplit.Trainval), new("a.jpg", 1, ImageSplit.Trainval)];

    [Fact]
    public void StoresAreJoinedByFileName()
    {
        using var features = Open(
            Store("one", new(1, 1), ("a.jpg", [3, 4]), ("b.jpg", [5, 12]), ("unused.jpg", [1, 1])),
            Store("two", new(1, 1), ("b.jpg", [0, 2, 0]), ("a.jpg", [-1, 0, 0])));
        Assert.Equal([2, 3], features.VisualWidths);
        Joined([5f / 13, 12f / 13, 0, 1, 0], Regions(features, 0), stores: 2);
        Joined([0.6f, 0.8f, -1, 0, 0], Regions(features, 1), stores: 2);
    }

    [Fact]
    public void EveryRegionOfEveryStoreWeighsTheSameAndAJoinedRegionHasLengthOne()
    {
        using var features = Open(
            Store("one", new(2, 1), ("a.jpg", [1, 2, 30, 40]), ("b.jpg", [3, 4, 6, 8])),
            Store("two", new(2, 1), ("a.jpg", [7, 1]), ("b.jpg", [-0.001f, 9])));
        Assert.Equal((2, new FeatureGrid(2, 1)), (features.Regions, features.Grid));
        var row = Regions(features, 0);
        Joined([0.6f, 0.8f, -1, 0.6f, 0.8f, 1], row, stores: 2);
        Assert.Equal(1, row.Take(3).Sum(v => v * v), 1e-6f);
    }

    [Fact]
    public void WeightsDivideTheLengthOfAJoinedRegion()
    {
        using var features = Open(null, [3, 4], Store("one", null, ("a.jpg", [1, 0]), ("b.jpg", [0, 2])),
            Store("two", null, ("a.jpg", [5, 12]), ("b.jpg", [0, 1])));
        Near([0, 0.6f, 0, 0.8f], Regions(features, 0));
        Near([0.6f, 0, 0.8f * 5 / 13, 0.8f * 12 / 13], Regions(features, 1));
        Assert.Equal([3.0, 4], features.Weights);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("1, 0")]
    [InlineData("1, -2")]
    [InlineData("1, NaN")]
    [InlineData("1, 2, 3")]
    public void WeightsThatDoNotFitTheStoresAreRefused(string weights)
    {
        var numbers = weights.Split(',').Select(w => double.Parse(w, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        var error = Assert.Throws<ConfigurationException>(() => Open(null, numbers,
            Store("one", null, ("a.jpg", [1]), ("b.jpg", [1])), Store("two", null, ("a.jpg", [1]), ("b.jpg", [1]))));
        Assert.Contains($"featureWeights must have one number above 0 for each of the 2 feature stores, found [{weights}].", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AZeroRegionStaysZero()
    {
        using var features = Open(Store("one", new(1, 1), ("a.jpg", [0, 0]), ("b.jpg", [0, 0])));
        Assert.Equal([0f, 0], Regions(features, 0));
    }

    [Fact]
    public void LargerGridsAreAveragedToTheSmallestBeforeTheyAreNormalised()
    {
        float[] raw = [.. Enumerable.Range(0, 16).SelectMany(i => new[] { (float)i, 1f })];
        using var features = Open(Store("large", new(4, 4), ("a.jpg", raw), ("b.jpg", raw)), Store("small", new(2, 2), ("a.jpg", [1, 2, 3,
            4]), ("b.jpg", [1, 2, 3, 4])));
        var row = Regions(features, 0);
        foreach (var (region, mean) in new[] { 2.5f, 4.5f, 10.5f, 12.5f }.Index())
        {
            var norm = MathF.Sqrt(mean * mean + 1);
            Joined([mean / norm, 1 / norm, 1], row.AsSpan(region * 3, 3), stores: 2);
        }
    }

    [Fact]
    public void AGridMayBeAskedFor()
    {
        float[] raw = [1, 0, 0, 1];
        using var features = Open(new FeatureGrid(1, 1), Store("one", new(1, 2), ("a.jpg", raw), ("b.jpg", raw)));
        Assert.Equal(MathF.Sqrt(0.5f), Assert.Single(Regions(features, 0).Distinct()), 1e-6f);
    }

    [Fact]
    public void GlobalFeaturesAreTheRawMeanOfTheStoredRegions()
    {
        using var features = Open(new FeatureGrid(1, 1),
            Store("one", new(1, 2), ("a.jpg", [1, 10, 3, 30]), ("b.jpg", [0, 0, 8, 4])), Store("two", null, ("a.jpg", [7]), ("b.jpg",
                [-6])));
        var row = new float[3];
        features.ReadGlobal(0, row);
        Assert.Equal([4f, 2, -6], row);
        features.ReadGlobal(1, row);
        Assert.Equal([2f, 20, 7], row);
    }

    [Fact]
    public void RegionsOfAGlobalStoreBesideARegionStoreAreRefused()
    {
        using var features = Open(Store("one", new(1, 2), ("a.jpg", [1, 10]), ("b.jpg", [0, 0])), Store("two", null, ("a.jpg", [7]),
            ("b.jpg", [-6])));
        var error = Assert.Throws<DatasetFormatException>(() => Regions(features, 0));
        Assert.EndsWith("two: the regions (no grid) cannot be averaged to the grid 1x2. Expected a grid at least as large.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingImageIsRefused()
    {
        var path = Store("one", new(1, 1), ("a.jpg", [3, 4]));
        Assert.Equal($"{path}: the store has no features of image 'b.jpg' of the dataset. Extract the features of this dataset again.",
            Assert.Throws<DatasetFormatException>(() => Open(path)).Message);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void FeaturesThatAreNoNumbersAreRefusedWithTheirPicture(float value)
    {
        var path = Store("one", new(1, 1), ("a.jpg", [3, 4]), ("b.jpg", [5, 12]));
        using (var file = new FileStream(path, FileMode.Open))
        {
            file.Seek(-sizeof(float), SeekOrigin.End); // the last number of the last row, which is that of b.jpg
            file.Write(BitConverter.GetBytes(value));
        }
        using var features = Open(path);
        Joined([0.6f, 0.8f], Regions(features, 1), stores: 1);
        foreach (var read in new Action<int, float[]>[] { (image, row) => features.ReadRegions(image, row), (image, row) => features.ReadGlobal(image, row) })
            Assert.Equal($"{path}: the features of picture 'b.jpg' (row 1) are not all finite numbers. Extract them again with a backbone that gives numbers.",
                Assert.Throws<DatasetFormatException>(() => read(0, new float[2])).Message);
    }

    [Fact]
    public void AStoreOfPicturesThatChangedIsRefusedAndOneOfAbsentPicturesIsNot()
    {
        var dataset = MiniDataset.Create(folder.File("birds"));
        var store = MiniStore.Learnable(folder.File("birds.safetensors"), dataset, new(2, 2));
        ZslDataset.Open(dataset, features: [store]).Dispose();
        var picture = new FileInfo(Path.Combine(dataset, "images", "seen-01", "002.jpg"));
        var before = picture.Length;
        File.AppendAllText(picture.FullName, "more");
        Assert.Equal($"{store}: the store does not match the dataset: 'seen-01/002.jpg' had {before} bytes when its features were made and has " +
            $"{before + 4} now. Run 'unseen extract' again.", Assert.Throws<DatasetFormatException>(() => ZslDataset.Open(dataset, features: [store])).Message);
        Directory.Delete(Path.Combine(dataset, "images"), recursive: true);
        ZslDataset.Open(dataset, features: [store]).Dispose();
    }

    [Fact]
    public void AGridLargerThanAStoreIsRefused()
    {
        var path = Store("one", new(2, 2), ("a.jpg", [1, 2, 3, 4]), ("b.jpg", [1, 2, 3, 4]));
        Assert.Equal($"{path}: the regions (2x2) cannot be averaged to the grid 3x1. Expected a grid at least as large.",
            Assert.Throws<DatasetFormatException>(() => Open(new FeatureGrid(3, 1), path)).Message);
    }

    [Fact]
    public void ReadingARowAllocatesNothing()
    {
        using var features = Open(Store("one", new(2, 2), ("a.jpg", new float[64]), ("b.jpg", new float[64])));
        var row = new float[64];
        features.ReadRegions(0, row);
        features.ReadGlobal(0, row.AsSpan(0, 16));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            features.ReadRegions(i % 2, row);
            features.ReadGlobal(i % 2, row.AsSpan(0, 16));
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 300_000);          // enumerators, no rows: those would be 512 KB
    }

    private string Store(string name, FeatureGrid? grid, params (string File, float[] Values)[] rows) =>
        MiniStore.Write(folder.File(name), rows.ToDictionary(r => r.File, r => r.Values), grid);

    private static void Near(float[] expected, ReadOnlySpan<float> region)
    {
        Assert.Equal(expected.Length, region.Length);
        for (var i = 0; i < region.Length; i++) Assert.Equal(expected[i], region[i], 1e-6f);
    }

    private static void Joined(float[] unitPerStore, ReadOnlySpan<float> region, int stores)
    {
        Near([.. unitPerStore.Select(v => v / MathF.Sqrt(stores))], region);
    }

    private static StoredFeatures Open(params string[] stores) => Open(null, stores);

    private static StoredFeatures Open(FeatureGrid? grid, params string[] stores) => Open(grid, [], stores);

    private static StoredFeatures Open(FeatureGrid? grid, double[] weights, params string[] stores)
    {
        var opened = stores.Select(FeatureStore.Open).ToArray();
        try
        {
            return new StoredFeatures(opened, Images, grid, weights);
        }
        catch
        {
            foreach (var store in opened) store.Dispose();
            throw;
        }
    }

    private static float[] Regions(StoredFeatures features, int image)
    {
        var row = new float[features.Regions * features.VisualWidths.Sum()];
        features.ReadRegions(image, row);
        return row;
    }

    public void Dispose() => folder.Dispose();
}
