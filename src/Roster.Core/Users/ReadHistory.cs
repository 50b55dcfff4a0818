using System.Buffers.Binary;
using Roster.Core.Events;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Users;

/// <summary>A user's events, oldest first.</summary>
public sealed class ReadHistory(IStore store, GetUsers users)
{
    /// <summary>Whether there was such a user, whether the cursor was one of this list, and the page.</summary>
    public readonly record struct Result(bool Found, bool CursorFits, Page<RecordedEvent>? Page);

    /// <summary>One page.</summary>
    public async ValueTask<Result> HandleAsync(
        UserId id, int limit, string? cursor, Caller caller, ConsistencyToken after, CancellationToken cancellation)
    {
        var filters = $"history {id}";
        long sequence = 0;
        if (cursor is not null)
        {
            if (!Cursor.TryRead(cursor, filters, out var key) || key.Length != sizeof(long))
            {
                return new Result(Found: true, CursorFits: false, null);
            }

            sequence = BinaryPrimitives.ReadInt64BigEndian(key);
        }

        if (await users.OneAsync(id, caller, after, cancellation) is null)
        {
            return new Result(Found: false, CursorFits: true, null);
        }

        var events = await store.HistoryAsync(id, sequence, limit + 1, after, cancellation);
        return new Result(true, true, events.Count <= limit
            ? new Page<RecordedEvent>(events, null)
            : new Page<RecordedEvent>([.. events.Take(limit)], WriteKey(filters, events[limit - 1].Sequence)));
    }

    private static string WriteKey(string filters, long sequence)
    {
        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, sequence);
        return Cursor.Write(filters, key);
    }
}
