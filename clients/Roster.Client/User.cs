using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Roster.Client;

/// <summary>A user as the server shows it.</summary>
public sealed record User
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>Whatever the application keeps here.</summary>
    public required JsonObject Attributes { get; init; }

    /// <summary><c>active</c>, <c>suspended</c>, or, for administrators, <c>deleted</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Grows by one with each change; for <c>ifVersion</c>.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When it was deleted, for administrators.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>The newest posts, where they were asked for.</summary>
    public IReadOnlyList<Post>? Posts { get; init; }

    /// <summary>The path of the posts that follow; null when there are none, or none were asked for.</summary>
    public string? PostsNext { get; init; }
}

/// <summary>Somebody to sign up.</summary>
/// <param name="Name">1 to 200 characters, not blank.</param>
/// <param name="Email">Nobody else's, in any spelling.</param>
/// <param name="Attributes">A JSON object of up to 16 KiB; null for none.</param>
public sealed record NewUser(string Name, string Email, JsonObject? Attributes = null);

/// <summary>What to change of a user: what is not set stays.</summary>
public sealed record UserPatch
{
    public string? Name { get; init; }

    public string? Email { get; init; }

    /// <summary>
    /// Merged into the attributes (RFC 7396): null for a key removes it, and null for all of it removes all.
    /// Not set leaves them as they are.
    /// </summary>
    [JsonConverter(typeof(OptionalObjectConverter))]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<JsonObject> Attributes { get; init; }
}

/// <summary>Which users a list has; every filter that is set must hold.</summary>
public sealed record UserFilter
{
    /// <summary>The owner of this e-mail, in any spelling.</summary>
    public string? Email { get; init; }

    /// <summary>Names that begin so, whatever their case; the list is then ordered by name.</summary>
    public string? NamePrefix { get; init; }

    /// <summary><c>active</c> or <c>suspended</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Whether each user comes with its newest posts.</summary>
    public bool WithPosts { get; init; }
}

/// <summary>Those of many ids that are users, and those that are not.</summary>
public sealed record UsersAndMissing
{
    public required IReadOnlyList<User> Users { get; init; }

    public required IReadOnlyList<string> Missing { get; init; }
}

internal sealed record IdList(IReadOnlyList<string> Ids);
