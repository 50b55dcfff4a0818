using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Posts;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>Puts a user's state rows in place of what lies there.</summary>
internal sealed class Restoring(PostgresDatabase database)
{
    private const string PutUser = """
        INSERT INTO users (bucket, id, tenant, sequence, version, status, name, folded_name, email, email_key, attributes,
                           created_at, updated_at, last_event_at, deleted_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """;

    private const string PutPosts = """
        INSERT INTO posts (bucket, id, user_id, tenant, text, version, created_at, updated_at)
        SELECT $1, id, $2, tenant, text, version, created_at, updated_at
        FROM unnest($3, $4, $5, $6, $7, $8) AS p(id, tenant, text, version, created_at, updated_at)
        ON CONFLICT (bucket, id) DO UPDATE
        SET user_id = excluded.user_id, tenant = excluded.tenant, text = excluded.text, version = excluded.version,
            created_at = excluded.created_at, updated_at = excluded.updated_at
        """;

    private const string PutClaims = """
        INSERT INTO claims (bucket, tenant, email_key, user_id, fence)
        SELECT bucket, tenant, email_key, $1, 0 FROM unnest($2, $3, $4) AS c(bucket, tenant, email_key)
        ON CONFLICT (bucket, tenant, email_key) DO UPDATE SET user_id = excluded.user_id, fence = 0, intent_id = NULL
        """;

    /// <summary>Replaces the rows in one transaction; a claim that another user's row holds wrongly is taken over.</summary>
    public Task RunAsync(
        UserId user, User? state, IReadOnlyList<Post> posts, IReadOnlyList<ClaimKey> claims, CancellationToken cancellation)
    {
        List<Statement> statements =
        [
            new("DELETE FROM users WHERE bucket = $1 AND id = $2", Bound.Of(user.Bucket), Bound.Of(user.Value)),
            new("DELETE FROM posts WHERE bucket = $1 AND user_id = $2", Bound.Of(user.Bucket), Bound.Of(user.Value)),
            new("DELETE FROM claims WHERE user_id = $1", Bound.Of(user.Value)),
        ];
        if (state is not null)
        {
            statements.Add(Put(state));
        }

        statements.Add(new Statement(
            PutPosts,
            Bound.Of(user.Bucket),
            Bound.Of(user.Value),
            Bound.Of([.. posts.Select(p => p.Id.Value)]),
            Bound.Of([.. posts.Select(p => (string?)p.Tenant.Value)]),
            Bound.Of([.. posts.Select(p => (string?)p.Text)]),
            Bound.Of([.. posts.Select(p => p.Version)]),
            Bound.Of([.. posts.Select(p => Timestamps.ToMicroseconds(p.CreatedAt))]),
            Bound.Of([.. posts.Select(p => Timestamps.ToMicroseconds(p.UpdatedAt))])));
        statements.Add(new Statement(
            PutClaims,
            Bound.Of(user.Value),
            Bound.Of([.. claims.Select(c => (short)c.Bucket.Value)]),
            Bound.Of([.. claims.Select(c => (string?)c.Tenant.Value)]),
            Bound.Of([.. claims.Select(c => (string?)c.EmailKey)])));
        return database.RunAsync(statements, cancellation);
    }

    private static Statement Put(User state) => new(
        PutUser,
        Bound.Of(state.Id.Bucket),
        Bound.Of(state.Id.Value),
        Bound.Of(state.Tenant.Value),
        Bound.Of(state.Sequence),
        Bound.Of(state.Version),
        Bound.Of((int)state.Status),
        Bound.Of(state.Name),
        Bound.Of(FoldedName.Of(state.Name)),
        Bound.Of(state.Email),
        Bound.Of(state.EmailKey),
        Bound.Of(state.Attributes.Json),
        Bound.Of(Timestamps.ToMicroseconds(state.CreatedAt)),
        Bound.Of(Timestamps.ToMicroseconds(state.UpdatedAt)),
        Bound.Of(Timestamps.ToMicroseconds(state.LastEventAt)),
        Bound.Of(state.DeletedAt is { } at ? Timestamps.ToMicroseconds(at) : (long?)null));
}
