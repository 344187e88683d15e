using System.ComponentModel.DataAnnotations;

namespace Unseen.Training;

/// <summary>Optimiser of the gradient methods.</summary>
public enum OptimiserKind
{
    /// <summary>Adam (Kingma and Ba, 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>RMSprop with momentum.</summary>
    RmsProp,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}

/// <summary>How the images of a batch are drawn.</summary>
public enum SamplerKind
{
    /// <summary>Every step draws a batch anew, without replacement inside the batch (authors' codes of DAZLE, MSDN, CVsC).</summary>
    Random,

    /// <summary>Every epoch is a shuffle of all images; a last, smaller batch is kept.</summary>
    Shuffled,

    /// <summary>Every step draws as many classes as the batch holds and one image of each.</summary>
    ClassBalanced,

    /// <summary>Every step draws <see cref="TrainingOptions.Ways"/> classes and <see cref="TrainingOptions.Shots"/> images of each.</summary>
    Episodes,
}

/// <summary>How the learning rate changes.</summary>
public enum ScheduleKind
{
    /// <summary>It does not.</summary>
    Constant,

    /// <summary>Cosine from the learning rate to zero over all steps.</summary>
    Cosine,

    /// <summary>Times <see cref="TrainingOptions.DecayFactor"/> every <see cref="TrainingOptions.DecayEpochs"/> epochs.</summary>
    Step,
}

/// <summary>Training settings a user may override; null means the method's own recipe decides.</summary>
public sealed record TrainingOptions
{
    /// <summary>Largest number of epochs; the clean protocol chooses the best of them on validation classes.</summary>
    [Range(1, 100_000)] public int? Epochs { get; init; }

    /// <summary>Images per step.</summary>
    [Range(1, 100_000)] public int? BatchSize { get; init; }

    /// <summary>Learning rate.</summary>
    [Range(1e-9, 100)] public double? LearningRate { get; init; }

    /// <summary>Optimiser.</summary>
    public OptimiserKind? Optimiser { get; init; }

    /// <summary>First moment decay of Adam and AdamW.</summary>
    [Range(0, 0.9999999)] public double? Beta1 { get; init; }

    /// <summary>Second moment decay of Adam and AdamW.</summary>
    [Range(0, 0.9999999)] public double? Beta2 { get; init; }

    /// <summary>Momentum of RMSprop and SGD.</summary>
    [Range(0, 0.9999999)] public double? Momentum { get; init; }

    /// <summary>Weight decay.</summary>
    [Range(0, 10)] public double? WeightDecay { get; init; }

    /// <summary>Learning rate schedule.</summary>
    public ScheduleKind? Schedule { get; init; }

    /// <summary>Factor of the learning rate at each step of the step schedule; other schedules ignore it.</summary>
    [Range(1e-9, 1)] public double? DecayFactor { get; init; }

    /// <summary>Epochs from one step of the step schedule to the next; other schedules ignore it.</summary>
    [Range(1, 100_000)] public int? DecayEpochs { get; init; }

    /// <summary>How batches are drawn.</summary>
    public SamplerKind? Sampler { get; init; }

    /// <summary>Classes per step of the episodes sampler.</summary>
    [Range(1, 100_000)] public int? Ways { get; init; }

    /// <summary>Images per class and step of the episodes sampler.</summary>
    [Range(1, 100_000)] public int? Shots { get; init; }

    /// <summary>Epochs without a better validation H before training stops; 0 never stops early.</summary>
    [Range(0, 100_000)] public int? Patience { get; init; }

    /// <summary>Epochs from one look at validation to the next; a method trained in stages trains a classifier for every look.</summary>
    [Range(1, 100_000)] public int? EvaluateEvery { get; init; }

    /// <summary>
    /// Parts into which the batch of a step is cut, one after the other: their gradients are averaged by the number of images, so memory is
    /// that of one part. Losses that compare images of a batch see one part only. 1 cuts nothing.
    /// </summary>
    [Range(1, 100_000)] public int? Accumulation { get; init; }

    /// <summary>True: the optimiser forgets its moments at the beginning of every epoch, as the authors' code of DUET does.</summary>
    public bool? ResetOptimiser { get; init; }

    /// <summary>
    /// Decay of a moving average of the weights, which is judged on validation and kept instead of the weights of the last step; 0 keeps no average. With
    /// 0.99 it spans about 100 steps. In step t it is at most (1 + t)/(10 + t), which passes 0.99 after 890 steps and 0.999 after 8990. Of methods whose networks
    /// take turns the steps of all count; their final classifier is not averaged.
    /// </summary>
    [Range(0, 0.9999999)] public double? WeightAverage { get; init; }

    /// <summary>These settings, with the gaps filled by a recipe.</summary>
    public TrainingRecipe Over(TrainingRecipe recipe) => new()
    {
        Epochs = Epochs ?? recipe.Epochs,
        BatchSize = BatchSize ?? recipe.BatchSize,
        LearningRate = LearningRate ?? recipe.LearningRate,
        Optimiser = Optimiser ?? recipe.Optimiser,
        Beta1 = Beta1 ?? recipe.Beta1,
        Beta2 = Beta2 ?? recipe.Beta2,
        Momentum = Momentum ?? recipe.Momentum,
        WeightDecay = WeightDecay ?? recipe.WeightDecay,
        Schedule = Schedule ?? recipe.Schedule,
        DecayFactor = DecayFactor ?? recipe.DecayFactor,
        DecayEpochs = DecayEpochs ?? recipe.DecayEpochs,
        Sampler = Sampler ?? recipe.Sampler,
        Ways = Ways ?? recipe.Ways,
        Shots = Shots ?? recipe.Shots,
        Patience = Patience ?? recipe.Patience,
        EvaluateEvery = EvaluateEvery ?? recipe.EvaluateEvery,
        Accumulation = Accumulation ?? recipe.Accumulation,
        ResetOptimiser = ResetOptimiser ?? recipe.ResetOptimiser,
        WeightAverage = WeightAverage ?? recipe.WeightAverage,
    };
}

/// <summary>Complete training settings of a gradient method; see <see cref="TrainingOptions"/> for the meaning of each.</summary>
public sealed record TrainingRecipe
{
    /// <summary>Largest number of epochs.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images per step.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>Learning rate.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Optimiser.</summary>
    public OptimiserKind Optimiser { get; init; }

    /// <summary>First moment decay of Adam and AdamW.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Second moment decay of Adam and AdamW.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Momentum of RMSprop and SGD.</summary>
    public double Momentum { get; init; }

    /// <summary>Weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Learning rate schedule.</summary>
    public ScheduleKind Schedule { get; init; }

    /// <summary>Factor of the step schedule.</summary>
    public double DecayFactor { get; init; } = 0.8;

    /// <summary>Epochs between two steps of the step schedule.</summary>
    public int DecayEpochs { get; init; } = 10;

    /// <summary>How batches are drawn.</summary>
    public SamplerKind Sampler { get; init; }

    /// <summary>Classes per step of the episodes sampler.</summary>
    public int Ways { get; init; } = 16;

    /// <summary>Images per class and step of the episodes sampler.</summary>
    public int Shots { get; init; } = 2;

    /// <summary>Epochs without a better validation H before training stops; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>Epochs from one look at validation to the next.</summary>
    public int EvaluateEvery { get; init; } = 1;

    /// <summary>Parts into which the batch of a step is cut; 1 cuts nothing.</summary>
    public int Accumulation { get; init; } = 1;

    /// <summary>True: the optimiser forgets its moments at the beginning of every epoch.</summary>
    public bool ResetOptimiser { get; init; }

    /// <summary>Decay of a moving average of the weights, which is judged and kept instead of them; 0 keeps no average.</summary>
    public double WeightAverage { get; init; }

    /// <summary>The same settings as options, none left open.</summary>
    public TrainingOptions ToOptions() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchSize,
        LearningRate = LearningRate,
        Optimiser = Optimiser,
        Beta1 = Beta1,
        Beta2 = Beta2,
        Momentum = Momentum,
        WeightDecay = WeightDecay,
        Schedule = Schedule,
        DecayFactor = DecayFactor,
        DecayEpochs = DecayEpochs,
        Sampler = Sampler,
        Ways = Ways,
        Shots = Shots,
        Patience = Patience,
        EvaluateEvery = EvaluateEvery,
        Accumulation = Accumulation,
        ResetOptimiser = ResetOptimiser,
        WeightAverage = WeightAverage,
    };
}
