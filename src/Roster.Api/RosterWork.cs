using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Roster.Api.Health;
using Roster.Api.Metrics;
using Roster.Core.Storage;

namespace Roster.Api;

/// <summary>What a process that only works shows of itself: health and metrics, open to whoever reaches its listener.</summary>
public static class RosterWork
{
    /// <summary>Adds what <see cref="UseRosterWork"/> needs.</summary>
    public static IServiceCollection AddRosterWork(this IServiceCollection services, IStore store)
    {
        services.AddSingleton(store).AddSingleton(TimeProvider.System);
        services.AddRosterMetrics();
        services.AddHostedService<ShardWatch>();
        services.AddRouting();
        return services;
    }

    /// <summary>Puts the endpoints in place.</summary>
    public static WebApplication UseRosterWork(this WebApplication app)
    {
        app.UseRouting();
        app.MapHealth();
        app.MapMetrics();
        return app;
    }
}
