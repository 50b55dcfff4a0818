using Npgsql;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Storage.Inspection;

namespace Roster.Storage.Postgres.Inspection;

/// <summary>A look into a shard's database and its server: all is read when it is opened, over one connection of its own.</summary>
public sealed class PostgresInspection : IShardInspection
{
    private readonly ShardContents? contents;

    private PostgresInspection(ServerFacts server, long schema, long databaseBytes, ShardContents? contents)
    {
        this.contents = contents;
        Server = server;
        Schema = schema;
        DatabaseBytes = databaseBytes;
    }

    /// <summary>What the server says of itself.</summary>
    public ServerFacts Server { get; }

    /// <summary>The shard that the database says it is; null before a server has used it.</summary>
    public int? Shard => contents?.Shard;

    /// <summary>The buckets it may write, and the epoch of the shard map that says so (0: none has yet); null without a schema.</summary>
    public (long Epoch, IReadOnlySet<BucketId> Buckets)? Owned => contents?.Owned;

    /// <inheritdoc/>
    public long Schema { get; }

    /// <inheritdoc/>
    public long Events => contents?.Events ?? 0;

    /// <inheritdoc/>
    public Amount OutboxEntries => contents?.OutboxEntries ?? new Amount(0, true);

    /// <inheritdoc/>
    public DateTimeOffset? OldestOutboxEntry => contents?.OldestOutboxEntry;

    /// <inheritdoc/>
    public DateTimeOffset? NewestOutboxEntry => contents?.NewestOutboxEntry;

    /// <inheritdoc/>
    public long Unsettled => contents?.Unsettled ?? 0;

    /// <inheritdoc/>
    public long DatabaseBytes { get; }

    /// <summary>Looks.</summary>
    /// <param name="options">Where to.</param>
    /// <param name="time">This machine's clock.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    /// <exception cref="InvalidDataException">A newer program has changed its schema.</exception>
    public static async Task<PostgresInspection> OpenAsync(PostgresOptions options, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            await using var connection = PostgresConnections.Single(options);
            await connection.OpenAsync(cancellation);
            var server = await FactsReads.AskAsync(connection, time, cancellation);
            var (schema, needs) = await PostgresMigrations.ReadAsync(connection, cancellation);
            if (PostgresMigrations.Refusal(schema, needs) is { } refusal)
            {
                throw new InvalidDataException(refusal);
            }

            await using var size = new NpgsqlCommand("SELECT pg_database_size(current_database())", connection);
            var bytes = (long)(await size.ExecuteScalarAsync(cancellation))!;
            return new PostgresInspection(server, schema, bytes, schema == 0 ? null : await ContentsReads.AskAsync(connection, cancellation));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw PostgresErrors.Told(error);
        }
    }

    /// <summary>Counted, or what the planner's statistics say.</summary>
    /// <inheritdoc/>
    public Amount Users(IReadOnlyList<BucketId> buckets) => contents?.Users ?? new Amount(0, true);

    /// <inheritdoc/>
    public ShardMap? Map() => contents?.Map;

    /// <inheritdoc/>
    public bool HasSecret(string name) => contents?.Secrets.Contains(name, StringComparer.Ordinal) ?? false;

    /// <inheritdoc/>
    public IReadOnlyList<ApiKey> Keys() => contents?.Keys ?? [];

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }
}
