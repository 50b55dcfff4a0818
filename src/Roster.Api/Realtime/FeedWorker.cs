using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Roster.Api.Realtime.Tickets;
using Roster.Core.Events.Feed;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Caching;

namespace Roster.Api.Realtime;

/// <summary>Runs the feed while the server does; when it begins to stop, streams end first, so that clients go elsewhere.</summary>
internal sealed class FeedWorker(EventFeed feed, IServiceProvider services, EventTickets tickets, IHostApplicationLifetime lifetime) : BackgroundService
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Made by nobody else: it tells about itself for as long as the server runs.
        services.GetService<CacheMetrics>();
        await tickets.PrepareAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var closing = lifetime.ApplicationStopping.Register(feed.Close);
        await feed.RunAsync(stoppingToken);
    }
}

/// <summary>What the feed tells of changes, beside streams.</summary>
public static class FeedServices
{
    /// <summary>Adds caches that are to be told of every change, and their metrics.</summary>
    public static void AddRosterCaches(this IServiceCollection services, IReadOnlyList<ShardCache> caches)
    {
        foreach (var cache in caches)
        {
            services.AddSingleton(cache);
        }

        services.AddSingleton(_ => new CacheMetrics(caches));
    }

    /// <summary>Adds the feed; its limits may have been set before.</summary>
    internal static void AddRosterEvents(this IServiceCollection services)
    {
        services.TryAddSingleton(new FeedOptions());
        services.AddSingleton<FeedTroubles>();
        services.AddSingleton(provider => new EventFeed(
            provider.GetRequiredService<IStore>(),
            EventFrames.Encode,
            provider.GetRequiredService<FeedOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<FeedTroubles>().Log,
            provider.GetServices<ShardCache>()));
        services.AddHostedService<FeedWorker>();
    }
}

/// <summary>Logs that a shard cannot be followed, at most once in a while for each.</summary>
internal sealed partial class FeedTroubles(TimeProvider time, ILogger<FeedTroubles> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<ShardId, long> told = [];

    public void Log(ShardId shard, Exception e)
    {
        if (!told.TryGetValue(shard, out var last) || time.GetElapsedTime(last) > Pause)
        {
            told[shard] = time.GetTimestamp();
            LogTrouble(e, shard.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The events of shard {Shard} cannot be followed: streams go on with the others, and it is tried again")]
    private partial void LogTrouble(Exception e, int shard);
}
