using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about users, for one reading connection.</summary>
internal sealed class UserReads(SqliteDatabase database)
{
    private readonly SqliteStatement byId = database.Prepare("""
        SELECT id, tenant, sequence, version, status, name, email, email_key, attributes,
               created_at, updated_at, last_event_at, deleted_at
        FROM users WHERE id = ?1
        """);

    private readonly SqliteStatement byEmail = database.Prepare("""
        SELECT id, u.tenant, sequence, version, status, name, email, u.email_key, attributes,
               created_at, updated_at, last_event_at, deleted_at
        FROM claims AS c CROSS JOIN users AS u ON u.id = c.user_id AND u.email_key = c.email_key AND u.status <> 2
        WHERE c.bucket = ?1 AND c.tenant = ?2 AND c.email_key = ?3
        """);

    private readonly UserLists lists = new(database);

    /// <summary>A user, or null.</summary>
    public User? ById(UserId id)
    {
        using (byId.Bind(1, id.Value).Open())
        {
            return byId.Step() ? UserRow.Read(byId) : null;
        }
    }

    /// <summary>The owner of an e-mail, or null.</summary>
    public User? ByEmail(ClaimKey email)
    {
        using (byEmail.Bind(1, email.Bucket.Value).Bind(2, email.Tenant.Value).Bind(3, email.EmailKey).Open())
        {
            return byEmail.Step() ? UserRow.Read(byEmail) : null;
        }
    }

    /// <summary>A page of a list.</summary>
    public IReadOnlyList<User> List(UserQuery query)
    {
        if (query.Limit <= 0 || query.Status == UserStatus.Deleted)
        {
            return [];
        }

        var rows = query.NamePrefix is { } prefix
            ? lists.ByName(query, prefix.Span, FoldedName.PrefixEnd(prefix.Span))
            : lists.ById(query);
        var users = new List<User>(Math.Min(query.Limit, 1024));
        using (rows.Open())
        {
            while (rows.Step())
            {
                users.Add(UserRow.Read(rows));
            }
        }

        return users;
    }
}
