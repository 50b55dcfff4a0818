namespace Roster.Core.Users;

/// <summary>What a user may do. Stored as its number: never renumber.</summary>
public enum UserStatus
{
    /// <summary>Everything.</summary>
    Active = 0,

    /// <summary>Can be read and changed, but not post.</summary>
    Suspended = 1,

    /// <summary>A tombstone, seen by administrators only.</summary>
    Deleted = 2,
}
