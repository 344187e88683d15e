using Microsoft.Extensions.Logging;

namespace Unseen.Web.Monitoring;

/// <summary>What is said about the server as a whole.</summary>
internal sealed partial class ServerLog(ILogger<UnseenServer> log)
{
    [LoggerMessage(4, LogLevel.Information, "{Text}")]
    public partial void Say(string text);

    [LoggerMessage(5, LogLevel.Information, "The model '{Model}' stays f32: method '{Method}' has no large matrix products that another number format would make faster.")]
    public partial void SayStaysF32(string model, string method);
}
