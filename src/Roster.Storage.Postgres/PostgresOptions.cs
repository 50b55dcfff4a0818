using Npgsql;
using Roster.Core.Ids;

namespace Roster.Storage.Postgres;

/// <summary>Where a PostgreSQL shard is, and what it may use.</summary>
public sealed record PostgresOptions
{
    /// <summary>Npgsql's connection string of the shard's primary, or of the pgbouncer before it. With replicas it is a member like
    /// the others: which one leads is found out.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Connection strings of the shard's other members.</summary>
    public IReadOnlyList<string> Replicas { get; init; } = [];

    /// <summary>Each member by itself.</summary>
    public IEnumerable<PostgresOptions> Members =>
        Replicas.Prepend(ConnectionString).Select(member => this with { ConnectionString = member, Replicas = [] });

    /// <summary>Where that is, for people: <c>host:port/database</c>, without user and password.</summary>
    public string Address
    {
        get
        {
            var to = new NpgsqlConnectionStringBuilder(ConnectionString);
            return $"{to.Host}:{to.Port}/{to.Database ?? to.Username}";
        }
    }

    /// <summary>The connection string that migrations take, past any pgbouncer; null when it is the same.</summary>
    public string? Direct { get; init; }

    /// <summary>Which shard it is. A database never changes its shard.</summary>
    public ShardId Shard { get; init; } = ShardId.Control;

    /// <summary>Prepared statements, and settings at connecting. False behind a pgbouncer in transaction mode, which passes none of them on.</summary>
    public bool PrepareStatements { get; init; } = true;

    /// <summary>Serve although <c>fsync</c> or <c>synchronous_commit</c> is off: then a power failure takes acknowledged writes.</summary>
    public bool AllowUnsafeDurability { get; init; }

    /// <summary>Connections, at most; callers beyond them wait. Batching needs few: a batch holds one for one round trip.</summary>
    public int PoolSize { get; init; } = 16;

    /// <summary>How long connecting, and waiting for a free connection, may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a read may take.</summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a commit is waited for; then its outcome is unknown to the caller. It is never cancelled.</summary>
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection in use for longer than this has leaked, or hangs: it is twice what a commit is waited for.</summary>
    public TimeSpan LongestHold { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How old a read without a token may be: a replica that may be older is not read from.</summary>
    public TimeSpan MaxStaleness { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a shard that has lost its leader is waited for, with writes and with reads that only a leader can answer.</summary>
    public TimeSpan LeaderPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A replica that takes longer may be dead: then another member is asked too.</summary>
    public TimeSpan HedgeAfter { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a reader of the outbox waits for transactions that began before it, of any database of the server;
    /// then it takes what is sure.</summary>
    public TimeSpan OutboxPatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Checks that the connection strings can be read.</summary>
    /// <exception cref="ArgumentException">One cannot.</exception>
    public void Check()
    {
        _ = new NpgsqlConnectionStringBuilder(Direct);
        foreach (var member in Members)
        {
            _ = new NpgsqlConnectionStringBuilder(member.ConnectionString);
        }
    }
}
