using System.Buffers.Binary;
using System.Buffers.Text;
using Roster.Core.Storage;
using Roster.Core.Text;

namespace Roster.Core.Requests;

/// <summary>
/// A place in a list, opaque to clients: base64url of a version byte, eight bytes of a hash of the list's filters, and
/// the last key. A cursor therefore fits only the list it came from, and knows nothing of shards.
/// </summary>
public static class Cursor
{
    private const byte WireVersion = 1;
    private const int HeadLength = 9;
    private const int MaxLength = 4096;

    /// <summary>Writes a cursor.</summary>
    /// <param name="filters">Text that names the list and its filters.</param>
    /// <param name="key">The last key of the page.</param>
    public static string Write(string filters, ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = new byte[HeadLength + key.Length];
        bytes[0] = WireVersion;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], HashOf(filters));
        key.CopyTo(bytes[HeadLength..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Writes a cursor of a list that is ordered by a number.</summary>
    public static string WriteNumber(string filters, long key)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, key);
        return Write(filters, bytes);
    }

    /// <summary>Reads a cursor of a list that is ordered by a number.</summary>
    public static bool TryReadNumber(string text, string filters, out long key)
    {
        var read = TryRead(text, filters, out var bytes) && bytes.Length == sizeof(long);
        key = read ? BinaryPrimitives.ReadInt64BigEndian(bytes) : 0;
        return read;
    }

    /// <summary>Reads a cursor; false when it is no cursor, or one of another list.</summary>
    public static bool TryRead(string text, string filters, out byte[] key)
    {
        key = [];
        if (text.Length > MaxLength || !StrictBase64Url.TryDecode(text, out var bytes))
        {
            return false;
        }

        if (bytes.Length < HeadLength || bytes[0] != WireVersion
            || BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1)) != HashOf(filters))
        {
            return false;
        }

        key = bytes[HeadLength..];
        return true;
    }

    private static ulong HashOf(string filters)
    {
        Span<byte> digest = stackalloc byte[Hash256.Length];
        Hash256.Of(System.Text.Encoding.UTF8.GetBytes(filters)).CopyTo(digest);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
