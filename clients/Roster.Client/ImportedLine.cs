namespace Roster.Client;

/// <summary>What became of one user of an import.</summary>
public sealed record ImportedLine
{
    /// <summary>Which of the users that were given, 1 for the first.</summary>
    public required long Line { get; init; }

    /// <summary><c>created</c>, <c>exists</c>, <c>invalid</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The user, created or existing.</summary>
    public Guid? Id { get; init; }

    /// <summary>Why it is invalid: sentences by field.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }
}

internal sealed record ImportEnd
{
    public required bool Done { get; init; }

    public string? Error { get; init; }

    public required long Created { get; init; }

    public required long Exists { get; init; }

    public required long Invalid { get; init; }

    public required string ConsistencyToken { get; init; }
}
