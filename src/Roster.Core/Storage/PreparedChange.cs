using Roster.Core.Events;
using Roster.Core.Posts;

namespace Roster.Core.Storage;

/// <summary>A change with all that an engine can work out before it begins to write, which is the narrow place.</summary>
public readonly struct PreparedChange(Change change)
{
    /// <summary>The change.</summary>
    public Change Change { get; } = change;

    /// <summary>The name as lists are ordered by it; empty without a user state.</summary>
    public byte[] FoldedName { get; } = change.Next is { } next ? Text.FoldedName.Of(next.Name) : [];

    /// <summary>The events' parts, in their order.</summary>
    public EventPayload[] Payloads { get; } = PayloadsOf(change.Events);

    /// <summary>True when only the stream moved on, not the profile.</summary>
    public bool OnlyPosts { get; } = change.Events.Count > 0 && change.Events.All(e => e.What is PostEvent);

    /// <summary>Prepares a batch.</summary>
    /// <exception cref="ArgumentException">Two changes of one user, or events without the state they lead to.</exception>
    public static PreparedChange[] All(IReadOnlyList<Change> changes)
    {
        var prepared = new PreparedChange[changes.Count];
        var users = changes.Count > 1 ? new HashSet<Ids.UserId>(changes.Count) : null;
        for (var i = 0; i < prepared.Length; i++)
        {
            var change = changes[i];
            if (users is not null && !users.Add(change.User))
            {
                throw new ArgumentException("A batch must not hold two changes of one user.", nameof(changes));
            }

            if (change.Next is null && change.Events.Count + change.Posts.Count + change.Claims.Count > 0)
            {
                throw new ArgumentException("Events, posts and claims need the user state they lead to.", nameof(changes));
            }

            prepared[i] = new PreparedChange(change);
        }

        return prepared;
    }

    private static EventPayload[] PayloadsOf(IReadOnlyList<RecordedEvent> events)
    {
        var payloads = new EventPayload[events.Count];
        for (var i = 0; i < payloads.Length; i++)
        {
            payloads[i] = EventPayload.Of(events[i].What);
        }

        return payloads;
    }
}
