using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>Questions about posts. Posts of deleted authors are not there any more.</summary>
internal sealed class PostReads(PostgresDatabase database, StateEncoders encoders)
{
    private const string ByIds = $"""
        SELECT {PostRow.Columns}
        FROM unnest($1, $2) AS k(bucket, id)
        JOIN posts AS p ON p.bucket = k.bucket AND p.id = k.id
        JOIN users AS u ON u.bucket = p.bucket AND u.id = p.user_id
        WHERE u.status <> 2
        """;

    private const string Newest = $"""
        SELECT {PostRow.Columns}, k.n
        FROM unnest($1, $2, $3) WITH ORDINALITY AS k(bucket, user_id, before, n)
        JOIN users AS u ON u.bucket = k.bucket AND u.id = k.user_id AND u.status <> 2
        CROSS JOIN LATERAL (
            SELECT {PostRow.Columns}
            FROM posts AS p
            WHERE p.bucket = k.bucket AND p.user_id = k.user_id AND p.created_at < k.before
            ORDER BY p.created_at DESC LIMIT $4) AS p
        """;

    /// <summary>Posts in the order asked for; null where there is none.</summary>
    public async Task<IReadOnlyList<Read<Post>?>> ByIdsAsync(
        IReadOnlyList<PostId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        PostId[] keys = [.. ids.Distinct()];
        if (keys.Length == 0)
        {
            return [];
        }

        var statement = new Statement(
            ByIds,
            Bound.Of(Array.ConvertAll(keys, id => (short)id.Bucket.Value)),
            Bound.Of(Array.ConvertAll(keys, id => id.Value)));
        var (rows, asOf) = await database.RowsAsOfAsync(statement, PostRow.Read, after, cancellation);
        var found = rows.ToDictionary(post => post.Id, post => Envelope(post, asOf));
        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    /// <summary>The newest posts of each author, in the order asked for.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<Read<Post>>>> NewestAsync(
        IReadOnlyList<PostsOf> authors, int limit, ConsistencyToken after, CancellationToken cancellation)
    {
        PostsOf[] keys = [.. authors];
        if (keys.Length == 0)
        {
            return [];
        }

        var statement = new Statement(
            Newest,
            Bound.Of(Array.ConvertAll(keys, k => (short)k.User.Bucket.Value)),
            Bound.Of(Array.ConvertAll(keys, k => k.User.Value)),
            Bound.Of(Array.ConvertAll(keys, k => k.Before is { } time ? Timestamps.ToMicroseconds(time) : long.MaxValue)),
            Bound.Of(Math.Max(limit, 0)));
        var (rows, asOf) = await database.RowsAsOfAsync(statement, row => (Post: PostRow.Read(row), Author: row.GetInt64(7)), after, cancellation);
        var byAuthor = rows.ToLookup(row => row.Author, row => row.Post);
        return [.. keys.Select((_, i) => byAuthor[i + 1].OrderByDescending(p => p.CreatedAt).Select(p => Envelope(p, asOf)).ToArray())];
    }

    private Read<Post> Envelope(Post post, Position asOf) => new(post, asOf, encoders.Post);
}
