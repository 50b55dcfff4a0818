using Microsoft.Extensions.Configuration;
using Npgsql;
using Roster.Cli.Settings;
using Roster.Cli.Storage;
using Roster.Storage.Postgres;
using Roster.Tests.Storage.Postgres;

namespace Roster.Tests.Cli.Storage;

/// <summary>Two shards on PostgreSQL, as settings name them.</summary>
internal sealed class PostgresPair(PostgresLab lab, IReadOnlyList<PostgresOptions> shards) : IAsyncDisposable
{
    public IReadOnlyList<PostgresOptions> Shards => shards;

    /// <summary>Two databases; once the storage has been opened they are one store.</summary>
    public static async Task<PostgresPair> MakeAsync(PostgresLab lab) => new(lab, [await lab.CreateAsync(), await lab.CreateAsync(1)]);

    /// <summary>The settings, with others beside them.</summary>
    public RosterSettings Settings(params (string Key, string Value)[] others)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["Urls"] = "http://127.0.0.1:0",
            ["Roster:Storage"] = "postgres",
            ["Roster:Shards:0:Primary"] = shards[0].ConnectionString,
            ["Roster:Shards:1:Primary"] = shards[1].ConnectionString,
        };
        foreach (var (key, value) in others)
        {
            all[key] = value;
        }

        return RosterSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), null, null);
    }

    public Task<OpenedStorage> OpenAsync() => OpenedStorage.OpenAsync(Settings(), CancellationToken.None);

    /// <summary>The database's name.</summary>
    public string NameOf(int shard) => new NpgsqlConnectionStringBuilder(shards[shard].ConnectionString).Database!;

    /// <summary>Runs a statement in a shard's database.</summary>
    public async Task RunAsync(int shard, string sql)
    {
        await using var connection = new NpgsqlConnection(shards[shard].ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var shard in shards)
        {
            await lab.DropAsync(shard);
        }
    }
}
