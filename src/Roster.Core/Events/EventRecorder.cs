using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Core.Events;

/// <summary>Turns what was decided into recorded events: ids, sequence, version, one time for all of a request.</summary>
public sealed class EventRecorder(IdFactory ids, TimeProvider time)
{
    /// <summary>Records decided events after a state.</summary>
    /// <param name="user">Whose stream.</param>
    /// <param name="state">The state they were decided on; null before the first.</param>
    /// <param name="version">The version of the resource that they lead to.</param>
    /// <param name="actor">Who did it.</param>
    /// <param name="decided">What was decided, in order.</param>
    public IReadOnlyList<RecordedEvent> Record(
        UserId user, User? state, long version, string actor, IReadOnlyList<DomainEvent> decided)
    {
        var at = Timestamps.Next(time.GetUtcNow(), state?.LastEventAt);
        var sequence = state?.Sequence ?? 0;
        var recorded = new RecordedEvent[decided.Count];
        for (var i = 0; i < recorded.Length; i++)
        {
            recorded[i] = new RecordedEvent
            {
                Id = ids.Next(user.Bucket),
                User = user,
                Sequence = ++sequence,
                Version = version,
                At = at,
                Actor = actor,
                What = decided[i],
            };
        }

        return recorded;
    }
}
