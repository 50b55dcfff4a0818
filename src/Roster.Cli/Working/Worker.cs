using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Roster.Api;
using Roster.Api.Maintenance;
using Roster.Api.Telemetry;
using Roster.Cli.Serving;
using Roster.Cli.Settings;
using Roster.Cli.Storage;

namespace Roster.Cli.Working;

/// <summary>A process that only works, on its host.</summary>
internal static class Worker
{
    /// <summary>Adds the works to a host, whatever else it does.</summary>
    public static void AddEventWork(this IServiceCollection services, RosterSettings settings, OpenedStorage storage) =>
        services.AddHostedService(provider => new EventWorker(
            tell => new EventWorks(settings, storage, tell), provider.GetRequiredService<ILogger<EventWorker>>()));

    /// <summary>Builds it on storage that is open.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">All settings.</param>
    /// <param name="storage">The storage.</param>
    /// <param name="listens">Whether health and metrics are shown, at <see cref="RosterSettings.Urls"/>.</param>
    public static WebApplication Build(WebApplicationBuilder builder, RosterSettings settings, OpenedStorage storage, bool listens)
    {
        ServerLog.Configure(builder.Logging, settings.LogFormat);
        builder.Services.AddRosterTraces(settings.Telemetry);
        builder.Services.AddRosterWork(storage.Store);
        if (listens)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
            builder.WebHost.UseUrls([.. settings.Urls]);
        }
        else
        {
            builder.Services.AddSingleton<IServer, NoListener>();
        }

        builder.Services.AddEventWork(settings, storage);
        return builder.Build().UseRosterWork();
    }
}
