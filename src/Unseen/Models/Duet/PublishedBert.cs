using Unseen.Models.Encoders;

namespace Unseen.Models.Duet;

/// <summary>The files of a BERT, checked before anything large is read.</summary>
/// <param name="Weights">Safetensors file.</param>
/// <param name="Tokenizer">Its vocabulary.</param>
/// <param name="Sizes">What the weights tell.</param>
internal sealed record PublishedBert(string Weights, WordPieceTokenizer Tokenizer, BertOptions Sizes)
{
    /// <summary>Checks the files that the options name.</summary>
    /// <exception cref="ConfigurationException">The options name none.</exception>
    /// <exception cref="CheckpointMismatchException">The weights are not those of a BERT with this vocabulary.</exception>
    public static PublishedBert Of(DuetOptions options)
    {
        if (options is not { TextWeights: { } weights, TextVocabulary: { } vocabulary })
            throw new ConfigurationException(["options.textEncoder is bert: give its files with options.textWeights (safetensors) and " +
                "options.textVocabulary (vocab.txt), or set options.textEncoder=small."]);
        var tokenizer = WordPieceTokenizer.Load(vocabulary);
        var shapes = WeightShapes.OfFile(weights);
        var file = Architectures.Recognise(shapes);
        if (file.Architecture != "BERT")
            throw new CheckpointMismatchException(
                $"{weights} does not hold the weights of a BERT, such as bert-base-uncased. 'unseen weights check FILE' tells what a file holds.");
        if (file.Problem is { } problem) throw new CheckpointMismatchException($"{weights}: {problem}");
        var sizes = SizesOf(options, shapes);
        if (PublishedHeads.Problem(weights, sizes.Hidden) is { } heads) throw new CheckpointMismatchException($"{weights}: {heads}");
        if (sizes.Vocabulary != tokenizer.Vocabulary)
            throw new CheckpointMismatchException(
                $"{weights} has {sizes.Vocabulary} words, {vocabulary} has {tokenizer.Vocabulary}. Give the vocab.txt that belongs to the weights.");
        return new(weights, tokenizer, sizes);
    }

    /// <summary>Sizes that weights tell, without pooler and head.</summary>
    public static BertOptions SizesOf(DuetOptions options, WeightShapes shapes) =>
        Architectures.BertSizes(shapes, shapes.PrefixOf("bert.", "embeddings.token_type_embeddings.weight") ?? "") with
        {
            Pooler = false,
            MaskedLanguageHead = false,
            Dropout = options.Dropout,
            AttentionDropout = options.Dropout,
        };

    /// <summary>What loading finds.</summary>
    public WeightReport Check() => WeightSet.Check(Sizes.Layout(), Weights, "this BERT");

    /// <summary>Loads the encoder.</summary>
    /// <param name="text">The prompts.</param>
    /// <param name="question">Tokens of the question, the longest sentence that is not cut off.</param>
    /// <exception cref="ConfigurationException">There is no room for the question.</exception>
    public BertEncoder Load(PromptText text, int question) => question <= Sizes.Positions
        ? BertEncoder.Load(Weights, Sizes).Model
        : throw new ConfigurationException([$"The sentence that asks for all {text.Prompts.Length} prompts has {question} tokens, but this BERT takes at most "
            + $"{Sizes.Positions}. Put related attributes under one prompt (the group column of attributes.csv), or set options.textEncoder=small."]);
}
