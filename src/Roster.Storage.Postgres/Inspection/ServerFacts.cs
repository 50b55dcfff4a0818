namespace Roster.Storage.Postgres.Inspection;

/// <summary>What a shard's server says of itself.</summary>
public sealed record ServerFacts
{
    /// <summary>A round trip to it, the shortest of three.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>How far its clock is ahead of this machine's; as exact as half the latency.</summary>
    public required TimeSpan ClockAhead { get; init; }

    /// <summary><c>15.13</c>.</summary>
    public required string Version { get; init; }

    /// <summary><c>150013</c>.</summary>
    public required int VersionNumber { get; init; }

    /// <summary>It follows another server, and only reads.</summary>
    public required bool IsStandby { get; init; }

    /// <summary>A pooler such as pgbouncer stands before it.</summary>
    public required bool IsBehindPooler { get; init; }

    /// <summary>The setting <c>fsync</c>.</summary>
    public required string Fsync { get; init; }

    /// <summary>The setting <c>synchronous_commit</c>, as it is for Roster.</summary>
    public required string SynchronousCommit { get; init; }

    /// <summary>The setting <c>full_page_writes</c>.</summary>
    public required string FullPageWrites { get; init; }

    /// <summary>The database's encoding.</summary>
    public required string Encoding { get; init; }

    /// <summary>Where its log is, as a timeline and an LSN; on a standby how far that has been replayed.</summary>
    public required string LogPosition { get; init; }

    /// <summary>Connections of clients to all of its databases.</summary>
    public required int Connections { get; init; }

    /// <summary>How many of them ordinary users may have.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>Standbys that stream from it.</summary>
    public required int Standbys { get; init; }

    /// <summary>Bytes of log that it keeps for replication slots, which fill its disk when nobody reads them.</summary>
    public required long HeldLogBytes { get; init; }

    /// <summary>Age of the oldest transaction that has written; it holds up readers of the outbox. Null when there is none, or it may not be seen.</summary>
    public required TimeSpan? OldestWriter { get; init; }
}
