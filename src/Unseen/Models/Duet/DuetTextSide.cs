using Unseen.Data;
using Unseen.Models.Encoders;
using static TorchSharp.torch;

namespace Unseen.Models.Duet;

/// <summary>The text encoder ENC_lan with the sentences that it needs after training: template, question, facts.</summary>
internal sealed class DuetTextSide : IDisposable
{
    private const string Prefix = "text.";

    private readonly Dictionary<string, Tensor> constants;

    private DuetTextSide(BertEncoder encoder, Dictionary<string, Tensor> constants) => (Encoder, this.constants) = (encoder, constants);

    /// <summary>The transformer.</summary>
    public BertEncoder Encoder { get; }

    /// <summary>Weights and sentences by name.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State =>
        Encoder.Parameters.Select(p => KeyValuePair.Create(Prefix + p.Key, (Tensor)p.Value)).Concat(constants);

    /// <summary>The trained parameters by name.</summary>
    public IEnumerable<(string Name, TorchSharp.Modules.Parameter Parameter)> Parameters => Encoder.Parameters.Select(p => (Prefix + p.Key, p.Value));

    /// <summary>Word embeddings [vocabulary, hidden].</summary>
    public Tensor WordTable => Encoder.Parameters["bert.embeddings.word_embeddings.weight"];

    /// <summary>Ids of the template [1, tokens], int64, in the dispose scope of the caller.</summary>
    public Tensor Template => constants["template_tokens"].to(int64).unsqueeze(0);

    /// <summary>Ids of the question [1, tokens], int64, in the dispose scope of the caller.</summary>
    public Tensor Question => constants["question_tokens"].to(int64).unsqueeze(0);

    /// <summary>Places of the masks in the question, one per prompt [1, prompts], int64.</summary>
    public Tensor QuestionPlaces => constants["question_places"].to(int64).unsqueeze(0);

    /// <summary>Ids of the facts, one row each, -1 after the last [facts, tokens].</summary>
    public Tensor FactTokens => constants["fact_tokens"];

    /// <summary>Prompt of each fact [facts].</summary>
    public Tensor FactPrompts => constants["fact_prompts"];

    /// <summary>An untrained text side; random numbers come from torch's global generator.</summary>
    /// <exception cref="ConfigurationException">BERT is asked for and its files are not given.</exception>
    public static (DuetTextSide Side, PromptText Text) Create(DuetOptions options, ZslProblem problem, ClassFacts facts)
    {
        var published = options.Text() == DuetTextEncoder.Bert ? PublishedBert.Of(options) : null;
        IPromptTokenizer tokenizer = published is not null ? new BertPrompts(published.Tokenizer)
            : new WordPrompts(PromptText.Texts(facts.Facts).Concat(problem.Attributes.Select(a => a.Phrase)));
        var limit = Math.Min(options.SentenceLimit, published?.Sizes.Positions ?? long.MaxValue);
        var text = new PromptText(facts.Facts, tokenizer, options.Sentence, (int)limit);
        var (question, places) = text.Question();
        var encoder = published?.Load(text, question.Length) ?? Small(options, problem, facts, tokenizer, question.Length);
        if (!options.TrainText)
            foreach (var parameter in encoder.Parameters.Values) parameter.requires_grad = false;
        var constants = new Dictionary<string, Tensor>
        {
            ["template_tokens"] = Row(text.Template()),
            ["question_tokens"] = Row(question),
            ["question_places"] = Row(places),
            ["fact_tokens"] = Table(text, facts.Facts.Count),
            ["fact_prompts"] = Row(text.PromptOf),
        };
        foreach (var constant in constants.Values) constant.DetachFromDisposeScope();
        return (new(encoder, constants), text);
    }

    /// <summary>A text side from stored tensors, of which it makes copies.</summary>
    /// <exception cref="CheckpointMismatchException">A tensor is missing or has another shape.</exception>
    public static DuetTextSide Load(DuetOptions options, IReadOnlyDictionary<string, Tensor> state)
    {
        using var scope = NewDisposeScope();
        var weights = state.Where(s => s.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(s => s.Key[Prefix.Length..], s => s.Value);
        var constants = new[] { ("template_tokens", 1), ("question_tokens", 1), ("question_places", 1), ("fact_tokens", 2), ("fact_prompts", 1) }
            .ToDictionary(c => c.Item1, c => StoredState.Require(state, c.Item1, [.. Enumerable.Repeat(-1L, c.Item2)]).detach().clone());
        var encoder = new BertEncoder(Sizes(options, weights), weights);
        var words = encoder.Parameters["bert.embeddings.word_embeddings.weight"].shape[0];
        Require(constants, "template_tokens", words);
        Require(constants, "question_tokens", words);
        Require(constants, "question_places", constants["question_tokens"].shape[0]);
        Require(constants, "fact_tokens", words, least: -1);
        Require(constants, "fact_prompts", constants["question_places"].shape[0]);
        foreach (var constant in constants.Values) constant.DetachFromDisposeScope();
        return new(encoder, constants);
    }

    /// <summary>Whole numbers within a range: a model file is not trusted.</summary>
    private static void Require(Dictionary<string, Tensor> constants, string name, long limit, int least = 0)
    {
        var ids = constants[name];
        if (ids.numel() == 0 || !(ids.min().item<float>() >= least && ids.max().item<float>() < limit) || !ids.frac().eq(0).all().item<bool>())
            throw new CheckpointMismatchException($"Model tensor '{name}' must hold whole numbers from {least} to {limit - 1}. Was model.safetensors edited?");
    }

    private static BertEncoder Small(DuetOptions options, ZslProblem problem, ClassFacts facts, IPromptTokenizer tokenizer, int longest)
    {
        var encoder = new BertEncoder(SmallSizes(options) with { Vocabulary = tokenizer.Count, Positions = Math.Max(options.SentenceLimit, longest) });
        using var scope = NewDisposeScope();
        using var constants = no_grad();
        encoder.Parameters["bert.embeddings.word_embeddings.weight"]
            .copy_(WordEmbeddings.Create(tokenizer, problem.Attributes, problem.WordVectors ?? facts.WordVectors, options.TextWidth));
        return encoder;
    }

    private static BertOptions SmallSizes(DuetOptions options) => new()
    {
        Pooler = false,
        Dropout = options.Dropout,
        AttentionDropout = options.Dropout,
        Hidden = options.TextWidth,
        Layers = options.TextLayers,
        Heads = options.TextHeads,
        FeedForward = 4 * options.TextWidth,
        TokenTypes = 1,
    };

    private static BertOptions Sizes(DuetOptions options, Dictionary<string, Tensor> weights)
    {
        if (options.Text() == DuetTextEncoder.Bert) return PublishedBert.SizesOf(options, WeightShapes.Of(weights));
        var words = StoredState.Require(weights, "bert.embeddings.word_embeddings.weight", -1, -1);
        var positions = StoredState.Require(weights, "bert.embeddings.position_embeddings.weight", -1, -1);
        return SmallSizes(options) with { Vocabulary = words.shape[0], Positions = positions.shape[0] };
    }

    private static Tensor Row(int[] ids) => tensor(Array.ConvertAll(ids, id => (float)id));

    private static Tensor Table(PromptText text, int facts)
    {
        var rows = Enumerable.Range(0, facts).Select(text.Tokens).ToArray();
        var table = new float[facts, rows.Max(r => r.Length)];
        for (var f = 0; f < facts; f++)
            for (var t = 0; t < table.GetLength(1); t++)
                table[f, t] = t < rows[f].Length ? rows[f][t] : -1;
        return tensor(table);
    }

    public void Dispose()
    {
        Encoder.Dispose();
        foreach (var constant in constants.Values) constant.Dispose();
    }
}
