using System.Text;

namespace Roster.Core.Text;

/// <summary>The key by which names are sorted and found by prefix: bytes, compared by memcmp in every engine.</summary>
public static class FoldedName
{
    /// <summary>
    /// UTF-8 of NFC(Fold(NFC(<paramref name="name"/>))): canonical caseless matching (The Unicode Standard, section
    /// 3.13), in code-point order. A lone surrogate, which validation refuses before this, becomes U+FFFD.
    /// </summary>
    public static byte[] Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (Ascii.IsValid(name))
        {
            var key = new byte[name.Length];
            Ascii.ToLower(name, key, out _);
            return key;
        }

        return Encoding.UTF8.GetBytes(UnicodeNormalization.ToNfc(CaseFolding.Fold(UnicodeNormalization.ToNfc(name))));
    }

    /// <summary>
    /// The smallest byte string greater than every string that starts with <paramref name="prefix"/>: the exclusive
    /// end of an index range. Null when there is none, as the prefix is empty or all FF.
    /// </summary>
    public static byte[]? PrefixEnd(ReadOnlySpan<byte> prefix)
    {
        var last = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
        {
            return null;
        }

        var end = prefix[..(last + 1)].ToArray();
        end[last]++;
        return end;
    }
}
