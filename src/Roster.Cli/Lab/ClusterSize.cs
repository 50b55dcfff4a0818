namespace Roster.Cli.Lab;

/// <summary>What <c>roster lab up</c> runs.</summary>
internal sealed record ClusterSize
{
    /// <summary>Shards.</summary>
    public required int Shards { get; init; }

    /// <summary>PostgreSQL servers of each shard beside the one that leads.</summary>
    public required int Replicas { get; init; }

    /// <summary>API nodes.</summary>
    public required int Nodes { get; init; }

    /// <summary>Processes that relay and consume.</summary>
    public required int Workers { get; init; }

    /// <summary>Whether a pgbouncer stands before each server that leads.</summary>
    public required bool WithBouncers { get; init; }

    /// <summary>Whether a shard's servers are under Patroni.</summary>
    public required bool WithPatroni { get; init; }

    /// <summary>Whether an nginx stands before the nodes.</summary>
    public required bool WithNginx { get; init; }

    /// <summary>Whether nodes share a Redis.</summary>
    public bool WithRedis { get; init; }

    /// <summary>Whether a Kafka broker is among it; null: if it can be had.</summary>
    public required bool? WithKafka { get; init; }
}
