using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using System.Text.Unicode;

namespace Roster.Core.Json;

/// <summary>
/// The canonical form of a JSON string (RFC 8785, section 3.2.2.2), made from its raw text: what stands between the quotes of a
/// parsed document, still escaped. Nothing is decoded that is already as it must be.
/// </summary>
internal static class CanonicalString
{
    private const byte Escape = (byte)'\\';

    /// <summary>What no store keeps the same on every engine: null, or the end of a sentence.</summary>
    public static string? FindFlaw(ReadOnlySpan<byte> raw)
    {
        if (!Utf8.IsValid(raw))
        {
            return "is not valid UTF-8";
        }

        for (var at = raw.IndexOf(Escape); at >= 0; at = raw.IndexOf(Escape))
        {
            raw = raw[at..];
            switch (TakeEscape(ref raw))
            {
                case 0:
                    return "contains U+0000";
                case < 0:
                    return "contains a lone surrogate";
            }
        }

        return null;
    }

    /// <summary>Writes the canonical string with its quotes; <paramref name="raw"/> has no flaw.</summary>
    public static void Write(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        for (var at = raw.IndexOf(Escape); at >= 0; at = raw.IndexOf(Escape))
        {
            output.Write(raw[..at]);
            raw = raw[at..];
            WriteScalar(TakeEscape(ref raw), output);
        }

        // Unescaped text cannot hold what needs an escape: the parser would have refused it (RFC 8259, section 7).
        output.Write(raw);
        output.Write("\""u8);
    }

    /// <summary>Takes one escape (a surrogate pair counts as one) off the front: its scalar value, or -1 for a lone surrogate.</summary>
    private static int TakeEscape(ref ReadOnlySpan<byte> raw)
    {
        if (raw[1] != (byte)'u')
        {
            int scalar = raw[1] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var itself => itself, // " \ and /
            };
            raw = raw[2..];
            return scalar;
        }

        var first = TakeCodeUnit(ref raw);
        if (!char.IsSurrogate(first))
        {
            return first;
        }

        if (!char.IsHighSurrogate(first) || !raw.StartsWith("\\u"u8))
        {
            return -1;
        }

        var second = TakeCodeUnit(ref raw);
        return char.IsLowSurrogate(second) ? char.ConvertToUtf32(first, second) : -1;
    }

    private static char TakeCodeUnit(ref ReadOnlySpan<byte> raw)
    {
        var parsed = Utf8Parser.TryParse(raw[2..6], out ushort unit, out var used, 'x') && used == 4;
        Debug.Assert(parsed, "The parser of the document lets only four hexadecimal digits through.");
        raw = raw[6..];
        return (char)unit;
    }

    private static void WriteScalar(int scalar, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(6);
        var letter = scalar switch
        {
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '"' or '\\' => (char)scalar,
            _ => '\0',
        };
        if (letter != '\0')
        {
            span[0] = Escape;
            span[1] = (byte)letter;
            output.Advance(2);
        }
        else if (scalar < ' ')
        {
            "\\u00"u8.CopyTo(span);
            span[4] = (byte)('0' + (scalar >> 4));
            span[5] = (byte)"0123456789abcdef"[scalar & 15];
            output.Advance(6);
        }
        else
        {
            output.Advance(new Rune(scalar).EncodeToUtf8(span));
        }
    }
}
