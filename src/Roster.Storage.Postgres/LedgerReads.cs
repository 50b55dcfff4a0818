using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>Questions of rebuilding: rows as they lie there, tombstones' posts too. A page costs one query per kind of row.</summary>
internal sealed class LedgerReads(PostgresDatabase database)
{
    // Ids of all buckets in one order: no index but that of claims has it, so each page goes through the tables.
    private const string Ids = """
        SELECT id FROM users WHERE id > $1
        UNION SELECT user_id FROM posts WHERE user_id > $1
        UNION SELECT user_id FROM claims WHERE user_id > $1
        UNION SELECT user_id FROM events WHERE user_id > $1
        ORDER BY 1 LIMIT $2
        """;

    private const string Keys = "unnest($1, $2) AS k(bucket, id)";

    private const string States = $"SELECT {UserRow.Columns} FROM {Keys} JOIN users AS u ON u.bucket = k.bucket AND u.id = k.id";

    private const string Posts = $"""
        SELECT {PostRow.Columns} FROM {Keys} JOIN posts AS p ON p.bucket = k.bucket AND p.user_id = k.id ORDER BY p.created_at
        """;

    private const string Claims = $"""
        SELECT c.user_id, c.bucket, c.tenant, c.email_key FROM {Keys} JOIN claims AS c ON c.user_id = k.id
        """;

    private const string Events = $"""
        SELECT {EventRow.Columns} FROM {Keys} JOIN events AS e ON e.bucket = k.bucket AND e.user_id = k.id ORDER BY e.sequence
        """;

    /// <summary>Users after an id, found by any row that names them.</summary>
    public async Task<IReadOnlyList<Ledger>> AfterAsync(UserId? after, int limit, CancellationToken cancellation)
    {
        var ids = await database.RowsAsync(
            new Statement(Ids, Bound.Of(after?.Value ?? Guid.Empty), Bound.Of(Math.Max(limit, 0))),
            row => new UserId(row.GetGuid(0)),
            cancellation);
        Statement Of(string sql) => new(
            sql, Bound.Of([.. ids.Select(id => (short)id.Bucket.Value)]), Bound.Of([.. ids.Select(id => id.Value)]));
        var found = await database.RowsAsync<object>(
            [Of(States), Of(Posts), Of(Claims), Of(Events)],
            [
                UserRow.Read,
                PostRow.Read,
                row => (new UserId(row.GetGuid(0)), new ClaimKey(new BucketId(row.GetInt16(1)), UserRow.Tenant(row, 2), row.GetString(3))),
                EventRow.Read,
            ],
            cancellation);
        var states = found[0].Cast<User>().ToDictionary(user => user.Id);
        var posts = found[1].Cast<Post>().ToLookup(post => post.User);
        var claims = found[2].Cast<(UserId User, ClaimKey Key)>().ToLookup(claim => claim.User, claim => claim.Key);
        var events = found[3].Cast<RecordedEvent>().ToLookup(e => e.User);
        return ids.ConvertAll(id => new Ledger(id, states.GetValueOrDefault(id), [.. posts[id]], [.. claims[id]], [.. events[id]]));
    }
}
