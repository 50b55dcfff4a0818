using System.Text.Json.Nodes;

namespace Roster.Client;

/// <summary>What happened to a user or a post: a CloudEvent 1.0.</summary>
public sealed record Event
{
    public required string Specversion { get; init; }

    public required Guid Id { get; init; }

    public required string Source { get; init; }

    /// <summary>Such as <c>roster.user.signedUp.v1</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The user.</summary>
    public required Guid Subject { get; init; }

    public required DateTimeOffset Time { get; init; }

    public required string Datacontenttype { get; init; }

    /// <summary>The user's event counter, as a number in a text.</summary>
    public required string Sequence { get; init; }

    /// <summary>Who did it.</summary>
    public required string Actor { get; init; }

    public required EventData Data { get; init; }
}

/// <summary>The new values of what changed; which there are depends on the event's type.</summary>
public sealed record EventData
{
    /// <summary>The user's or the post's, after it.</summary>
    public required long Version { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    /// <summary>The e-mail before.</summary>
    public string? Previous { get; init; }

    public JsonObject? Attributes { get; init; }

    /// <summary><c>import</c> for users that were imported.</summary>
    public string? Source { get; init; }

    public Guid? PostId { get; init; }

    public string? Text { get; init; }
}
