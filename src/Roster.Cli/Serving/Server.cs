using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Api;
using Roster.Api.Health;
using Roster.Api.Maintenance;
using Roster.Api.Metrics;
using Roster.Api.Overload;
using Roster.Api.Realtime;
using Roster.Api.Telemetry;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Cli.Workers;
using Roster.Cli.Working;

namespace Roster.Cli.Serving;

/// <summary>The API on its host: settings, logging, storage and listeners put together.</summary>
internal static class Server
{
    /// <summary>Builds the application on storage that is open.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">All settings.</param>
    /// <param name="storage">The storage.</param>
    /// <param name="inherited">A worker's sockets; null for a server that opens its own.</param>
    public static WebApplication Build(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage, InheritedSockets? inherited)
    {
        Configure(builder, settings, storage, inherited);
        return builder.Build().UseRosterApi();
    }

    /// <summary>The same, with nothing in it but what answers requests: no work in the background, no log.</summary>
    public static WebApplication BuildRehearsal(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage)
    {
        Configure(builder, settings, storage, inherited: null);
        builder.Services.RemoveAll<IHostedService>();
        builder.Logging.ClearProviders();
        return builder.Build().UseRosterApi();
    }

    private static void Configure(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage, InheritedSockets? inherited)
    {
        ServerLog.Configure(builder.Logging, settings.LogFormat);
        builder.Services.AddRosterTraces(settings.Telemetry);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseUrls(inherited is null ? [.. settings.Urls, .. settings.MetricsUrls] : []);
        inherited?.AddTo(builder);
        var limit = ConnectionLimit.Of(settings.Feed);
        builder.Services.AddSingleton(settings.Feed with { MaxStreams = limit.Streams });
        builder.Services.AddRosterCaches(storage.Caches);
        builder.Services.AddSingleton(new LoadSignal(() => storage.Batches.All(batch => batch.IsBusy)));
        if (storage.Shared is { } shared)
        {
            shared.Measure();
            builder.Services.AddSingleton(new HealthNote(() => shared.Calls.Trouble));
        }

        builder.Services.AddRosterApi(
            storage.Store,
            storage.Control,
            storage.Progress,
            storage.Placement,
            settings.Auth,
            new MetricsOptions([.. settings.MetricsUrls.Select(url => BindingAddress.Parse(url).Port)]),
            settings.CrossOrigins);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = InlineSockets.AreOn);
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxConcurrentConnections = limit.Connections);
        builder.Services.AddRateLimit(settings.RateLimit, storage.Shared);
        builder.Services.AddSingleton(new ExpiryOptions(settings.OutboxRetention, settings.IdempotencyRetention));
        builder.Services.AddHostedService<ExpiryWorker>();
        builder.Services.AddHostedService<TroubleWorker>();
        if (storage.Store.Shards.Count > 1)
        {
            builder.Services.AddHostedService<SettlingWorker>();
        }

        if (settings.Postgres is null)
        {
            // Nobody else can open the store.
            builder.Services.AddEventWork(settings, storage);
            builder.Services.AddHostedService(_ => new DataDisk(settings.DataFolder));
        }
    }
}
