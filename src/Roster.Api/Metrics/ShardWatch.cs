using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Api.Metrics;

/// <summary>Asks the shards what <c>/readyz</c> asks them, so that metrics can say which one is away.</summary>
internal sealed class ShardWatch : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly IStore store;
    private readonly TimeProvider time;
    private readonly Meter meter = new(MetricsEndpoint.Meter);
    private IReadOnlyDictionary<ShardId, bool> reachable = new Dictionary<ShardId, bool>();

    public ShardWatch(IStore store, TimeProvider time)
    {
        this.store = store;
        this.time = time;
        meter.CreateObservableGauge("roster.shard.reachable", Measure, unit: null, "1 while the shard answers this node and takes writes, else 0");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            reachable = await LookAsync(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<IReadOnlyDictionary<ShardId, bool>> LookAsync(CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(Pause, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            var away = (await store.CheckAsync(either.Token)).Where(trouble => !trouble.IsPartial).Select(trouble => trouble.Shard).ToHashSet();
            return store.Shards.ToDictionary(shard => shard, shard => !away.Contains(shard));
        }
        catch (Exception e) when (e is OperationCanceledException or StoreUnavailableException)
        {
            return store.Shards.ToDictionary(shard => shard, _ => false);
        }
    }

    private IEnumerable<Measurement<int>> Measure() =>
        reachable.Select(shard => new Measurement<int>(shard.Value ? 1 : 0, new KeyValuePair<string, object?>("shard", shard.Key.Value)));
}
