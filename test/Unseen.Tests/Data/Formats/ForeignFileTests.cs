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

    // h5py.File(..., libver="earliest"), links in a symbol table: good = arange(6) float64 [3,2], alias = the same dataset; soft links itself -> itself,
    // ping -> /pong, pong -> /ping, through -> group/loop, group/loop -> loop; external link other -> elsewhere.h5 /good.
    private const string H5pyLinkTable =
        "H4sIAAAAAAACA+1YzU7CQBCeLW3ZYEhAORBPPXISDphwAxMxnJSoB4+SWFsS4jaAkUfQt/Do0Ufg6OP4BtjtzvZnoTEkGhPZr4evOzu7nZ2dnez0ZXB6Vi" +
        "4dloCDUjChAmmsEM5Bti37b5EJ8jPymyHl5aivjvIKzr8sinYH5deX/T7XXimQ32mZggegsYsY9E+GnN+VuFtWs3EV7Iu21CsBjWOTw0Y9AqbH2J1TWJNb" +
        "3pQ9BgtLxq8FRirACTQEG0Igx2O4b2jXo6FVpxtawtGD9h60V6hooX2GISakeFIKBNWhpXhi8af7cHV+cUpCb6FxEDswBzKbJP4UeLWyCnUl30j/Ocp8jR" +
        "w91UudHL2eGlc5esNf9iOJnmTdVXSE6pfv8uIC9ahOETsJmfc+MHBv4vyjnig1cjbhs5s9JhS5glzraY9raGhoaGj8n7pK3hvkrcHJ/gaACWNBmknOfXq7" +
        "OiIuctbu3xW9NVuBF7MR8+I15PF85k7uEw7GDx7vbwYsekEK26Jj7ocDPV+Mb8pdTvb5p+ohGyOMUGIL2+zYxkwdTonJTbPQ4oycCfk4ksfzFXENpfQibK" +
        "wgCe1ZbO670xqAO5m5T+Gre+QfQ1N4LlX/jybj0UzWtV9ih40SIBMAAA==";

    // The same with libver="latest": links in the header of the root; and with d0 to d2 beside them, links in a heap with an index.
    private const string H5pyLinks =
        "H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1BgABUygIp/Ln38wt/DJYhJ4d5G5mxkXMEkhKwRBriYGBgZGNj4GYAUS3p+fsphqEkCAgwMSUwQdiVUjA1oBC" +
        "MHI1tmSXFqThobA5QWB4uyl2QU5ZemZ3AxpAPpAv2c/PwCkCbhF5dngp3EyMDIqMLAwMTEyMgMNRBqPgMGX4SBUVDBngHiOwcGE24Gk/9ARaxA1zJzcQCd" +
        "wcLIgOZ1MVYGFogB0xkGK2i4cDCfnOjhA4cwCyhIWRjAAetGLScF9F3l93f28GYTACUBVnDcnWeExrc8yF4H1vySjNQiEQaG1Jzi1HIgM1Uvw5RBH5RaGK" +
        "DaEnMyE4thSQecmoDOLcjMS2dl0C/Iz0uHC+VDhIAyM65fkWMYBaNgFIyCUUAs+GAPZThAKA4oLQClRRwAM8T3YTAIAAA=";

    private const string H5pyLinkHeap =
        "H4sIAAAAAAACA+v0cHHj5ZLiYubgYICB/1AgIQLhG0DFp+vft/H3cAliUri3kTkbGVcwCYEUvGeGKGxkgdBcTAyMQCqCgWbgwa3eGrCTGBkYGVUYGJiYGB" +
        "mhjmBggtIYfBEGRkEFewaIhx0YTLgZTP4DFbECXcvMxQH0CQsjVBLudTFWBhaIAdMZBitouHAwH2/0/EcDkOhh42NgYORgZMnJzy9gYQCRDG7UclJA31V+" +
        "t+BgV4bl0BTBqM/IcBHEeKsR1U2ncIGnD2ByBiYPRiYy0oMBND0IwAzdwDDkQExk/jS3II8ABnaw5wUYMDK8PiOED4stBvSgggJuIm1kQdIJMVoBSEsIwc" +
        "TMjHMuOIV4uDCwgtSBTE3R+MkCswNmi/WeWffcgoGqGGDuY2RApRH2BTBUAO2AySRBbZdiQKUDbZ13OoX4uDGwOhQ9k2SoBgrJM+R+XevGIApk8jO8np3i" +
        "zxAKZsa6VPgzmACZQgwzv/2KAWcNfoabetbzGVKATHGGq09mHGY4AmTyMnCulz/OMAucSjxVNC4xqICZ539m3GXYDlawouLGY4ZVYGal0M3tDKNgFAwq8M" +
        "EeynCAUBxQWgBKizhgV4+uD13/KBgFo2AUjIJRMAoGE6BG58hhGHSONifynqNGWAQMg7Dgbw9Z7Obh4gQfzwGBU5v07RgZWNLz81MOw7tfrOlF+aUF52Hd" +
        "Mg5GtsyS4tScNDYGCA0aVyjIzEtnZdAvyM9LB3PzIdxMMJe9JANoQnoGFwPYJH3Q8AMjhwNrfklGahEwGlJzilPLgcxUvQxTBn2Q5SBbE3MyE4sRrmBKMX" +
        "jMhOAYwgIfxDHiERzN5GQAAB72lScYFAAA";

    // good as above; stored: values in the file raw.bin; virtual: values in /good of elsewhere.h5.
    private const string H5pyOutside =
        "H4sIAAAAAAACA+2VvU7CUBTHz+0t2GCMYByMUwcHJsKAiRsYqTIYIerAKIZGiERMQWF0cNDNx3B1c3fxKXwG3wC5vec07R1IGPwK57f8ez56b3vuOe1jrb" +
        "q/ktnMgMJxwIYsxJkgxY2kTfEzVIH6gPpskV+EMbwdcri+mXd67Hkqe2JA+1zbWpNPxywKNW+3obSJtov6biXzBsN+4LcBbrvB8KbVg4t+vx3vz5059xWQ" +
        "1vcKsnUnC6EdacwjldO4iuTcMjihpwKlZShNpI6npl4VtywrXGAJ8qEtcFaK2OeO8RxFIL/eX4poMo3M5o+cA9Wf5rFhJ/OC1qhw3r2K6k55J0f1qgirhO" +
        "eXnr0f1cGVs/No/dfUYszDd/elgxW1JR2BXncNTWV9vMhLgLs/Uo+UUY+8Vv06QO1jRfUw7XnrQ3NIrWzO4fhf9NHBXv1QxAaI5rUOxo/d7w38UccP/EJn" +
        "W39VZSxKpYyPu4jZairf7sVWlPy0yv80hmEYhmEYhmEYhvkdPst4UdHioGZR1ytfiUPVpTAYAAA=";

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
    [InlineData(H5pyLinkTable)]
    [InlineData(H5pyLinks)]
    [InlineData(H5pyLinkHeap, "d0", "d1", "d2")]
    public void Links_of_h5py_are_named_and_not_followed(string packed, params string[] more)
    {
        using var file = Hdf5File.Open(_folder.File("a.h5", Unpack(packed)));
        Assert.Equal(["alias", .. more, "good"], file.Names());
        Assert.Equal([0, 1, 2, 3, 4, 5], file.ReadAll("good"));
        Assert.Equal(file.ReadAll("good"), file.ReadAll("alias"));
        Assert.All(["itself", "ping", "pong", "through", "other"], link =>
        {
            Assert.False(file.Has(link));
            Assert.Equal($"{file.Path}: '{link}' is a link, which is not followed; name the dataset itself.",
                Assert.Throws<DatasetFormatException>(() => file.ReadAll(link)).Message);
        });
        Assert.Contains("dataset 'group' is missing", Assert.Throws<DatasetFormatException>(() => file.Dataset("group")).Message,
            StringComparison.Ordinal);
        Assert.False(file.Has("group/loop"));
    }

    [Fact]
    public void Values_in_other_files_are_not_read()
    {
        using var file = Hdf5File.Open(_folder.File("a.h5", Unpack(H5pyOutside)));
        Assert.Equal(["good", "stored", "virtual"], file.Names());
        Assert.All(["stored", "virtual"], name => Assert.Equal(
            $"{file.Path}: the values of dataset '{name}' lie in other files, which are not read.",
            Assert.Throws<DatasetFormatException>(() => file.ReadRows(name, 0, 1)).Message));
        Assert.Equal([4, 5], file.ReadRows("good", 2, 1));
    }

    [Theory]
    [InlineData(H5pyLinkTable, 1)]
    [InlineData(H5pyLinks, 2)]
    [InlineData(H5pyLinkHeap, 3)]
    public void Damaged_links_are_refused_and_nothing_else(string packed, int seed)
    {
        var refused = Fuzz.Run(Unpack(packed), 300, seed, 3L << 30, bytes =>
        {
            using var file = Hdf5File.Open(_folder.File("fuzz.h5", bytes), maximumBytes: 1 << 20);
            foreach (var name in file.Names())
                file.ReadAll(name);
        });
        Assert.InRange(refused, 1, 299);
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
