namespace Roster.Client;

/// <summary>The server refused, or could not; its problem (RFC 9457) says why.</summary>
public sealed class RosterException : Exception
{
    internal RosterException(Problem problem, TimeSpan? retryAfter = null)
        : base($"{problem.Status} {problem.Title}: {problem.Detail}") => (Problem, RetryAfter) = (problem, retryAfter);

    /// <summary>All that the server said.</summary>
    public Problem Problem { get; }

    /// <summary>The HTTP status.</summary>
    public int Status => Problem.Status;

    /// <summary>What kind of problem, to decide by: such as <c>urn:roster:problem:email-taken</c>.</summary>
    public string Type => Problem.Type;

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>What went wrong, as the server says it.</summary>
public sealed record Problem
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Detail { get; init; }

    /// <summary>Sentences by field.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>Stands in the server's log lines about the request.</summary>
    public required string TraceId { get; init; }
}
