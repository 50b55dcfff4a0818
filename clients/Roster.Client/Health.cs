namespace Roster.Client;

/// <summary>How a node is.</summary>
public sealed record Health
{
    /// <summary><c>ok</c>, <c>degraded</c>, <c>draining</c>, <c>unavailable</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Sentences about what is wrong.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
