using Microsoft.Extensions.DependencyInjection;
using Roster.Cli.Storage;
using Roster.Core.RateLimits;
using Roster.Redis.RateLimits;

namespace Roster.Cli.Serving;

/// <summary>Rate limits as they are set: of each node by itself, or of all together through Redis.</summary>
internal static class RateLimiting
{
    public static void AddRateLimit(this IServiceCollection services, RateLimitOptions? limit, SharedRows? shared)
    {
        if (limit is null)
        {
            return;
        }

        services.AddSingleton(limit);
        services.AddSingleton<IRateLimit>(provider => shared is null
            ? new LocalRateLimit(limit, provider.GetRequiredService<TimeProvider>())
            : new SharedRateLimit(shared.Calls, limit, provider.GetRequiredService<TimeProvider>()));
    }
}
