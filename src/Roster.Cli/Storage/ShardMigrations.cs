using Roster.Cli.Settings;
using Roster.Core.Storage;
using Roster.Storage.Postgres;

namespace Roster.Cli.Storage;

/// <summary>Brings the schemas of shards on PostgreSQL up, one after the other; one that cannot be reached holds up no other.</summary>
/// <param name="settings">The shards.</param>
/// <param name="tell">Takes a sentence for each shard.</param>
/// <param name="complain">Takes a sentence for each shard that it could not be done for.</param>
internal sealed class ShardMigrations(PostgresSettings settings, Action<string> tell, Action<string> complain)
{
    /// <summary>Applies what is missing.</summary>
    /// <param name="progress">Told what is under way.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Whether every shard has its schema now.</returns>
    public Task<bool> ApplyAsync(IProgress<string>? progress, CancellationToken cancellation) => ForEachAsync(async shard =>
    {
        var name = PostgresShards.NameOf(shard);
        var applied = await PostgresMigrations.ApplyAsync(shard, progress is null ? null : new Prefixed(name, progress), cancellation);
        return applied.Count == 0
            ? $"{name} is up to date (schema {PostgresMigrations.Newest})."
            : $"{name} has schema {PostgresMigrations.Newest} now ({string.Join(", ", applied)} applied).";
    });

    /// <summary>Only says what is missing.</summary>
    /// <returns>Whether every shard could be asked.</returns>
    public Task<bool> ListAsync(CancellationToken cancellation) => ForEachAsync(async shard =>
    {
        var pending = await PostgresMigrations.PendingAsync(shard, cancellation);
        return pending.Count == 0
            ? $"{PostgresShards.NameOf(shard)} is up to date (schema {PostgresMigrations.Newest})."
            : $"{PostgresShards.NameOf(shard)} would be brought to schema {PostgresMigrations.Newest} by {string.Join(", ", pending)}.";
    });

    private async Task<bool> ForEachAsync(Func<PostgresOptions, Task<string>> act)
    {
        var isWell = true;
        foreach (var shard in settings.Shards.Select(shard => PostgresShards.OptionsOf(settings, shard)).ToList())
        {
            try
            {
                tell(await act(shard));
            }
            catch (Exception e) when (e is StoreUnavailableException or InvalidDataException or System.Data.Common.DbException)
            {
                isWell = false;
                complain($"{PostgresShards.NameOf(shard)}: {e.Message.ReplaceLineEndings(" ").Trim()}");
            }
        }

        return isWell;
    }

    private sealed class Prefixed(string name, IProgress<string> inner) : IProgress<string>
    {
        public void Report(string value) => inner.Report($"{name}: {value}");
    }
}
