using System.Buffers;
using System.Globalization;

namespace Roster.Core.Json;

/// <summary>
/// The canonical form of a JSON number (RFC 8785, section 3.2.2.3): the text ECMAScript gives its double (ECMA-262, Number::toString).
/// </summary>
internal static class CanonicalNumber
{
    // "-0.00000" before 17 digits is the longest there is.
    private const int MaxLength = 32;

    /// <summary>
    /// Writes the number; false when the shortest text of its double denotes another decimal than <paramref name="raw"/>.
    /// </summary>
    public static bool TryWrite(ReadOnlySpan<byte> raw, IBufferWriter<byte> output)
    {
        if (!ShortDecimal.TryParse(raw, out var written))
        {
            return false;
        }

        var nearest = written.ToDouble();
        if (!double.IsFinite(nearest) || ShortDecimal.Shortest(nearest) != written)
        {
            return false;
        }

        output.Advance(Format(written, output.GetSpan(MaxLength)));
        return true;
    }

    /// <summary>The five cases of Number::toString, named as there: k digits, and the point after the n-th.</summary>
    private static int Format(ShortDecimal value, Span<byte> to)
    {
        Span<byte> room = stackalloc byte[20];
        value.Significand.TryFormat(room, out var k, default, CultureInfo.InvariantCulture);
        var digits = room[..k];
        var n = k + value.Exponent;
        var text = new Text(to);
        if (value.Negative)
        {
            text.Add("-"u8);
        }

        if (n is < -5 or > 21)
        {
            text.Add(digits[..1]);
            text.Add(k > 1 ? "."u8 : default);
            text.Add(digits[1..]);
            text.Add(n > 0 ? "e+"u8 : "e-"u8);
            Math.Abs(n - 1).TryFormat(room, out var length, default, CultureInfo.InvariantCulture);
            text.Add(room[..length]);
        }
        else if (n <= 0)
        {
            text.Add("0."u8);
            text.AddZeros(-n);
            text.Add(digits);
        }
        else if (n < k)
        {
            text.Add(digits[..n]);
            text.Add("."u8);
            text.Add(digits[n..]);
        }
        else
        {
            text.Add(digits);
            text.AddZeros(n - k);
        }

        return text.Length;
    }

    private ref struct Text(Span<byte> room)
    {
        private readonly Span<byte> _room = room;

        public int Length { get; private set; }

        public void Add(scoped ReadOnlySpan<byte> text)
        {
            text.CopyTo(_room[Length..]);
            Length += text.Length;
        }

        public void AddZeros(int count)
        {
            _room.Slice(Length, count).Fill((byte)'0');
            Length += count;
        }
    }
}
