using Roster.Core.Storage;

namespace Roster.Storage.Sqlite;

/// <summary>
/// The shapes of a list of users, one statement each. Lists of all statuses merge one ordered scan for each, so the
/// same index serves them and nothing is sorted.
/// </summary>
internal sealed class UserLists(SqliteDatabase database)
{
    private const string Columns = """
        id, tenant, sequence, version, status, name, email, email_key, attributes,
        created_at, updated_at, last_event_at, deleted_at
        """;

    private const string InId = "FROM users INDEXED BY users_by_id WHERE tenant = ?1 AND id > ?3 AND status =";

    private const string InName = """
        FROM users INDEXED BY users_by_name WHERE tenant = ?1 AND (folded_name, id) > (?4, ?3) AND status =
        """;

    private readonly SqliteStatement byId = database.Prepare($"""
        SELECT {Columns} {InId} 0
        UNION ALL
        SELECT {Columns} {InId} 1
        ORDER BY id LIMIT ?2
        """);

    private readonly SqliteStatement byIdWithStatus = database.Prepare(
        $"SELECT {Columns} {InId} ?6 ORDER BY id LIMIT ?2");

    private readonly SqliteStatement byName = database.Prepare($"""
        SELECT {Columns}, folded_name {InName} 0 AND folded_name < ?5
        UNION ALL
        SELECT {Columns}, folded_name {InName} 1 AND folded_name < ?5
        ORDER BY folded_name, id LIMIT ?2
        """);

    private readonly SqliteStatement byNameWithStatus = database.Prepare(
        $"SELECT {Columns} {InName} ?6 AND folded_name < ?5 ORDER BY folded_name, id LIMIT ?2");

    private readonly SqliteStatement byNameToEnd = database.Prepare($"""
        SELECT {Columns}, folded_name {InName} 0
        UNION ALL
        SELECT {Columns}, folded_name {InName} 1
        ORDER BY folded_name, id LIMIT ?2
        """);

    private readonly SqliteStatement byNameToEndWithStatus = database.Prepare(
        $"SELECT {Columns} {InName} ?6 ORDER BY folded_name, id LIMIT ?2");

    /// <summary>A page ordered by id.</summary>
    public SqliteStatement ById(UserQuery query) => BindAll(query.Status is null ? byId : byIdWithStatus, query);

    /// <summary>A page ordered by name, from a prefix up to the first name beyond it.</summary>
    public SqliteStatement ByName(UserQuery query, ReadOnlySpan<byte> prefix, byte[]? end)
    {
        var statement = (query.Status, end) switch
        {
            (null, null) => byNameToEnd,
            (null, _) => byName,
            (_, null) => byNameToEndWithStatus,
            _ => byNameWithStatus,
        };

        BindAll(statement, query);

        // A key before the prefix begins at the prefix: otherwise names that do not have it would be in the page.
        var after = query.After is { } key ? key.FoldedName.Span : default;
        var inside = query.After is not null && after.SequenceCompareTo(prefix) >= 0;
        statement.Bind(4, inside ? after : prefix);
        if (!inside)
        {
            statement.Bind(3, default(ReadOnlySpan<byte>));
        }

        return end is null ? statement : statement.Bind(5, end);
    }

    private static SqliteStatement BindAll(SqliteStatement statement, UserQuery query)
    {
        statement.Bind(1, query.Tenant.Value).Bind(2, query.Limit);
        if (query.Status is { } status)
        {
            statement.Bind(6, (long)status);
        }

        return query.After is { } key ? statement.Bind(3, key.Id.Value) : statement.Bind(3, default(ReadOnlySpan<byte>));
    }
}
