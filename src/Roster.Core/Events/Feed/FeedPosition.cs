using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Text;

namespace Roster.Core.Events.Feed;

/// <summary>
/// A place in the events of all shards: for each shard what has been read of its outbox. It is the <c>id</c> of a stream's
/// event and what a stream resumes after. A shard that it does not name has not been read at all. Opaque on the wire: base64url
/// of a version byte, four bytes of a SHA-256 of the rest, and per shard the shard, its timeline and its position
/// (varints): at most 20 bytes a shard, so within 1 KiB for 38 shards whatever the numbers are.
/// </summary>
public sealed class FeedPosition
{
    /// <summary>Longest text that is read, in characters: 256 shards.</summary>
    public const int MaxLength = 8192;

    private const string OldestText = "0";
    private const byte WireVersion = 1;
    private const int CheckLength = 4;
    private const int HeadLength = 1 + CheckLength;

    private readonly ImmutableArray<(ShardId Shard, OutboxCursor Cursor)> cursors;
    private byte[]? utf8;

    private FeedPosition(ImmutableArray<(ShardId Shard, OutboxCursor Cursor)> cursors) => this.cursors = cursors;

    /// <summary>Before everything that is kept; <c>0</c> on the wire.</summary>
    public static FeedPosition Oldest { get; } = new([]);

    /// <summary>The shards that it names, in their order.</summary>
    public IReadOnlyList<(ShardId Shard, OutboxCursor Cursor)> Cursors => cursors;

    /// <summary>The text as UTF-8, made once however many streams send it.</summary>
    public ReadOnlyMemory<byte> Utf8 => utf8 ??= Encoding.ASCII.GetBytes(ToString());

    /// <summary>How far a shard has been read; null when not at all.</summary>
    public OutboxCursor? On(ShardId shard)
    {
        foreach (var known in cursors)
        {
            if (known.Shard == shard)
            {
                return known.Cursor;
            }
        }

        return null;
    }

    /// <summary>The same, with another cursor on a shard.</summary>
    public FeedPosition With(ShardId shard, OutboxCursor cursor)
    {
        var i = 0;
        while (i < cursors.Length && cursors[i].Shard.Value < shard.Value)
        {
            i++;
        }

        return i == cursors.Length || cursors[i].Shard != shard ? new(cursors.Insert(i, (shard, cursor)))
            : cursors[i].Cursor == cursor ? this
            : new(cursors.SetItem(i, (shard, cursor)));
    }

    /// <summary>The same, as if nothing of a shard had been read.</summary>
    public FeedPosition Without(ShardId shard) => new(cursors.RemoveAll(known => known.Shard == shard));

    /// <inheritdoc/>
    public override string ToString()
    {
        if (cursors.IsEmpty)
        {
            return OldestText;
        }

        var bytes = new List<byte>(HeadLength + (cursors.Length * 16));
        CollectionsMarshal.SetCount(bytes, HeadLength);
        foreach (var (shard, cursor) in cursors)
        {
            PositionWire.Write(bytes, shard, cursor.Timeline, cursor.Position);
        }

        var all = CollectionsMarshal.AsSpan(bytes);
        all[0] = WireVersion;
        WriteCheck(all[HeadLength..], all[1..HeadLength]);
        return Base64Url.EncodeToString(all);
    }

    /// <summary>Reads a text; false when it is not one of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out FeedPosition position)
    {
        position = Oldest;
        return text is OldestText || (text.Length <= MaxLength && StrictBase64Url.TryDecode(text, out var bytes) && TryRead(bytes, out position));
    }

    private static bool TryRead(ReadOnlySpan<byte> bytes, out FeedPosition position)
    {
        position = Oldest;
        Span<byte> check = stackalloc byte[CheckLength];
        if (bytes.Length <= HeadLength || bytes[0] != WireVersion)
        {
            return false;
        }

        var rest = bytes[HeadLength..];
        WriteCheck(rest, check);
        if (!check.SequenceEqual(bytes[1..HeadLength]))
        {
            return false;
        }

        var read = Oldest;
        while (!rest.IsEmpty)
        {
            // In the order of shards, each once: what we write.
            if (!PositionWire.TryRead(ref rest, out var one) || (read.cursors is [.., var last] && last.Shard.Value >= one.Shard.Value))
            {
                return false;
            }

            read = read.With(one.Shard, new OutboxCursor(one.Timeline, one.Value));
        }

        position = read;
        return true;
    }

    /// <summary>Against nonsense and broken copies; not against forgery, which would only harm the forger's own stream.</summary>
    private static void WriteCheck(ReadOnlySpan<byte> of, Span<byte> check)
    {
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Hash256.Of(of).CopyTo(digest);
        digest[..CheckLength].CopyTo(check);
    }
}
