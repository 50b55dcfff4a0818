using Roster.Core.Events;
using Roster.Core.Json;

namespace Roster.Core.Users;

/// <summary>Something that happened to a user's profile.</summary>
public abstract record UserEvent : DomainEvent;

/// <summary>A user came to be.</summary>
/// <param name="Name">The name.</param>
/// <param name="Email">The e-mail, as written.</param>
/// <param name="Attributes">The attributes.</param>
/// <param name="Source">Where it came from when not from a sign-up: <c>import</c>.</param>
public sealed record SignedUp(string Name, string Email, Attributes Attributes, string? Source = null) : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.signedUp.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>Name or attributes changed; what did not change is null.</summary>
public sealed record ProfileChanged(string? Name, Attributes? Attributes) : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.profileChanged.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>The e-mail changed, perhaps only in its writing.</summary>
public sealed record EmailChanged(string Email, string Previous) : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.emailChanged.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>The user may no longer post.</summary>
public sealed record Suspended : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.suspended.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>The user may post again.</summary>
public sealed record Reactivated : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.reactivated.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}

/// <summary>The user is gone, and its posts with it.</summary>
public sealed record UserDeleted : UserEvent
{
    /// <summary>The type on the wire.</summary>
    public const string TypeName = "roster.user.deleted.v1";

    /// <inheritdoc/>
    public override string Type => TypeName;
}
