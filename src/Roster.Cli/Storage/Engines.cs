using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Cli.Storage;

/// <summary>Every shard's engine, open.</summary>
/// <param name="Stores">One per shard, the control shard's first.</param>
/// <param name="Control">The control data.</param>
/// <param name="Rebuildable">The same shards, for <c>rebuild</c>.</param>
internal sealed record Engines(
    IReadOnlyList<IStore> Stores, IControlStore Control, IReadOnlyDictionary<ShardId, IRebuildableStore> Rebuildable) : IAsyncDisposable
{
    /// <summary>Opens shard after shard; when one cannot be opened, those before it are closed again.</summary>
    /// <param name="shards">What to open.</param>
    /// <param name="open">Opens one, and knows those that are open already.</param>
    /// <param name="controlOf">The control data in the first one.</param>
    public static async Task<Engines> OpenAsync<TShard, TEngine>(
        IReadOnlyList<TShard> shards, Func<TShard, IReadOnlyList<TEngine>, Task<TEngine>> open, Func<TEngine, IControlStore> controlOf)
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

        return new Engines(
            [.. engines.Select(IStore (engine) => engine)],
            controlOf(engines[0]),
            engines.ToDictionary(engine => engine.Shards[0], IRebuildableStore (engine) => engine));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in Stores)
        {
            await store.DisposeAsync();
        }
    }
}
