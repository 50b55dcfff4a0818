namespace Roster.Core.Keys;

/// <summary>Scopes as they are written in keys, tokens and settings.</summary>
public static class ScopeNames
{
    private static readonly (string Name, Scopes Scope)[] All =
    [
        ("users:read", Scopes.UsersRead),
        ("users:write", Scopes.UsersWrite),
        ("posts:read", Scopes.PostsRead),
        ("posts:write", Scopes.PostsWrite),
        ("events:read", Scopes.EventsRead),
        ("admin", Scopes.Admin),
    ];

    /// <summary>What only a JWT can grant: its own user.</summary>
    public const string Self = "self";

    /// <summary>All names that a key can have, for messages.</summary>
    public static string Known { get; } = string.Join(", ", All.Select(scope => scope.Name));

    /// <summary>The scope that a key's name stands for; <see cref="Scopes.None"/> when there is none.</summary>
    public static Scopes Parse(string name) => Array.Find(All, scope => scope.Name == name).Scope;

    /// <summary>All scopes named; unknown names, which only a newer version can have written, grant nothing.</summary>
    public static Scopes ParseAll(IEnumerable<string> names) =>
        names.Aggregate(Scopes.None, (scopes, name) => scopes | Parse(name));

    /// <summary>All scopes that a JWT names: those of keys, and <see cref="Self"/>.</summary>
    public static Scopes ParseToken(IReadOnlyCollection<string> names) =>
        ParseAll(names) | (names.Contains(Self) ? Scopes.Self : Scopes.None);

    /// <summary>Whether what was granted covers all that is needed; <c>admin</c> covers everything.</summary>
    public static bool Cover(this Scopes granted, Scopes needed) =>
        granted.HasFlag(Scopes.Admin) || (granted & needed) == needed;

    /// <summary>The name of a single scope.</summary>
    public static string NameOf(Scopes scope) => Array.Find(All, known => known.Scope == scope).Name;
}
