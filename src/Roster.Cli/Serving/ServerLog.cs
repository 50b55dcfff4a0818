using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Roster.Cli.Serving.Logging;
using Roster.Cli.Settings;

namespace Roster.Cli.Serving;

/// <summary>The log of processes that run for long.</summary>
internal static class ServerLog
{
    /// <summary>On standard error, so that standard output stays for people; each line names its trace.</summary>
    public static void Configure(ILoggingBuilder logging, LogFormat format)
    {
        logging.ClearProviders();
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        Add(logging, format);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // While this logs, the framework makes an activity for each request, exported or not (RequestTrace).
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        // A start that fails ends with one sentence of ours; the host would add stack traces.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // The error middleware logs refusals and faults in its own words.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None);

        // To Kestrel a client that floods a connection is "critical"; it is the client's fault, and its connection is closed.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
    }

    private static void Add(ILoggingBuilder logging, LogFormat format)
    {
        switch (format)
        {
            case LogFormat.Ecs:
                logging.Services.AddSingleton<ConsoleFormatter>(_ => new EcsFormatter(TimeProvider.System, ProgramVersion.Text));
                logging.AddConsole(console => console.FormatterName = EcsFormatter.FormatterName);
                break;
            case LogFormat.Text:
                logging.AddSimpleConsole(console => Shape(console));
                break;
            default:
                logging.AddJsonConsole(console => Shape(console));
                break;
        }
    }

    private static void Shape(ConsoleFormatterOptions console)
    {
        console.IncludeScopes = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        if (console is SimpleConsoleFormatterOptions simple)
        {
            simple.SingleLine = true;
            simple.TimestampFormat += " ";
        }
    }
}
