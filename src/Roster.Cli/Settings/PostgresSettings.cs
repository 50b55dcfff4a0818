using Roster.Core.Ids;

namespace Roster.Cli.Settings;

/// <summary>Shards that are PostgreSQL databases.</summary>
public sealed record PostgresSettings
{
    private const int StandardPoolSize = 16;

    /// <summary>The shards, the control shard first.</summary>
    public required IReadOnlyList<PostgresShard> Shards { get; init; }

    /// <summary>False behind a pgbouncer in transaction mode.</summary>
    public required bool PrepareStatements { get; init; }

    /// <summary>Serve although a server may lose what it has acknowledged.</summary>
    public required bool AllowUnsafeDurability { get; init; }

    /// <summary>Connections of a node to each shard, at most.</summary>
    public int PoolSize { get; init; } = StandardPoolSize;

    /// <summary>Reads <c>Roster:Shards</c> and <c>Roster:Postgres</c>.</summary>
    internal static PostgresSettings Read(SettingsReader reader)
    {
        reader.NotBuiltYet([.. Enumerable.Range(0, reader.Count("Shards")).Select(i => $"Shards:{i}:Replicas")]);
        var count = ShardSettings.Count(reader);
        return new PostgresSettings
        {
            Shards = count == 0
                ? throw new SettingsException("Roster:Storage is \"postgres\" without a shard: set Roster:Shards:0:Primary to a connection string such as Host=127.0.0.1;Username=roster;Database=roster.")
                : [.. Enumerable.Range(0, count).Select(i => new PostgresShard(
                    new ShardId(i),
                    reader.Text($"Shards:{i}:Primary") ?? throw new SettingsException($"Roster:Shards:{i}:Primary is missing: write the connection string of shard {i}."),
                    reader.Text($"Shards:{i}:Direct")))],
            PrepareStatements = reader.Flag("Postgres:PrepareStatements", standard: true),
            AllowUnsafeDurability = reader.Flag("Postgres:AllowUnsafeDurability", standard: false),
            PoolSize = reader.Number("Postgres:PoolSize", StandardPoolSize, 2, 500),
        };
    }
}

/// <summary>Where a PostgreSQL shard is.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Primary">Npgsql's connection string.</param>
/// <param name="Direct">One past pgbouncer, for migrations; null when it is the same.</param>
public sealed record PostgresShard(ShardId Shard, string Primary, string? Direct);
