namespace Roster.Client;

/// <summary>Which events to listen to; what is null filters nothing.</summary>
public sealed record EventFilter
{
    /// <summary>Only these types, such as <c>roster.user.signedUp.v1</c>.</summary>
    public IReadOnlyCollection<string>? Types { get; init; }

    /// <summary>Only this user's.</summary>
    public Guid? UserId { get; init; }
}

/// <summary>
/// How far a stream has been read. The stream moves it on when the next event is asked for: then the one before was dealt
/// with. Keep its text, and a new process goes on from there.
/// </summary>
public sealed class EventPosition
{
    /// <summary>From the oldest event that is kept.</summary>
    public const string Oldest = "0";

    /// <summary>The last position; null before there is one: then the stream begins with what happens from now on.</summary>
    public string? Value { get; set; }
}
