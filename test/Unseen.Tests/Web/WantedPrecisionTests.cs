using Unseen.Tests.Classification;
using Unseen.Web;
using Unseen.Web.Inference;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>A number format is asked of all models, and for those that have it.</summary>
public sealed class WantedPrecisionTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public void A_number_format_that_no_model_has_is_refused()
    {
        var options = new ServerOptions { Models = [new("one", run.Model("ridge")), new("two", run.Model("cvsc"))], Precision = Precision.Bf16 };
        var mixed = WantedPrecision.Of(options);
        Assert.Equal([("one", "ridge")], mixed.Without.Select(m => (m.Key, m.Value)));
        Assert.Equal((null, Precision.Bf16), (mixed.For("one"), mixed.For("two")));
        Assert.Equal(Precision.F32, WantedPrecision.Of(options with { Precision = Precision.F32 }).For("one"));
        Assert.Null(WantedPrecision.Of(options with { Precision = null }).For("two"));
        var error = Assert.Throws<ConfigurationException>(() => WantedPrecision.Of(options with { Models = [options.Models[0], new("three", run.Model("ridge"))] }));
        Assert.Equal("Method 'ridge' has no large matrix products that bf16 would make faster, so precision must be f32. Leave it out.", Assert.Single(error.Errors));
    }
}
