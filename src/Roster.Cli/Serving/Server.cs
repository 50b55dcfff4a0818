using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Roster.Api;
using Roster.Api.Maintenance;
using Roster.Api.Metrics;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Serving;

/// <summary>The API on its host: settings, logging, storage and listeners put together.</summary>
internal static class Server
{
    /// <summary>Builds the application on storage that is open.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage)
    {
        ConfigureLogging(builder.Logging);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. settings.Urls, .. settings.MetricsUrls]);
        builder.Services.AddRosterApi(
            storage.Store,
            storage.Control,
            storage.Placement,
            settings.Auth,
            new MetricsOptions([.. settings.MetricsUrls.Select(url => BindingAddress.Parse(url).Port)]),
            settings.CrossOrigins);
        builder.Services.AddSingleton(new ExpiryOptions(settings.OutboxRetention, settings.IdempotencyRetention));
        builder.Services.AddHostedService<ExpiryWorker>();
        if (storage.Store.Shards.Count > 1)
        {
            builder.Services.AddHostedService<SettlingWorker>();
        }

        return builder.Build().UseRosterApi();
    }

    /// <summary>Structured JSON on standard error, so that standard output stays for people; each line names its trace.</summary>
    internal static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.Configure(options => options.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // A start that fails ends with one sentence of ours; the host would add stack traces.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        // The error middleware logs refusals and faults in its own words.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None);

        // To Kestrel a client that floods a connection is "critical"; it is the client's fault, and its connection is closed.
        logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.None);
    }
}
