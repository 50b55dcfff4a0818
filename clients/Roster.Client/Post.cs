namespace Roster.Client;

/// <summary>A post as the server shows it.</summary>
public sealed record Post
{
    public required Guid Id { get; init; }

    /// <summary>Its author.</summary>
    public required Guid UserId { get; init; }

    public required string Text { get; init; }

    /// <summary>Grows by one with each change; for <c>ifVersion</c>.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

internal sealed record PostText(string Text);

internal sealed record PostPatch(string? Text);
