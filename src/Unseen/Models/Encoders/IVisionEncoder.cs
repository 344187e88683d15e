using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Unseen.Models.Encoders;

/// <summary>A trainable network from pictures to tokens. Not thread-safe; the creator disposes it.</summary>
internal interface IVisionEncoder : IDisposable
{
    /// <summary>Width of tokens and of the global feature.</summary>
    long Width { get; }

    /// <summary>All weights by published name, those that are counted and not learned among them.</summary>
    IReadOnlyDictionary<string, Parameter> Parameters { get; }

    /// <summary>The tokens of a batch; gradients flow.</summary>
    /// <param name="pixels">Normalised pictures [batch, 3, height, width].</param>
    /// <param name="training">Drops at random, from torch's global generator, where the options say so.</param>
    /// <returns>[batch, tokens, width].</returns>
    Tensor Tokens(Tensor pixels, bool training = false);

    /// <summary>One vector per picture: the class token, or the mean of the tokens where there is none.</summary>
    /// <param name="tokens">[batch, tokens, width].</param>
    /// <returns>[batch, width].</returns>
    Tensor Global(Tensor tokens);
}
