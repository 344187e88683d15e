using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Unseen.Web.Security;

/// <summary>The secret of the server, compared in constant time: how long it takes tells nothing about how much was right.</summary>
internal sealed class AccessToken(string token)
{
    private const int LeastForNetworks = 16;
    private const int Most = 512;
    private const string Scheme = "Bearer ";

    private readonly byte[] expected = SHA256.HashData(Encoding.UTF8.GetBytes(token));

    /// <summary>What is wrong with a token for the addresses that are listened on.</summary>
    public static IEnumerable<string> Problems(string? token, bool onLoopbackOnly)
    {
        if (token is null)
        {
            if (!onLoopbackOnly)
                yield return "The server would be reached from other machines, so it needs a token: give --token or the environment variable "
                    + "UNSEEN_TOKEN, or listen on 127.0.0.1.";
            yield break;
        }
        if (token.Length is 0 or > Most || !token.All(c => c is > ' ' and < '\x7f'))
            yield return $"A token has 1 to {Most} printable ASCII characters and no space.";
        else if (!onLoopbackOnly && token.Length < LeastForNetworks)
            yield return $"A token of a server that is reached from other machines has at least {LeastForNetworks} characters, found {token.Length}.";
    }

    /// <summary>Whether a request carries the token; null when it carries none at all.</summary>
    public bool? Check(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.Length == 0) return null;
        return header.Length <= Scheme.Length + Most && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())), expected);
    }
}
