using Npgsql;
using Roster.Core.Ids;

namespace Roster.Storage.Postgres;

/// <summary>Which buckets a shard may write.</summary>
/// <param name="Epoch">Of the shard map that says so.</param>
/// <param name="Buckets">A <c>0</c> or <c>1</c> for each bucket.</param>
internal sealed record Ownership(long Epoch, string Buckets)
{
    // Batches hold this lock shared until they have committed: none is under way when the row changes.
    private const string Fence = "SELECT pg_advisory_xact_lock(7265, 1)";

    private const string Tell = "UPDATE owned_buckets SET epoch = $1, buckets = $2::text::bit(4096) WHERE epoch < $1";

    /// <summary>By a map.</summary>
    public static Ownership Of(long epoch, Func<BucketId, bool> owns) => new(epoch, string.Create(BucketId.Count, owns, static (bits, owns) =>
    {
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = owns(new BucketId(i)) ? '1' : '0';
        }
    }));

    /// <summary>What tells a database, in one transaction; it changes a row unless it knows this map or a later one.</summary>
    public IReadOnlyList<Statement> Statements => [new Statement(Fence), new Statement(Tell, Bound.Of(Epoch), Bound.Of(Buckets))];

    /// <summary>Tells a database over a connection that nobody uses yet.</summary>
    public async Task TellAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in Statements)
        {
            statement.AddTo(batch);
        }

        await batch.ExecuteNonQueryAsync();
    }
}
