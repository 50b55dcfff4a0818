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
        using (after.Bind(1, user.Value).Bind(2, 0).Bind(3, long.MaxValue).Open())
        {
            while (after.Step() && EventRow.Read(after) is var recorded && !IsBeyond(recorded, when))
            {
                state = UserFold.Apply(state, recorded, tenant);
            }
        }

        return when.Version is { } version && state?.Version != version ? null : state;
    }

    // A post has versions of its own; they say nothing about the profile's.
    private static bool IsBeyond(RecordedEvent recorded, PastState when) =>
        (when.At is { } time && recorded.At > time)
        || (when.Version is { } version && recorded.What is UserEvent && recorded.Version > version);
}
