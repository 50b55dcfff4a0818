namespace Roster.Client;

/// <summary>Opens streams of events for a minute, without a key: for browsers.</summary>
public sealed record EventTicket
{
    /// <summary>For <c>GET /events?ticket=</c>; whoever has it may use it.</summary>
    public required string Ticket { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
