using Unseen.Evaluation;
using Unseen.Models;
using Unseen.Models.Compatibility;
using Unseen.Models.Cvsc;
using Unseen.Models.Duet;
using Unseen.Models.Generative.CeGzsl;
using Unseen.Models.Generative.FClswgan;
using Unseen.Models.Generative.Mlis;
using Unseen.Models.Linear;
using Unseen.Models.Msdn;
using Unseen.Training;

namespace Unseen.Experiments;

/// <summary>Every method, listed by hand: adding one is one entry here.</summary>
public static class MethodCatalog
{
    /// <summary>All methods, in the order of `unseen methods`.</summary>
    public static IReadOnlyList<MethodDescriptor> All { get; } =
    [
        new("cvsc", "CVsC", "Fu et al., Causal Visual-semantic Correlation for Zero-shot Learning, ACM MM 2024", typeof(CvscOptions),
            new TrainingRecipe { Epochs = 20, BatchSize = 20, LearningRate = 1e-3, Beta1 = 0.5, Beta2 = 0.999, Sampler = SamplerKind.Random },
            GammaScale.Logit, true, CvscPresets.All,
            options => new GradientMethod((problem, precision, state) => new CvscModel((CvscOptions)options, problem, precision, state))),
        new("msdnpp", "MSDN++ (re-derived)",
            "After Chen et al., MSDN++, arXiv 2603.17412, 2026, of which we know the abstract; causal part inferred", typeof(MsdnPlusPlusOptions),
            AttentionPresets.MsdnPlusPlusRecipe, GammaScale.Logit, true, AttentionPresets.MsdnPlusPlus, Attention),
        new("msdn", "MSDN", "Chen et al., MSDN: Mutually Semantic Distillation Network for Zero-Shot Learning, CVPR 2022", typeof(MsdnOptions),
            AttentionPresets.Recipe with { Epochs = 30 }, GammaScale.Logit, true, AttentionPresets.Msdn, Attention),
        new("dazle", "DAZLE",
            "Huynh and Elhamifar, Fine-Grained Generalized Zero-Shot Learning via Dense Attribute-Based Attention, CVPR 2020", typeof(DazleOptions),
            AttentionPresets.Recipe with { Epochs = 20 }, GammaScale.Logit, true, AttentionPresets.Dazle, Attention),
        new("duet", "DUET", "Chen et al., DUET: Cross-modal Semantic Grounding for Contrastive Zero-shot Learning, AAAI 2023", typeof(DuetOptions),
            DuetPresets.Recipe, GammaScale.Logit, true, DuetPresets.All,
            options => new GradientMethod((problem, precision, state) => new DuetModel((DuetOptions)options, problem, precision, state))) { CanReadPictures = true },
        new("mlis", "MLIS", "Refining visual representation for generalized zero-shot recognition through implicit-semantics-guided metric learning, ICLR 2023 submission",
            typeof(MlisOptions), GenerativePresets.MlisRecipe, GammaScale.Logit, true, GenerativePresets.Mlis,
            options => GenerativePresets.Method((problem, precision, cancellation) =>
                new MlisTraining((MlisOptions)options, problem, precision, cancellation), hasEncoder: true)) { ScoresFromSemantics = false },
        new("ce-gzsl", "CE-GZSL", "Han et al., Contrastive embedding for generalized zero-shot learning, CVPR 2021",
            typeof(CeGzslOptions), GenerativePresets.CeGzslRecipe, GammaScale.Logit, true, GenerativePresets.CeGzsl,
            options => GenerativePresets.Method((problem, precision, cancellation) =>
                new CeGzslTraining((CeGzslOptions)options, problem, precision, cancellation), hasEncoder: true)) { ScoresFromSemantics = false },
        new("f-clswgan", "f-CLSWGAN", "Xian et al., Feature generating networks for zero-shot learning, CVPR 2018",
            typeof(FClswganOptions), GenerativePresets.FClswganRecipe, GammaScale.Logit, true, GenerativePresets.FClswgan,
            options => GenerativePresets.Method((problem, precision, cancellation) =>
                new FClswganTraining((FClswganOptions)options, problem, precision, cancellation), hasEncoder: false)) { ScoresFromSemantics = false },
        new("ridge", "Ridge regression to attributes", "Classical baseline; Hoerl and Kennard, Technometrics 1970", typeof(RidgeOptions),
            null, GammaScale.Logit, false, [new("default", "Whole grid on validation", new RidgeOptions())],
            options => new ClosedFormMethod(new LinearMethod((RidgeOptions)options, new RidgeSolver((RidgeOptions)options)))) { HasBf16 = false },
        new("eszsl", "ESZSL", "Romera-Paredes and Torr, An embarrassingly simple approach to zero-shot learning, ICML 2015", typeof(EszslOptions),
            null, GammaScale.Logit, false, [new("default", "Whole grid on validation", new EszslOptions())],
            options => new ClosedFormMethod(new LinearMethod((EszslOptions)options, new EszslSolver((EszslOptions)options)))) { HasBf16 = false },
        new("sae", "SAE", "Kodirov et al., Semantic autoencoder for zero-shot learning, CVPR 2017", typeof(SaeOptions),
            null, GammaScale.Cosine, false, [new("default", "Whole grid on validation", new SaeOptions())],
            options => new ClosedFormMethod(new LinearMethod((SaeOptions)options, new SaeSolver((SaeOptions)options)))) { HasBf16 = false },
        new("ale", "ALE", "Akata et al., Label-Embedding for Image Classification, TPAMI 2016", typeof(AleOptions),
            CompatibilityRecipe, GammaScale.Logit, false, [new("default", "Normalisations on validation", new AleOptions())], Compatibility) { HasBf16 = false },
        new("sje", "SJE", "Akata et al., Evaluation of Output Embeddings for Fine-Grained Image Classification, CVPR 2015", typeof(SjeOptions),
            CompatibilityRecipe, GammaScale.Logit, false, [new("default", "Normalisations on validation", new SjeOptions())], Compatibility) { HasBf16 = false },
        new("devise", "DeViSE", "Frome et al., DeViSE: A Deep Visual-Semantic Embedding Model, NIPS 2013", typeof(DeviseOptions),
            CompatibilityRecipe, GammaScale.Logit, false, [new("default", "Normalisations on validation", new DeviseOptions())], Compatibility) { HasBf16 = false },
    ];

    /// <summary>The method of an identifier.</summary>
    /// <exception cref="UnknownNameException">No such method.</exception>
    public static MethodDescriptor Find(string id) =>
        All.FirstOrDefault(m => m.Id == id) ?? throw new UnknownNameException("method", id, All.Select(m => m.Id));

    /// <summary>The method that options belong to.</summary>
    public static MethodDescriptor Of(MethodOptions options) =>
        All.FirstOrDefault(m => m.OptionsType == options.GetType()) ??
        throw new ConfigurationException([$"No method of the catalog takes options of type {options.GetType().Name}."]);

    /// <summary>Ours: the papers' public code takes one image per step.</summary>
    private static TrainingRecipe CompatibilityRecipe =>
        new() { Epochs = 50, BatchSize = 64, LearningRate = 1e-3, Sampler = SamplerKind.Shuffled, Patience = 20 };

    private static GradientMethod Attention(MethodOptions options) =>
        new((problem, precision, state) => new MutualAttentionModel((AttentionOptions)options, problem, precision, state));

    private static TunedGradientMethod Compatibility(MethodOptions options) => new(
        CompatibilityModel.Grid((CompatibilityOptions)options),
        (settings, problem, state) => CompatibilityModel.Create((CompatibilityOptions)options, settings, problem, state));
}
