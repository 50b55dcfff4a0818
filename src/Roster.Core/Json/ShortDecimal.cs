using System.Diagnostics;
using System.Globalization;
using System.Text.Unicode;

namespace Roster.Core.Json;

/// <summary>
/// A decimal of at most 17 significant digits, which is all that the shortest text of an IEEE double ever needs:
/// <c>±Significand × 10^Exponent</c>, the significand without trailing zeros; zero is (false, 0, 0). Equal decimals are equal values.
/// </summary>
internal readonly record struct ShortDecimal(bool Negative, ulong Significand, int Exponent)
{
    public const int MaxDigits = 17;

    // Beyond this, 17 digits either way, every double is infinite or zero.
    private const int ExponentBound = 400;

    // A number's text is shorter than this many characters, so a larger exponent can no longer be balanced by zeros.
    private const long ExponentCap = 100_000_000_000;

    /// <summary>
    /// Reads a number as RFC 8259 (section 6) or .NET writes it; false when it has more digits or lies far outside of a double.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ShortDecimal value)
    {
        value = default;
        var negative = text[0] == (byte)'-';
        var at = negative ? 1 : 0;
        ulong significand = 0;
        var digits = 0;
        var zeros = 0; // seen after a digit, counted as digits only when another one follows
        long exponent = 0;
        var fraction = false;
        for (; at < text.Length && (text[at] | 0x20) != 'e'; at++)
        {
            if (text[at] == (byte)'.')
            {
                fraction = true;
                continue;
            }

            exponent -= fraction ? 1 : 0;
            if (text[at] == (byte)'0')
            {
                zeros += digits > 0 ? 1 : 0;
                continue;
            }

            digits += zeros + 1;
            if (digits > MaxDigits)
            {
                return false;
            }

            for (; zeros > 0; zeros--)
            {
                significand *= 10;
            }

            significand = (significand * 10) + (ulong)(text[at] - '0');
        }

        if (digits == 0)
        {
            return true;
        }

        exponent += zeros + (at < text.Length ? ParseExponent(text[(at + 1)..]) : 0);
        value = new ShortDecimal(negative, significand, (int)Math.Clamp(exponent, -ExponentBound, ExponentBound));
        return Math.Abs(exponent) < ExponentBound;
    }

    /// <summary>The shortest decimal that reads back as this double, as ECMAScript's Number::toString has it.</summary>
    public static ShortDecimal Shortest(double value)
    {
        // "R" is wrong for 2^-25 and 2^-958 until .NET has dotnet/runtime#131131; both need all 17 digits.
        var shortest = Print(value, "R");
        return shortest.ToDouble().Equals(value) ? shortest : Print(value, "E16");
    }

    /// <summary>The nearest double; infinite when there is none.</summary>
    public double ToDouble()
    {
        Span<byte> text = stackalloc byte[32];
        Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{(Negative ? "-" : "")}{Significand}e{Exponent}", out var length);
        return double.Parse(text[..length], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static ShortDecimal Print(double value, string format)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
        return TryParse(text[..length], out var printed)
            ? printed
            : throw new UnreachableException("A double is printed with at most 17 digits.");
    }

    private static long ParseExponent(ReadOnlySpan<byte> text)
    {
        long exponent = 0;
        foreach (var digit in text.TrimStart("+-"u8))
        {
            exponent = Math.Min((exponent * 10) + digit - '0', ExponentCap);
        }

        return text[0] == (byte)'-' ? -exponent : exponent;
    }
}
