using Unseen.Data;
using Unseen.Features;
using Unseen.Models;
using Unseen.Tests.Data.Formats;
using Unseen.Tests.Features;
using Xunit;
using static TorchSharp.torch;

namespace Unseen.Tests.Data;

public sealed class PictureFeaturesTests : IDisposable
{
    private static readonly PreprocessingOptions Options = new() { Height = 8, Width = 12 };

    private readonly TemporaryFolder folder = new();
    private readonly string[] files;

    public PictureFeaturesTests() =>
        files = [.. Enumerable.Range(0, 5).Select(i => folder.File($"{i}.png", TestPictures.Png(10 + i, 9, i * 40)))];

    /// <summary>The first read decodes, the second comes from memory: the same bits, also from many threads.</summary>
    [Fact]
    public void PixelsAreThoseOfThePreprocessorWheneverTheyAreRead()
    {
        var source = new PictureFeatures(files, Options);
        var preprocessor = new ImagePreprocessor(Options);
        var expected = files.Select(file =>
        {
            var input = new float[Options.InputLength];
            preprocessor.ReadFile(file, input);
            return input;
        }).ToArray();
        Parallel.For(0, 40, i =>
        {
            var found = new float[Options.InputLength];
            source.ReadPixels(i % 5, found);
            Assert.Equal(expected[i % 5], found);
        });
        using var scope = NewDisposeScope();
        var rows = FeatureTensor.Read(source, FeatureKind.Pixels, [3, 0, 3]);
        Assert.Equal([3, Options.InputLength], rows.shape);
        Assert.Equal([.. expected[3], .. expected[0], .. expected[3]], rows.data<float>().ToArray());
    }

    [Fact]
    public void OnlyAsManyPicturesAreRememberedAsFitInTheMemory()
    {
        var source = new PictureFeatures(files, Options, memory: 2 * Options.InputLength + 1);
        var input = new float[Options.InputLength];
        for (var i = 0; i < 5; i++) source.ReadPixels(i, input);
        foreach (var file in files) File.Delete(file);
        source.ReadPixels(0, input);
        source.ReadPixels(1, input);
        Assert.Throws<UnreadableImageException>(() => source.ReadPixels(2, input));
    }

    [Fact]
    public void AnUnreadablePictureIsNamedWithWhatToDo()
    {
        File.WriteAllText(files[2], "no picture");
        var source = new PictureFeatures(files, Options);
        using var scope = NewDisposeScope();
        var error = Assert.Throws<UnreadableImageException>(() => FeatureTensor.Read(source, FeatureKind.Pixels, [0, 1, 2, 3]));
        Assert.Equal($"{files[2]}: this is not a JPEG, PNG, WebP, GIF or BMP picture. Repair the file, or remove its line from images.csv; "
            + "'unseen data check' lists all such pictures.", error.Message);
    }

    [Fact]
    public void FeaturesAndPicturesAreNotMistakenForEachOther()
    {
        var source = new PictureFeatures(files, Options);
        const string NoFeatures = "This method reads features, but the dataset was opened with its pictures. Make features with 'unseen extract' and "
            + "give them with --features.";
        Assert.Contains(NoFeatures, Assert.Throws<ConfigurationException>(() => source.ReadGlobal(0, new float[4])).Message, StringComparison.Ordinal);
        Assert.Contains(NoFeatures, Assert.Throws<ConfigurationException>(() => source.ReadRegions(0, new float[4])).Message, StringComparison.Ordinal);
        var features = Unseen.Tests.Training.TinyProblem.Create().Features;
        Assert.Contains("This method reads pictures, but the dataset was opened with features. Open it with its pictures (without --features).",
            Assert.Throws<ConfigurationException>(() => FeatureTensor.Read(features, FeatureKind.Pixels, [0])).Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();
}
