namespace Roster.Client;

/// <summary>An API key.</summary>
public sealed record Key
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>The key itself, only in the answer that made it.</summary>
    public string? Secret { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A key to make.</summary>
/// <param name="Name">Who or what it is for.</param>
/// <param name="Scopes">Such as <c>users:read</c>.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
public sealed record NewKey(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt = null);
