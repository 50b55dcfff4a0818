namespace Roster.Core.Keys;

/// <summary>What a key may do, as flags so that a check is one instruction.</summary>
[Flags]
public enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>users:read</c></summary>
    UsersRead = 1,

    /// <summary><c>users:write</c></summary>
    UsersWrite = 2,

    /// <summary><c>posts:read</c></summary>
    PostsRead = 4,

    /// <summary><c>posts:write</c></summary>
    PostsWrite = 8,

    /// <summary><c>events:read</c></summary>
    EventsRead = 16,

    /// <summary><c>admin</c>: everything.</summary>
    Admin = 32,

    /// <summary><c>self</c>: the one user that a JWT names, with its posts. Never a key's.</summary>
    Self = 64,
}
