using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Roster.Redis.Caching;

/// <summary>Numbers as 16 hexadecimal digits: texts of one length compare as the numbers do, also beyond the 53 bits of Lua's own.</summary>
internal static class Hex
{
    public const int Length = 16;

    public static string Of(long number) => number.ToString("x16", CultureInfo.InvariantCulture);

    public static void Write(long number, Span<byte> to) => Encoding.ASCII.GetBytes(Of(number), to);

    public static bool TryRead(ReadOnlySpan<byte> from, out long number) =>
        Utf8Parser.TryParse(from[..Length], out number, out var read, 'x') && read == Length;
}
