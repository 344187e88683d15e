using Unseen.Classification;
using Unseen.Tests.Classification;
using Unseen.Tests.Features;
using Unseen.Web.Http;
using Unseen.Web.Inference;
using Xunit;

namespace Unseen.Tests.Web;

/// <summary>Pictures are kept for a while: bounded in number, memory and time.</summary>
public sealed class RecentImagesTests(PictureRun run) : IClassFixture<PictureRun>
{
    [Fact]
    public void The_oldest_picture_goes_first_and_none_stays_beyond_its_time()
    {
        using var model = new ServedModel("birds", ZeroShotClassifier.Load(run.Model("ridge")));
        using var other = new ServedModel("other", ZeroShotClassifier.Load(run.Model("ridge")));
        var picture = model.Classifier.Read(TestPictures.Png(9, 9, 1), "one");
        var clock = new SetClock();
        var recent = new RecentImages(clock, 3, long.MaxValue, TimeSpan.FromMinutes(1));
        var ids = Enumerable.Range(0, 4).Select(_ => recent.Add(model, picture)).ToList();
        Assert.Equal("This picture is not known any more. Send it again.", Refused(recent, model, ids[0]));
        Assert.All(ids.Skip(1), id => Assert.Same(picture, recent.Find(model, id)));
        Assert.Equal("This picture was sent to the model 'birds', and 'other' has not seen it. Ask with model=birds, or send it again.", Refused(recent, other, ids[3]));
        clock.Now += TimeSpan.FromSeconds(61).Ticks;
        Assert.All(new[] { model, other }, asked => Assert.Equal("This picture is not known any more. Send it again.", Refused(recent, asked, ids[3])));
        Assert.Equal(4, ids.Distinct().Count());
        var small = new RecentImages(clock, 100, (2 * picture.Bytes) + 1, TimeSpan.FromMinutes(1));
        var kept = Enumerable.Range(0, 5).Select(_ => small.Add(model, picture)).ToList();
        Assert.All(kept.Take(3), id => Refused(small, model, id));
        Assert.All(kept.Skip(3), id => Assert.Same(picture, small.Find(model, id)));
    }

    private static string Refused(RecentImages recent, ServedModel model, string identifier)
    {
        var problem = Assert.Throws<ProblemException>(() => recent.Find(model, identifier));
        Assert.Equal(404, problem.Status);
        return problem.Message;
    }

    private sealed class SetClock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
