using System.Buffers;
using System.Buffers.Binary;

namespace Roster.Core.Ids;

/// <summary>
/// The layout of every id: UUIDv7 (RFC 9562, 5.7) whose 12 <c>rand_a</c> bits hold the bucket.
/// <code>48 bits Unix milliseconds | 4 bits version 7 | 12 bits bucket | 2 bits variant 10 | 62 bits random</code>
/// Pure, and frozen: golden vectors are checked in with the tests.
/// </summary>
public static class IdLayout
{
    private const ulong RandomMask = (1UL << 62) - 1;
    private static readonly SearchValues<char> Written = SearchValues.Create("0123456789abcdefABCDEF-");

    /// <summary>Puts an id together.</summary>
    /// <param name="unixMilliseconds">0 to 2^48 - 1.</param>
    /// <param name="bucket">The bucket the id shall carry.</param>
    /// <param name="random">The low 62 bits are used.</param>
    public static Guid Compose(long unixMilliseconds, BucketId bucket, ulong random)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bucket.Value, (uint)BucketId.Count - 1, nameof(bucket));
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ((ulong)unixMilliseconds << 16) | 0x7000UL | (uint)bucket.Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], 0x8000_0000_0000_0000UL | (random & RandomMask));
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Parses 36 characters: hexadecimal digits and hyphens. The framework's own parser trims and takes signs.</summary>
    public static bool TryParse(string? text, out Guid id)
    {
        id = default;
        return text is { Length: 36 } && !text.AsSpan().ContainsAnyExcept(Written) && Guid.TryParseExact(text, "D", out id);
    }

    /// <summary>When an id of ours was made, to the millisecond; any UUID yields a time.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    /// <summary>The bucket that an id carries; any UUID yields one, so unknown ids need no special case.</summary>
    public static BucketId BucketOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new BucketId(BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & (BucketId.Count - 1));
    }
}
