using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Storage;

/// <summary>Every shard's engine, open.</summary>
/// <param name="Stores">One per shard, the control shard's first.</param>
/// <param name="Control">The control data.</param>
/// <param name="Progress">What readers and consumers have done.</param>
/// <param name="Rebuildable">The same shards, for <c>rebuild</c>.</param>
internal sealed record Engines(
    IReadOnlyList<IStore> Stores,
    IControlStore Control,
    IProgressStore Progress,
    IReadOnlyDictionary<ShardId, IRebuildableStore> Rebuildable) : IAsyncDisposable
{
    /// <summary>Tells every shard which buckets the map gives it, so that it refuses others inside its transactions.</summary>
    public Func<ShardMap, CancellationToken, Task> OwnAsync { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Opens shard after shard; when one cannot be opened, those before it are closed again.</summary>
    /// <param name="shards">What to open.</param>
    /// <param name="open">Opens one, and knows those that are open already.</param>
    /// <param name="controlOf">The control data in the first one, and what readers and consumers have done.</param>
    /// <param name="own">Tells one what it owns; null where nobody else could write.</param>
    public static async Task<Engines> OpenAsync<TShard, TEngine>(
        IReadOnlyList<TShard> shards,
        Func<TShard, IReadOnlyList<TEngine>, Task<TEngine>> open,
        Func<TEngine, (IControlStore Control, IProgressStore Progress)> controlOf,
        Func<TEngine, ShardMap, CancellationToken, Task>? own = null)
        where TEngine : IStore, IRebuildableStore
    {
        var engines = new List<TEngine>();
        try
        {
            foreach (var shard in shards)
            {
                engines.Add(await open(shard, engines));
            }
        }
        catch
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }

            throw;
        }

        var (control, progress) = controlOf(engines[0]);
        return new Engines(
            [.. engines.Select(IStore (engine) => engine)],
            control,
            progress,
            engines.ToDictionary(engine => engine.Shards[0], IRebuildableStore (engine) => engine))
        {
            OwnAsync = (map, cancellation) => own is null
                ? Task.CompletedTask
                : Task.WhenAll(engines.Select(engine => own(engine, map, cancellation))),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in Stores)
        {
            await store.DisposeAsync();
        }
    }
}
