using Unseen.Models;
using Unseen.Models.Duet;
using Unseen.Models.Generative;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;

namespace Unseen.Tests.Models.Generative;

/// <summary>Methods with networks that fit a tiny problem; other options stay as they are.</summary>
public static class SmallGenerators
{
    private static readonly SoftmaxOptions Softmax = new() { Epochs = 10, BatchSize = 32, LearningRate = 0.02 };

    /// <summary>The same options with narrow networks, for the methods that have them.</summary>
    public static MethodOptions Narrow(MethodOptions options) => options switch
    {
        FClswganOptions o => Common(o) with { Pretraining = Softmax },
        CeGzslOptions o => Common(o) with { EncoderWidth = 24, ProjectionWidth = 8, ComparatorWidth = 16 },
        MlisOptions o => Common(o) with { EncoderWidth = 24 },
        DuetOptions o => o with { TextWidth = 16, TextHeads = 2 },
        _ => options,
    };

    private static T Common<T>(T options) where T : GenerativeOptions => options with
    {
        GeneratorWidth = 32,
        CriticWidth = 32,
        InitialDeviation = 0.2,
        SyntheticPerUnseenClass = 12,
        Classifier = Softmax,
    };
}
