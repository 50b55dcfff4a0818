using Roster.Core.Events;
using Roster.Core.Ids;

namespace Roster.Core.Posts;

/// <summary>Something that happened to a post; it stands in its author's stream.</summary>
/// <param name="Post">The post.</param>
public abstract record PostEvent(PostId Post) : DomainEvent;

/// <summary>A post came to be.</summary>
public sealed record PostPublished(PostId Post, string Text) : PostEvent(Post)
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.post.published.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>A post's text changed.</summary>
public sealed record PostEdited(PostId Post, string Text) : PostEvent(Post)
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.post.edited.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>A post is gone.</summary>
public sealed record PostDeleted(PostId Post) : PostEvent(Post)
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.post.deleted.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}
