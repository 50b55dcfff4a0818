using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Core.Storage;

/// <summary>
/// A page of users that are not deleted: ordered by id, or by (folded name, id) when there is a prefix. Names
/// compare as bytes (memcmp), ids as big-endian bytes, on every engine.
/// </summary>
public sealed record UserQuery
{
    /// <summary>Whose users.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>At most so many.</summary>
    public required int Limit { get; init; }

    /// <summary>Only users with this status.</summary>
    public UserStatus? Status { get; init; }

    /// <summary>Only users whose folded name begins so (<see cref="Text.FoldedName"/>).</summary>
    public ReadOnlyMemory<byte>? NamePrefix { get; init; }

    /// <summary>Only users after this key: the last of the page before.</summary>
    public UserListKey? After { get; init; }
}

/// <summary>A user's place in a list.</summary>
/// <param name="Id">The id.</param>
/// <param name="FoldedName">The folded name, in lists ordered by name; empty otherwise.</param>
public sealed record UserListKey(UserId Id, ReadOnlyMemory<byte> FoldedName);

/// <summary>Which past state: the one with exactly a version, or the last one at or before a time.</summary>
public readonly record struct PastState(long? Version, DateTimeOffset? At)
{
    /// <summary>The state that has exactly this version.</summary>
    public static PastState OfVersion(long version) => new(version, null);

    /// <summary>The state as it was at a time.</summary>
    public static PastState AtTime(DateTimeOffset time) => new(null, time);
}

/// <summary>One author's posts, newest first.</summary>
/// <param name="User">The author.</param>
/// <param name="Before">Only posts published before this, for the next page; null for the newest.</param>
public readonly record struct PostsOf(UserId User, DateTimeOffset? Before);
