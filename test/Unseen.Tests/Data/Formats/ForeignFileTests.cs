using System.IO.Compression;
using Unseen.Data.Formats;
using Xunit;

namespace Unseen.Tests.Data.Formats;

/// <summary>Small files written by h5py 3.7.0 (libhdf5 1.10.8) and SciPy 1.10.1, gzip-compressed: readers must agree with other people's
/// writers.</summary>
public sealed class ForeignFileTests : IDisposable
{
    // h5py.File(...): feature_map = arange(48) float32 [4,3,2,2]; gz = arange(60) float64 [10,6], chunks (4,3), gzip, shuffle;
    // labels = [0,1,1,2] int64; big = [1.5,-2] '>f4'; half = [1.5,-2] float16.
    private const string H5py =
        "H4sIAAAAAAACA+2YX0hTURzHf+feTe/mv7sROdTyCj340MPKGwyynMOFL5VagU+1q24aLbBUHPbQQIPVCAYSBBIshiBIEEgQSDB6kp6CXoRehB" +
        "CMiHoJhB7sd889d3Mn3YgKpM4XPpyd8/vt3O13fufc3733e3vO1bmb3GBKUcABKuzWDtNgS2nftkdYS1ibYu2SZI8TavOxcQ+bn/e7PBAOm947" +
        "nOzr+B1Wq4HQ/6jecHef2Q6yfoC1a1KpXyxqTE7djl67aYzT/uiMNR43hqLxCYCh66O0P2bEY7vzdr+8IuC0fIjd77VahzXA0hJk1kpcW8ku48" +
        "4wZ/JorcxXg0YFGu8yuxMUapckiV5QYTtJJviRKs/94sG/ug6XLlzsMWPSbq9DU3l/xY6vXN7PPh8SzvJ+fjsfmsv72euZqjqY+UygissrK6LE" +
        "WmZwMz/75/P9Yt50sRgHQa8BfUfm8ka2rlCDO4bQ+e38U+jJPDE2FYvFo4V1Imx8JBqLG5PRQv4W8g4nVIupLReXOPCb8eD3mXU9Qkr3WXE/qd" +
        "RVVaDw/8vvlxuuvXd6RhyukOyyAhhEkkgWySMbZlC7McqIhviRINKHRJBxJImkkAzyGMkiS8hz5CWSR9aQt8g6soFsIV+RbQRCuKqIgtQiKnII" +
        "8SEtiIYcQ9qR44gf0ZEA0hlKXB2OZL3bea0tl326ODwSfx35AtVwJudspqb6DVXtH+h/1+HXT3VMByU4+cDxhlp8ejJzb/HRk1ez8/Mry8sLsh" +
        "fvHt5qoEZF9+vBzIuHz2ZzuZV0emF11TTnQq7D1Ax60uNLJBIzd74H1+sjYMhwJezoNG1aK34VPHOfP25ufvhUY5xOkrk6mL7l7AGuVCLcraAr" +
        "zw7zsz+d6UJCQkJCQn9W5nO3WYvyz90VymvIs6qPL//5Mv898zvC1W+8vjG/1n2em2x5WRXXwj1f8DrB/I5yfvx8512l/VrOTxEpIiQkJCQkJC" +
        "REVel93b7vudt+9T132rV3JZb6N+KhNbAxFdxOcDdUjMe8a+9K+mDF4wevp2C5WBwAAA==";

    // h5py.File(..., userblock_size=512): features = arange(6) float64 [3,2]; the user block begins with "MATLAB 7.3".
    private const string UserBlock =
        "H4sIAAAAAAACA/N1DPFxdFIw1zNmGAUjEHR6uLjxcklxgTkcHAwsDAIQCSYI9R8KDLhQ+TD9CVCaEUp3QOkVTDBxRrCcBFRcEGo+urqQIFdXkO" +
        "r/aABmjwELhOYYjbIRCTxcHQNAdASUD0tPJ5hQ1aWlJpaUFqUWM6ClSwcy7WVkYIWYwQjja0BoJogAMwNKdsHClwBrFVSwh6ZdBwYTbgaT/1CF" +
        "rEBRkDwTE8RADqjPmBlhSd0AzUUVAxoPwX7+LqAcDcuHCsyjaXMUjILhAT7YoxaXHFBaAEqLOAAAzxsAazAKAAA=";

    // scipy.io.savemat, compressed: see the assertions for the values.
    private const string SciPyCompressed =
        "H4sIAAAAAAACA1NQoD9ggAFGT19+IGUDxBVzHicnJJxgSDJTeNZwSeEA11NjRkNjAWOnn5krO1WXuq48OsdhGyOzVUUi/0J9h5f8Ab8Yp/xL4m" +
        "eoi+L8CjLDCG5GAdgMhqQ8No6E1k8zG2cIdjlmFQlNDirukpSIWFDjxqbGJrtAhSGkg1kXu84ysE7JxhmcXs1XRNKfLX2+xOlKYUOo3Ib0hIAC" +
        "BoaoAyzZIJ1RcJ0/GI7kOJxhPNLDIwByufNRhxnSHcbFwpeDH182Kg7qPvjqR8MNJk977ll1E+zKVIpZF/xxqXXeu6apZNOX5iOTv/CvZ5FkuJ" +
        "Tf4G7Po/CanZHhryzPVpANWnAbDKBu81NjM4A6zmezwZKnKsuMGSsVDBlUrJl4QDoSwTp8z93kbVAQcL1YeFi2/K1/Mue39Mg6qyPdvyZNd27g" +
        "jBDcucVtduZaG88tU82uuN2a8dch/PbGd+/eTNEX/VWtm2ax77P/q/vWerLPLBI7/sWzVesUHOOQ9ik8ICS+h7E2l+UgyCIduNM2QJ0mBgm2hT" +
        "luC3w8s1w7GabMnzhr8mT+JYyuz1jiQXrU0LwDiehmBmEBY6MNBk+ePl9a5HSUQaWMSQGk2hCumgNiw0UFJo6IhTVuKmf4jpz8uZPVcqUoz5yA" +
        "So4fCf2n0oHxsimXVRqk0QqucQXUaWoQpz2c0blwB4vKOaYw5kfqTJl2CtscLp1vC7ZnKXA6qvig2ZbhsjLzSpAJmhjhDvHczAUzBDWCp8TH6T" +
        "AsEZ48OYhBs5n5AkiDA1xDBlRDmEJa2yWZADMOY6erIuIqYqLLnZ5USigwqBxnSW0+wnrhiOMvy8aIJkY2uxuLLzNkO7NrAQAS5d2ZiwMAAA==";

    // The same, uncompressed.
    private const string SciPyPlain =
        "H4sIAAAAAAACA71TvU7DMBB2HLdNoJTwz9gHQBQ2tnZlQOINkFPctMhtqjoVHXkd3qISL8AjMDJ2YGDETs/tYRIqMXCS9eWc++6+3F2azf83Ys" +
        "27vmlo6OtT1ScANFYBn+rjm1Dwe4Jn04lQoX6+IK69t5f4CrgAfAP8aJt6HVRv26lna3kQI3kspCKEge9pRWf6pZun5uTxQLvNowajRIplXJBH" +
        "zrWmZsfkWaA83i96jNbBkCfirjeQQuVxhn+F+KxARw3ljcDnrcvzh3HyJ765j1svzyZBA+ZQxl+NGvGtbswLaVn/GOlJnlDtecD7RLwGqldH+8" +
        "JWdRnpTmNh3s2Rnjogc3RZzYeO7h1Ux9geYAh4BEjR9xG0z/uAW4DHgD7gLqDdowNAu58nKO+meVXguzMxyyLw+0LKtKDv1YJ52b6P0pEIUd1b" +
        "zAt+1vXQvnTT4ViKWd6f9R4s2t99ku//DOWlpCwvJSoz9wz0UcIL+lEl5brsvLCeTftLUT8m6aOKNPJufG94T4hXgVni/9bH//+YT5RY7ylBO2" +
        "7rRc69D3pPkV4XvwD+LQkOwAUAAA==";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_of_h5py_are_read()
    {
        using var file = Hdf5File.Open(_folder.File("a.h5", Unpack(H5py)));
        Assert.Equal(["big", "feature_map", "gz", "half", "labels"], file.Names());
        Assert.Equal(Enumerable.Range(12, 24).Select(i => (float)i), file.ReadRows("feature_map", 1, 2));
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (double)i), file.ReadAll("gz"));
        Assert.Equal([0, 1, 1, 2], file.ReadAll("labels"));
        Assert.Equal([1.5, -2], file.ReadAll("half"));
        Assert.EndsWith("dataset 'big': the HDF5 file is damaged or not supported: Byte order conversion is not (yet) support by PureHDF.",
            Assert.Throws<DatasetFormatException>(() => file.ReadAll("big")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_block_like_the_one_of_MATLAB_is_skipped()
    {
        using var file = Hdf5File.Open(_folder.File("a.mat", Unpack(UserBlock)));
        Assert.Equal([3L, 2L], file.Dataset("features").Shape);
        Assert.Equal([2f, 3f], file.ReadRows("features", 1, 1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Files_of_SciPy_are_read(bool compressed)
    {
        var file = Mat5File.Read(_folder.File("a.mat", Unpack(compressed ? SciPyCompressed : SciPyPlain)));
        Assert.Equal(new[,] { { 0, 0.25f, 0.5f }, { 0.75f, 1, 1.25f } }, file.Numbers("features").ToMatrix());
        Assert.Equal([1, 2, 300], file.Integers("labels", 1, 300));
        Assert.Equal(Mat5Class.UInt16, file.Numbers("labels").Class);
        Assert.Equal(Mat5Class.Single, file.Numbers("single").Class);
        Assert.Equal([1.5, 2.5], file.Numbers("single").ToArray());
        Assert.Equal(["a/1.jpg", "b/é.jpg", ""], file.Texts("image_files"));
        Assert.True(file.Numbers("flag").IsLogical);
        Assert.Equal([2, 3, 4], file.Numbers("cube").Dimensions);
        Assert.Equal(23, file.Numbers("cube")[1, 11]);
        Assert.Equal(["hello"], file.Texts("text"));
        Assert.Equal(["ab", "cd"], file.Texts("rows"));
        Assert.Equal(0, file.Numbers("none").Count);
        Assert.All(["complex", "st", "sparse"], name => Assert.Throws<DatasetFormatException>(() => file.Numbers(name)));
    }

    [Fact]
    public void Damaged_files_of_h5py_are_refused_and_nothing_else()
    {
        var refused = Fuzz.Run(Unpack(H5py), 400, 7, 3L << 30, bytes =>
        {
            using var file = Hdf5File.Open(_folder.File("fuzz.h5", bytes), maximumBytes: 1 << 20);
            foreach (var name in file.Names().Where(n => n != "big"))
                file.ReadAll(name);
        });
        Assert.InRange(refused, 40, 399);
    }

    [Fact]
    public void Damaged_files_of_SciPy_are_refused_and_nothing_else()
    {
        var refused = Fuzz.Run(Unpack(SciPyPlain), 500, 8, 2 << 20, bytes => Mat5File.Read(_folder.File("fuzz.mat", bytes), 1 << 20));
        Assert.InRange(refused, 150, 499);
    }

    private static byte[] Unpack(string text)
    {
        using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
