using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;

namespace Roster.Storage.Sqlite;

/// <summary>Questions about streams of events, for one reading connection.</summary>
internal sealed class EventReads(SqliteDatabase database)
{
    private readonly SqliteStatement after = database.Prepare("""
        SELECT user_id, sequence, id, type, version, post_id, at, actor, open, personal
        FROM events WHERE user_id = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3
        """);

    // Posts move only a stream's sequence and clock: an author of thousands still has a short profile.
    private readonly SqliteStatement profile = database.Prepare("""
        SELECT user_id, sequence, id, type, version, post_id, at, actor, open, personal
        FROM events WHERE user_id = ?1 AND post_id IS NULL AND version <= ?2 AND at <= ?3 ORDER BY sequence
        """);

    private readonly SqliteStatement tenantOf = database.Prepare("SELECT tenant FROM users WHERE id = ?1");

    /// <summary>Events after a sequence, oldest first.</summary>
    public IReadOnlyList<RecordedEvent> After(UserId user, long sequence, int limit)
    {
        var events = new List<RecordedEvent>();
        using (after.Bind(1, user.Value).Bind(2, sequence).Bind(3, Math.Max(limit, 0)).Open())
        {
            while (after.Step())
            {
                events.Add(EventRow.Read(after));
            }
        }

        return events;
    }

    /// <summary>The fold of the events up to a version or time.</summary>
    public User? Past(UserId user, PastState when)
    {
        TenantId tenant;
        using (tenantOf.Bind(1, user.Value).Open())
        {
            if (!tenantOf.Step())
            {
                return null;
            }

            tenant = Tenants.Read(tenantOf, 0);
        }

        User? state = null;
        profile.Bind(1, user.Value)
            .Bind(2, when.Version ?? long.MaxValue)
            .Bind(3, when.At is { } time ? Timestamps.ToMicroseconds(time) : long.MaxValue);
        using (profile.Open())
        {
            while (profile.Step())
            {
                state = UserFold.Apply(state, EventRow.Read(profile), tenant);
            }
        }

        return when.Version is { } version && state?.Version != version ? null : state;
    }
}
