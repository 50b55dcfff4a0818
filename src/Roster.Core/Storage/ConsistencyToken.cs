using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Roster.Core.Ids;
using Roster.Core.Text;

namespace Roster.Core.Storage;

/// <summary>
/// What a client must be able to read: at most one position per shard. Every write returns one, and a read that
/// carries it never sees older state. Opaque on the wire: base64url of a version byte and, per shard, the shard
/// (varint), the timeline (varint) and the position (varint).
/// </summary>
public sealed class ConsistencyToken
{
    /// <summary>Most shards that one token speaks of.</summary>
    public const int MaxPositions = 256;

    private const byte WireVersion = 1;

    private readonly ImmutableArray<Position> positions;

    private ConsistencyToken(ImmutableArray<Position> positions) => this.positions = positions;

    /// <summary>Covers nothing: a read that carries it may be as stale as the setting allows.</summary>
    public static ConsistencyToken None { get; } = new([]);

    /// <summary>
    /// For reads that a change is decided on: the latest state, so neither a cache's nor a replica's. Never on the wire.
    /// </summary>
    public static ConsistencyToken Latest { get; } = new([]);

    /// <summary>Whether this is <see cref="Latest"/>.</summary>
    public bool IsLatest => ReferenceEquals(this, Latest);

    /// <summary>The positions, ordered by shard.</summary>
    public IReadOnlyList<Position> Positions => positions;

    /// <summary>A token for one position.</summary>
    public static ConsistencyToken Of(Position position) => new([position]);

    /// <summary>The position to have reached on a shard, or null when the token says nothing of it.</summary>
    public Position? On(ShardId shard)
    {
        foreach (var position in positions)
        {
            if (position.Shard == shard)
            {
                return position;
            }
        }

        return null;
    }

    /// <summary>
    /// A token that covers this one and the position. On one timeline the later position wins; a new timeline
    /// replaces the old one, because the shard itself said that this is where it is now.
    /// </summary>
    public ConsistencyToken Covering(Position position)
    {
        if (IsLatest || (On(position.Shard) is { } known && known.Timeline == position.Timeline && known.Value >= position.Value))
        {
            return this;
        }

        return new([.. positions.Where(p => p.Shard != position.Shard).Append(position).OrderBy(p => p.Shard.Value)]);
    }

    /// <summary>A token that covers both; where timelines differ, the other's is taken.</summary>
    public ConsistencyToken Covering(ConsistencyToken other) =>
        IsLatest || other.IsLatest ? Latest : positions.IsEmpty ? other : other.positions.Aggregate(this, (token, position) => token.Covering(position));

    /// <summary>
    /// A token for reading what both promise, whoever got them first: of two timelines of one shard the higher one, which goes on from
    /// the lower. A token that fits no timeline of the shard is answered by its latest state anyway.
    /// </summary>
    public ConsistencyToken Merged(ConsistencyToken other) => IsLatest || other.IsLatest ? Latest : other.positions.Aggregate(
        this, static (token, position) => token.On(position.Shard) is { } known && known.Timeline > position.Timeline ? token : token.Covering(position));

    /// <summary>The token as it stands in the <c>Consistency-Token</c> header; empty for <see cref="None"/>.</summary>
    public override string ToString()
    {
        if (positions.IsEmpty)
        {
            return string.Empty;
        }

        var bytes = new List<byte>(1 + (positions.Length * 12)) { WireVersion };
        foreach (var position in positions)
        {
            PositionWire.Write(bytes, position.Shard, position.Timeline, position.Value);
        }

        return Base64Url.EncodeToString(CollectionsMarshal.AsSpan(bytes));
    }

    /// <summary>Reads a header's value; false when it is not one of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ConsistencyToken token)
    {
        token = None;
        if (text.Length > 8192 || !StrictBase64Url.TryDecode(text, out var decoded))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = decoded;
        if (bytes is not [WireVersion, ..])
        {
            return false;
        }

        bytes = bytes[1..];
        while (!bytes.IsEmpty)
        {
            if (token.positions.Length == MaxPositions || !PositionWire.TryRead(ref bytes, out var position))
            {
                token = None;
                return false;
            }

            token = token.Covering(position);
        }

        return !token.positions.IsEmpty;
    }
}
