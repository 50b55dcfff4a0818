using Roster.Core.Ids;

namespace Roster.Cli.Settings;

/// <summary>Shards that are PostgreSQL databases.</summary>
public sealed record PostgresSettings
{
    /// <summary>Of the setting; the embedded store, which is never stale, checks it too.</summary>
    internal const string MaxStalenessKey = "Consistency:MaxStaleness";

    /// <summary>Connections of a pool that batches take: commits, users, posts.</summary>
    internal const int BatchConnections = 3;

    private const int StandardPoolSize = 16;

    /// <summary>Of the setting.</summary>
    internal static readonly TimeSpan StandardStaleness = TimeSpan.FromSeconds(5);

    /// <summary>The shards, the control shard first.</summary>
    public required IReadOnlyList<PostgresShard> Shards { get; init; }

    /// <summary>False behind a pgbouncer in transaction mode.</summary>
    public required bool PrepareStatements { get; init; }

    /// <summary>Serve although a server may lose what it has acknowledged.</summary>
    public required bool AllowUnsafeDurability { get; init; }

    /// <summary>Connections of a node to each shard, at most.</summary>
    public int PoolSize { get; init; } = StandardPoolSize;

    /// <summary>How old a read without a token may be.</summary>
    public TimeSpan MaxStaleness { get; init; } = StandardStaleness;

    /// <summary>Reads <c>Roster:Shards</c> and <c>Roster:Postgres</c>.</summary>
    internal static PostgresSettings Read(SettingsReader reader)
    {
        var count = ShardSettings.Count(reader);
        return new PostgresSettings
        {
            Shards = count == 0
                ? throw new SettingsException("Roster:Storage is \"postgres\" without a shard: set Roster:Shards:0:Primary to a connection string such as Host=127.0.0.1;Username=roster;Database=roster.")
                : [.. Enumerable.Range(0, count).Select(i => new PostgresShard(
                    new ShardId(i),
                    reader.Text($"Shards:{i}:Primary") ?? throw new SettingsException($"Roster:Shards:{i}:Primary is missing: write the connection string of shard {i}."),
                    reader.Text($"Shards:{i}:Direct"))
                {
                    Replicas = ReplicasOf(reader, i),
                })],
            PrepareStatements = reader.Flag("Postgres:PrepareStatements", standard: true),
            AllowUnsafeDurability = reader.Flag("Postgres:AllowUnsafeDurability", standard: false),
            MaxStaleness = reader.Duration(MaxStalenessKey, StandardStaleness, TimeSpan.FromSeconds(1)),
            PoolSize = reader.Number("Postgres:PoolSize", StandardPoolSize, 2, 500),
        };
    }

    private static string[] ReplicasOf(SettingsReader reader, int shard) =>
        Enumerable.Range(0, reader.Count($"Shards:{shard}:Replicas"))
            .Select(i => reader.Text($"Shards:{shard}:Replicas:{i}")
                ?? throw new SettingsException($"Roster:Shards:{shard}:Replicas:{i} is missing: number a shard's replicas from 0 without gaps."))
            .ToArray();
}

/// <summary>Where a PostgreSQL shard is.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Primary">Npgsql's connection string.</param>
/// <param name="Direct">One past pgbouncer, for migrations; null when it is the same.</param>
public sealed record PostgresShard(ShardId Shard, string Primary, string? Direct)
{
    /// <summary>Connection strings of its other members: which of all leads is found out.</summary>
    public IReadOnlyList<string> Replicas { get; init; } = [];
}
