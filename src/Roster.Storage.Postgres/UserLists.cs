using Roster.Core.Storage;

namespace Roster.Storage.Postgres;

/// <summary>
/// The shapes of a list of users, one statement each. Lists of all statuses merge one ordered scan for each, so the
/// same index serves them and nothing is sorted.
/// </summary>
internal static class UserLists
{
    private const string InId = $"SELECT {UserRow.Columns} FROM users AS u WHERE u.tenant = $1 AND u.id > $3 AND u.status =";

    private const string InName = $"""
        SELECT {UserRow.Columns}, u.folded_name FROM users AS u
        WHERE u.tenant = $1 AND (u.folded_name, u.id) > ($4, $3) AND u.status =
        """;

    private const string AllById = $"({InId} 0) UNION ALL ({InId} 1) ORDER BY id LIMIT $2";

    private const string StatusById = $"{InId} $4 ORDER BY u.id LIMIT $2";

    private const string AllByName = $"""
        ({InName} 0 AND u.folded_name < $5) UNION ALL ({InName} 1 AND u.folded_name < $5) ORDER BY folded_name, id LIMIT $2
        """;

    private const string StatusByName = $"{InName} $6 AND u.folded_name < $5 ORDER BY u.folded_name, u.id LIMIT $2";

    private const string AllByNameToEnd = $"({InName} 0) UNION ALL ({InName} 1) ORDER BY folded_name, id LIMIT $2";

    private const string StatusByNameToEnd = $"{InName} $5 ORDER BY u.folded_name, u.id LIMIT $2";

    /// <summary>All statements, for tests of their plans.</summary>
    public static IReadOnlyList<string> Statements =>
        [AllById, StatusById, AllByName, StatusByName, AllByNameToEnd, StatusByNameToEnd];

    /// <summary>A page ordered by id.</summary>
    public static Statement ById(UserQuery query)
    {
        var after = Bound.Of(query.After?.Id.Value ?? Guid.Empty);
        return query.Status is { } status
            ? new Statement(StatusById, Bound.Of(query.Tenant.Value), Bound.Of(query.Limit), after, Bound.Of((int)status))
            : new Statement(AllById, Bound.Of(query.Tenant.Value), Bound.Of(query.Limit), after);
    }

    /// <summary>A page ordered by name, from a prefix up to the first name beyond it.</summary>
    public static Statement ByName(UserQuery query, byte[] prefix, byte[]? end)
    {
        // A key before the prefix begins at the prefix: otherwise names that do not have it would be in the page.
        var inside = query.After is { } key && key.FoldedName.Span.SequenceCompareTo(prefix) >= 0;
        var tenant = Bound.Of(query.Tenant.Value);
        var limit = Bound.Of(query.Limit);
        var id = Bound.Of(inside ? query.After!.Id.Value : Guid.Empty);
        var name = Bound.Of(inside ? query.After!.FoldedName.ToArray() : prefix);
        return (query.Status, end) switch
        {
            (null, null) => new Statement(AllByNameToEnd, tenant, limit, id, name),
            (null, _) => new Statement(AllByName, tenant, limit, id, name, Bound.Of(end)),
            (_, null) => new Statement(StatusByNameToEnd, tenant, limit, id, name, Bound.Of((int)query.Status.Value)),
            _ => new Statement(StatusByName, tenant, limit, id, name, Bound.Of(end), Bound.Of((int)query.Status.Value)),
        };
    }
}
