using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Unseen.Web.Monitoring;

/// <summary>Logs go to standard error, a line each.</summary>
internal static class Logs
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    /// <summary>Sets them up.</summary>
    public static void Configure(ILoggingBuilder logging, bool asJson)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);      // an address in use is told by who starts the server, without its stack
        if (asJson) logging.AddJsonConsole(json => (json.TimestampFormat, json.UseUtcTimestamp) = (Time.TrimEnd(), true));
        else logging.AddSimpleConsole(text =>
            (text.TimestampFormat, text.UseUtcTimestamp, text.SingleLine, text.ColorBehavior) = (Time, true, true, LoggerColorBehavior.Disabled));
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;      // who does not read the log does not stop the server
        });
    }
}
