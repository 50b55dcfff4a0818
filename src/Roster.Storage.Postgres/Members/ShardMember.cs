using Npgsql;

namespace Roster.Storage.Postgres.Members;

/// <summary>One server of a shard, and the ways to it. Which one leads is found out, not set (<see cref="MemberWatch"/>).</summary>
internal sealed class ShardMember : IAsyncDisposable
{
    private readonly NpgsqlDataSource leading;
    private readonly NpgsqlDataSource following;

    /// <summary>Connects at the first use.</summary>
    /// <param name="options">Of this member: its own connection string.</param>
    /// <param name="life">Looks new connections over.</param>
    public ShardMember(PostgresOptions options, ShardLife life)
    {
        Options = options;
        leading = PostgresConnections.Pool(options, life.AdmitAsync);
        following = PostgresConnections.Pool(options, life.AdmitFollowerAsync);
    }

    /// <summary>Where it is.</summary>
    public PostgresOptions Options { get; }

    /// <summary>What it was found to be when it was last asked.</summary>
    public MemberState State { get; set; } = MemberState.Unknown;

    /// <summary>Whether it left the last question unanswered; at the second it is away. The watch's own.</summary>
    public bool HasMissedOne { get; set; }

    /// <summary>Connections that were found to lead.</summary>
    public NpgsqlDataSource Leading => leading;

    /// <summary>Connections that only read.</summary>
    public NpgsqlDataSource Following => following;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await leading.DisposeAsync();
        await following.DisposeAsync();
    }
}

/// <summary>What a member of a shard is.</summary>
/// <param name="Role">What it says.</param>
/// <param name="Timeline">The server's timeline; of a follower the one that it receives, or received last; 0 when it has not been seen receiving.</param>
/// <param name="Position">LSN: up to where a leader has flushed, or a follower replayed.</param>
/// <param name="AskedAt">When the question was sent, as <see cref="TimeProvider.GetTimestamp"/> counts.</param>
/// <param name="Trouble">Why it cannot be asked.</param>
internal sealed record MemberState(MemberRole Role, long Timeline, long Position, long AskedAt, string? Trouble)
{
    /// <summary>Not asked yet.</summary>
    public static MemberState Unknown { get; } = new(MemberRole.Away, 0, 0, 0, null);
}

/// <summary>What a member says of itself.</summary>
internal enum MemberRole
{
    /// <summary>Nothing: it does not answer.</summary>
    Away,

    /// <summary>It writes.</summary>
    Leads,

    /// <summary>It replays another's log.</summary>
    Follows,
}
