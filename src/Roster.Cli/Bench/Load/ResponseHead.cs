using System.Buffers.Text;

namespace Roster.Cli.Bench.Load;

/// <summary>What a client must know of a response's head (RFC 9112) to find the end of its body.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Length">Of the head, with its empty line.</param>
/// <param name="ContentLength">Of the body; null when chunked or until the connection closes.</param>
/// <param name="IsChunked">Whether the body comes in chunks.</param>
/// <param name="Closes">Whether the server closes the connection.</param>
internal readonly record struct ResponseHead(int Status, int Length, long? ContentLength, bool IsChunked, bool Closes)
{
    /// <summary>The head at the beginning of the bytes; false when it is not all there yet.</summary>
    /// <exception cref="InvalidDataException">This is no HTTP/1.1 response.</exception>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ResponseHead head)
    {
        head = default;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var text = bytes[..(end + 2)];
        if (!text.StartsWith("HTTP/1."u8) || text.Length < 14
            || !Utf8Parser.TryParse(text.Slice(9, 3), out int status, out var digits) || digits != 3)
        {
            throw new InvalidDataException("The server does not answer in HTTP/1.1.");
        }

        var parsed = new ResponseHead(status, end + 4, null, false, Closes: text[7] == '0');
        text = text[(text.IndexOf("\r\n"u8) + 2)..];
        while (text.IndexOf("\r\n"u8) is > 0 and var length)
        {
            parsed = parsed.With(text[..length]);
            text = text[(length + 2)..];
        }

        head = parsed.HasNoBody ? parsed with { ContentLength = 0, IsChunked = false } : parsed;
        return true;
    }

    private bool HasNoBody => Status is 204 or 304 or (>= 100 and < 200);

    private ResponseHead With(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            return this;
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        return Is(name, "content-length"u8) && Utf8Parser.TryParse(value, out long length, out _) ? this with { ContentLength = length }
            : Is(name, "transfer-encoding"u8) && EndsWith(value, "chunked"u8) ? this with { IsChunked = true, ContentLength = null }
            : Is(name, "connection"u8) && Is(value, "close"u8) ? this with { Closes = true }
            : this;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => System.Text.Ascii.EqualsIgnoreCase(text, lower);

    private static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) =>
        text.Length >= lower.Length && Is(text[^lower.Length..], lower);
}
