using Roster.Core.Ids;
using Roster.Core.Json;

namespace Roster.Core.Users;

/// <summary>A user's state: always the fold of its events (<see cref="UserFold"/>).</summary>
public sealed record User
{
    /// <summary>The id; its bucket is where the user lives.</summary>
    public required UserId Id { get; init; }

    /// <summary>Whose user this is; every read checks it.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The e-mail as the person wrote it, trimmed.</summary>
    public required string Email { get; init; }

    /// <summary>The normalised e-mail that uniqueness is decided on.</summary>
    public required string EmailKey { get; init; }

    /// <summary>A free JSON object, as canonical text.</summary>
    public required Attributes Attributes { get; init; }

    /// <summary>What the user may do.</summary>
    public required UserStatus Status { get; init; }

    /// <summary>The profile's version: one more per request that changed it. The ETag.</summary>
    public required long Version { get; init; }

    /// <summary>The last event's number, over profile and posts together: what a change expects.</summary>
    public required long Sequence { get; init; }

    /// <summary>When the user signed up.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the profile changed last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The time of the last event, posts included: the next one is later.</summary>
    public required DateTimeOffset LastEventAt { get; init; }

    /// <summary>When it was deleted, if it was.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>True unless this is a tombstone.</summary>
    public bool Exists => Status != UserStatus.Deleted;
}
