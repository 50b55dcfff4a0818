using System.Buffers.Binary;
using System.Text;
using Roster.Core.Ids;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Core.Events.Consuming;

/// <summary>Looks at parked events, and has them tried again; for administrators.</summary>
public sealed class ReviewParked(IProgressStore progress, TimeProvider time)
{
    /// <summary>A consumer's name is not longer.</summary>
    public const int MaxName = 100;

    private const int KeyTail = 16 + sizeof(long);

    /// <summary>A page of parked events; null when the cursor is none of this list.</summary>
    public async ValueTask<Page<ParkedEvent>?> ListAsync(
        string? consumer, int limit, string? cursor, CancellationToken cancellation)
    {
        var filters = $"parked {consumer}";
        ParkedKey? after = null;
        if (cursor is not null)
        {
            if (!Cursor.TryRead(cursor, filters, out var bytes) || bytes.Length < KeyTail)
            {
                return null;
            }

            after = Read(bytes);
        }

        var found = await progress.ParkedAsync(new ParkedQuery { Consumer = consumer, After = after, Limit = limit + 1 }, cancellation);
        return Page.Of(found, limit, last => Cursor.Write(filters, Write(last)));
    }

    /// <summary>Has parked events tried again: of one user, or of all; the number of users, 0 when there is nothing.</summary>
    public ValueTask<int> RetryAsync(string? consumer, string? userId, ValidationErrors errors, CancellationToken cancellation)
    {
        if (consumer is not { Length: > 0 and <= MaxName } || consumer.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add("consumer", $"is required: 1 to {MaxName} characters, without U+0000");
        }

        UserId? user = null;
        if (userId is not null)
        {
            if (UserId.TryParse(userId, out var id))
            {
                user = id;
            }
            else
            {
                errors.Add("userId", "must be a UUID");
            }
        }

        return errors.None ? progress.RetryParkedAsync(consumer!, user, time.GetUtcNow(), cancellation) : new(0);
    }

    private static byte[] Write(ParkedEvent last)
    {
        var name = Encoding.UTF8.GetBytes(last.Consumer);
        var key = new byte[KeyTail + name.Length];
        last.Event.User.Value.TryWriteBytes(key, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(16), last.Event.Sequence);
        name.CopyTo(key, KeyTail);
        return key;
    }

    private static ParkedKey Read(byte[] key) => new(
        Encoding.UTF8.GetString(key.AsSpan(KeyTail)).Replace("\0", string.Empty, StringComparison.Ordinal),
        new UserId(new Guid(key.AsSpan(0, 16), bigEndian: true)),
        BinaryPrimitives.ReadInt64BigEndian(key.AsSpan(16)));
}
