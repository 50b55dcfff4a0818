using System.Runtime.CompilerServices;

namespace Roster.Client;

/// <content>Events as they happen.</content>
public sealed partial class RosterClient
{
    /// <summary>
    /// Events as they happen, without an end: when the connection is lost it goes on, on any node, after the last event that was
    /// dealt with. None is lost; after a break at an event, that one event may come again.
    /// </summary>
    /// <param name="filter">Which; null for all.</param>
    /// <param name="position">Where to begin, and how far it got; null to begin with what happens from now on.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RosterException">The server refuses; 410 when events after the position are no longer kept.</exception>
    public async IAsyncEnumerable<Event> StreamEventsAsync(
        EventFilter? filter = null, EventPosition? position = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        position ??= new EventPosition();
        while (true)
        {
            var query = Query(
                ("after", position.Value),
                ("types", filter?.Types is { } types ? string.Join(',', types) : null),
                ("userId", filter?.UserId?.ToString()));
            using var response = await sender.SendAsync(ApiRequest.Read($"/events{query}").Streamed(), cancellation);
            await using var blocks = EventBlock.ReadAsync(response, sender.Options.AttemptTimeout, cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(blocks))
            {
                if (blocks.Current.Event is { } happened)
                {
                    yield return happened;
                }

                position.Value = blocks.Current.Id;
            }

            await Task.Delay(sender.Options.FirstPause, sender.Options.Time, cancellation);
        }
    }

    /// <summary>A ticket with which a browser opens streams for a minute.</summary>
    public Task<EventTicket> CreateEventTicketAsync(CancellationToken cancellation = default) =>
        SendAsync(ApiRequest.Ask("/events/tickets"), RosterJson.Default.EventTicket, cancellation);

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<EventBlock> blocks)
    {
        try
        {
            return await blocks.MoveNextAsync();
        }
        catch (Exception e) when (e is IOException or HttpRequestException or TimeoutException)
        {
            // It broke off: another connection goes on.
            return false;
        }
    }
}
