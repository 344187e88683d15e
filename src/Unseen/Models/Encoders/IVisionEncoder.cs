using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>A trainable network from pictures to tokens. Not thread-safe; the creator disposes it.</summary>
internal interface IVisionEncoder : IDisposable
{
    /// <summary>Width of tokens and of the global feature.</summary>
    long Width { get; }

    /// <summary>Classes of its classification head; 0 without one.</summary>
    long Classes { get; }

    /// <summary>Format of the products of linear layers; convolutions are 32-bit.</summary>
    Precision Precision { set; }

    /// <summary>All weights by published name, those that are counted and not learned among them.</summary>
    IReadOnlyDictionary<string, Parameter> Parameters { get; }

    /// <summary>Blocks of the network, which follow one another.</summary>
    int Blocks { get; }

    /// <summary>Leading tokens that are no region of the picture, such as the class token.</summary>
    int SpecialTokens { get; }

    /// <summary>The tokens of a batch; gradients flow.</summary>
    /// <param name="pixels">Normalised pictures [batch, 3, height, width].</param>
    /// <param name="training">Drops at random, from torch's global generator, where the options say so.</param>
    /// <returns>[batch, tokens, width].</returns>
    Tensor Tokens(Tensor pixels, bool training = false);

    /// <summary>First half of <see cref="Tokens"/>: what comes before the blocks, and the first blocks.</summary>
    /// <param name="pixels">Normalised pictures [batch, 3, height, width].</param>
    /// <param name="blocks">How many blocks, from 0 to all.</param>
    /// <param name="training">Drops at random.</param>
    /// <returns>What <see cref="Finish"/> takes; the first axis is the batch.</returns>
    Tensor Begin(Tensor pixels, int blocks, bool training = false);

    /// <summary>Second half of <see cref="Tokens"/>: the other blocks, and what comes after the blocks.</summary>
    /// <param name="state">What <see cref="Begin"/> made with as many blocks.</param>
    /// <param name="blocks">How many blocks are done.</param>
    /// <param name="training">Drops at random.</param>
    /// <returns>[batch, tokens, width].</returns>
    Tensor Finish(Tensor state, int blocks, bool training = false);

    /// <summary>True for a parameter that <see cref="Begin"/> uses with so many blocks.</summary>
    bool BelongsToBegin(string parameter, int blocks);

    /// <summary>One vector per picture: the class token, or the mean of the tokens where there is none.</summary>
    /// <param name="tokens">[batch, tokens, width].</param>
    /// <returns>[batch, width].</returns>
    Tensor Global(Tensor tokens);

    /// <summary>Scores of the head's classes [batch, classes], as the published network predicts.</summary>
    /// <param name="tokens">[batch, tokens, width].</param>
    /// <exception cref="InvalidOperationException">There is no head.</exception>
    Tensor Logits(Tensor tokens);
}
