using Unseen.Classification;
using Xunit;

namespace Unseen.Tests.Classification;

public sealed class ClassifiedImageTests
{
    private static readonly ScoredClasses Classes = new(
        [new("heron", true, [1]), new("finch", false, [0]), new("wren", true, [0.5f]), new("okapi", false, [0.2f])], Gamma: 1, Temperature: 0.5);

    [Fact]
    public void ProbabilitiesAreTheSoftmaxOfCalibratedScoresOverTheTemperature()
    {
        // Calibrated 2, 1, 0, 0 over T = 0.5: powers of e are 4, 2, 0, 0.
        var top = Image(3, 1, 1, 0).Top(3);
        var sum = Math.Exp(4) + Math.Exp(2) + 1 + 1;
        Assert.Equal(["heron", "finch", "okapi"], top.Select(p => p.Class));   // among equals the unseen class is first
        Assert.Equal([Math.Exp(4) / sum, Math.Exp(2) / sum, 1 / sum], top.Select(p => p.Probability), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([3f, 1f, 0f], top.Select(p => p.Score));                  // as the model gave them, before gamma
        Assert.Equal([false, true, true], top.Select(p => p.Unseen));
    }

    [Fact]
    public void OnlyCandidatesShareTheProbability()
    {
        var image = Image(3, 1, 1, 0);
        Assert.Equal(["finch", "okapi"], image.Top(9, CandidateClasses.Unseen).Select(p => p.Class));
        Assert.Equal(["heron", "wren"], image.Top(9, CandidateClasses.Seen).Select(p => p.Class));
        Assert.All(Enum.GetValues<CandidateClasses>(), c => Assert.Equal(1, image.Top(9, c).Sum(p => p.Probability), 1e-12));
        Assert.Equal(1 / (1 + Math.Exp(-2)), image.Top(1, CandidateClasses.Unseen)[0].Probability, 1e-12);
        Assert.Equal(image.Top(4)[3], image.Of("wren"));
    }

    [Fact]
    public void EveryScoreThatIsANumberGivesProbabilities()
    {
        var top = Image(float.MaxValue, float.MinValue, 0, 0).Top(4);
        Assert.Equal((1, 0), (top[0].Probability, top[3].Probability));
        Assert.Equal("x.jpg: the model gives a score that is not a finite number. Try --precision f32.",
            Assert.Throws<UnseenException>(() => Image(float.NaN, 0, 0, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Image(0, 0, 0, 0).Top(0));
        Assert.StartsWith("Unknown class 'fnch'. Did you mean 'finch'?",
            Assert.Throws<UnknownNameException>(() => Image(0, 0, 0, 0).Of("fnch")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AClassIsFoundHoweverItsAccentIsTyped()
    {
        var classes = Classes with { Entries = [.. Classes.Entries.Take(3), new("Grand T\u00e9tras", false, [0.2f])] };
        var image = new ClassifiedImage("x.jpg", classes, [3, 1, 1, 0], CandidateClasses.Unseen);
        Assert.Equal("Grand T\u00e9tras", image.Of("Grand Te\u0301tras").Class);
        Assert.StartsWith("'heron' is a seen class", Assert.Throws<UnknownNameException>(() => image.Of("heron")).Message, StringComparison.Ordinal);
    }

    private static ClassifiedImage Image(params float[] scores) => new("x.jpg", Classes, scores, CandidateClasses.All);
}
