using Xunit;

namespace Unseen.Tests.Data.Formats;

/// <summary>The folder of real data, which the tests can do without.</summary>
public static class RealData
{
    public static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("UNSEEN_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "UNSEEN_DATA not set");
        return folder!;
    }
}
