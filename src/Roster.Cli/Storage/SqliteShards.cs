using Roster.Api;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Storage.Sqlite;

namespace Roster.Cli.Storage;

/// <summary>The embedded store's shards.</summary>
internal static class SqliteShards
{
    /// <exception cref="InvalidDataException">A shard that holds users has no database.</exception>
    public static Task<Engines> OpenAsync(IReadOnlyList<ShardSettings> shards, CancellationToken cancellation) =>
        Engines.OpenAsync<ShardSettings, SqliteStore>(
            shards,
            async (shard, before) =>
            {
                var options = new SqliteOptions { Folder = shard.Folder, Shard = shard.Shard };
                if (before is [var first, ..] && !options.Exists && await OwnsAsync(first.Control, shard.Shard, cancellation))
                {
                    throw new InvalidDataException(
                        $"Shard {shard.Shard.Value} holds users, but {shard.Folder} has no database: is its disk there? Else restore a backup.");
                }

                return await SqliteStore.OpenAsync(options, RosterApi.Encoders, cancellation);
            },
            engine => (engine.Control, engine.Progress));

    private static async Task<bool> OwnsAsync(IControlStore control, ShardId shard, CancellationToken cancellation) =>
        await control.ShardMapAsync(cancellation) is { } map && map.Owners.Contains(shard);
}
