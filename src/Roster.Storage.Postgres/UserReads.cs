using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Postgres;

/// <summary>Questions about users.</summary>
internal sealed class UserReads(PostgresDatabase database, StateEncoders encoders)
{
    private const string ByIds = $"""
        SELECT {UserRow.Columns}
        FROM unnest($1, $2) AS k(bucket, id) JOIN users AS u ON u.bucket = k.bucket AND u.id = k.id
        """;

    private const string ByEmail = $"""
        SELECT {UserRow.Columns}
        FROM claims AS c JOIN users AS u ON u.bucket = roster_bucket(c.user_id) AND u.id = c.user_id
        WHERE c.bucket = $1 AND c.tenant = $2 AND c.email_key = $3 AND u.email_key = c.email_key AND u.status <> 2
        """;

    /// <summary>Users in the order asked for; null where there is none.</summary>
    public async Task<IReadOnlyList<Read<User>?>> ByIdsAsync(
        IReadOnlyList<UserId> ids, ConsistencyToken after, CancellationToken cancellation)
    {
        UserId[] keys = [.. ids.Distinct()];
        if (keys.Length == 0)
        {
            return [];
        }

        var statement = new Statement(
            ByIds,
            Bound.Of(Array.ConvertAll(keys, id => (short)id.Bucket.Value)),
            Bound.Of(Array.ConvertAll(keys, id => id.Value)));
        var (rows, asOf) = await database.RowsAsOfAsync(statement, UserRow.Read, after, cancellation);
        var found = rows.ToDictionary(user => user.Id, user => Envelope(user, asOf));
        return [.. ids.Select(id => found.GetValueOrDefault(id))];
    }

    /// <summary>The owner of an e-mail, or null.</summary>
    public async Task<Read<User>?> ByEmailAsync(ClaimKey email, ConsistencyToken after, CancellationToken cancellation)
    {
        var statement = new Statement(ByEmail, Bound.Of(email.Bucket), Bound.Of(email.Tenant.Value), Bound.Of(email.EmailKey));
        var (rows, asOf) = await database.RowsAsOfAsync(statement, UserRow.Read, after, cancellation);
        return rows is [var user] ? Envelope(user, asOf) : null;
    }

    /// <summary>A page of a list.</summary>
    public async Task<IReadOnlyList<Read<User>>> ListAsync(UserQuery query, ConsistencyToken after, CancellationToken cancellation)
    {
        if (query.Limit <= 0 || query.Status == UserStatus.Deleted)
        {
            return [];
        }

        var statement = query.NamePrefix is { } prefix
            ? UserLists.ByName(query, prefix.ToArray(), FoldedName.PrefixEnd(prefix.Span))
            : UserLists.ById(query);
        var (rows, asOf) = await database.RowsAsOfAsync(statement, UserRow.Read, after, cancellation);
        return rows.ConvertAll(user => Envelope(user, asOf));
    }

    private Read<User> Envelope(User user, Position asOf) => new(user, asOf, encoders.User);
}
