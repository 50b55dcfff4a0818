using Roster.Core.Ids;

namespace Roster.Core.Storage;

/// <summary>One shard's place on the wire, in tokens and in the ids of event streams: shard, timeline and position as varints.</summary>
internal static class PositionWire
{
    public static void Write(List<byte> bytes, ShardId shard, long timeline, long value)
    {
        Varint.Write(bytes, (ulong)shard.Value);
        Varint.Write(bytes, (ulong)timeline);
        Varint.Write(bytes, (ulong)value);
    }

    public static bool TryRead(ref ReadOnlySpan<byte> bytes, out Position position)
    {
        var isRead = Varint.TryRead(ref bytes, out var shard) & Varint.TryRead(ref bytes, out var timeline) & Varint.TryRead(ref bytes, out var value)
            && shard <= int.MaxValue && timeline <= long.MaxValue && value <= long.MaxValue;
        position = isRead ? new Position(new ShardId((int)shard), (long)timeline, (long)value) : default;
        return isRead;
    }
}
