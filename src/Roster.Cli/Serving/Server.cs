using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Roster.Api;
using Roster.Api.Maintenance;
using Roster.Api.Metrics;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Cli.Working;

namespace Roster.Cli.Serving;

/// <summary>The API on its host: settings, logging, storage and listeners put together.</summary>
internal static class Server
{
    /// <summary>Builds the application on storage that is open.</summary>
    public static WebApplication Build(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage)
    {
        ServerLog.Configure(builder.Logging);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls([.. settings.Urls, .. settings.MetricsUrls]);
        var limit = ConnectionLimit.Of(settings.Feed);
        builder.Services.AddSingleton(settings.Feed with { MaxStreams = limit.Streams });
        builder.Services.AddRosterApi(
            storage.Store,
            storage.Control,
            storage.Progress,
            storage.Placement,
            settings.Auth,
            new MetricsOptions([.. settings.MetricsUrls.Select(url => BindingAddress.Parse(url).Port)]),
            settings.CrossOrigins);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxConcurrentConnections = limit.Connections);
        builder.Services.AddSingleton(new ExpiryOptions(settings.OutboxRetention, settings.IdempotencyRetention));
        builder.Services.AddHostedService<ExpiryWorker>();
        if (storage.Store.Shards.Count > 1)
        {
            builder.Services.AddHostedService<SettlingWorker>();
        }

        if (settings.Postgres is null)
        {
            // Nobody else can open the store.
            builder.Services.AddEventWork(settings, storage);
        }

        return builder.Build().UseRosterApi();
    }
}
