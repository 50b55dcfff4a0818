using Roster.Core.Ids;

namespace Roster.Core.Posts;

/// <summary>A post's state: the fold of its author's events that name it (<see cref="PostFold"/>).</summary>
public sealed record Post
{
    /// <summary>The id; it carries the author's bucket.</summary>
    public required PostId Id { get; init; }

    /// <summary>The author.</summary>
    public required UserId User { get; init; }

    /// <summary>The author's tenant.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>1–10,000 characters.</summary>
    public required string Text { get; init; }

    /// <summary>The post's own version. The ETag.</summary>
    public required long Version { get; init; }

    /// <summary>When it was published: unique per author, so it orders the author's posts.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was edited last.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
