using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Batching;
using Roster.Storage.Sqlite;

namespace Roster.Cli.Storage;

/// <summary>The configured storage, open: the only place that names engines.</summary>
internal sealed record OpenedStorage(IStore Store, IControlStore Control, IRebuildableStore Rebuildable, Placement Placement)
    : IAsyncDisposable
{
    /// <summary>Name of the secret that says where an e-mail lives.</summary>
    public const string PlacementSecret = "placement";

    /// <summary>Opens, migrates and decorates: batching on top of the engine.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be opened, with a sentence.</exception>
    public static async Task<OpenedStorage> OpenAsync(RosterSettings settings, CancellationToken cancellation)
    {
        var engine = await SqliteStore.OpenAsync(
            new SqliteOptions { Folder = settings.DataFolder, Shard = ShardId.Control }, RosterApi.Encoders, cancellation);
        var candidate = System.Security.Cryptography.RandomNumberGenerator.GetBytes(Placement.SecretLength);
        var secret = await engine.Control.SecretAsync(PlacementSecret, candidate, cancellation);
        return new OpenedStorage(
            new BatchingStore(engine, settings.Batching, new BatchingOptions { Capacity = settings.Batching.Capacity }), engine.Control, engine, new Placement(secret));
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
