namespace Roster.Api.Users.Import;

/// <summary>
/// Records of CSV (RFC 4180): a quoted field may hold line ends. Ours, because here a record is answered as one invalid line,
/// within a bound in bytes, when its quote is never closed or it is not UTF-8, and the stream goes on behind that line; a
/// library mends it, swallows what follows, or stops. Tests compare this reader with CsvHelper wherever both accept a text.
/// </summary>
/// <param name="stream">The input.</param>
public sealed class CsvReader(Stream stream) : RecordReader(stream)
{
    /// <inheritdoc/>
    protected override int FindEnd(ReadOnlySpan<byte> bytes, bool final)
    {
        var newline = bytes.IndexOf((byte)'\n');
        if (bytes[..(newline < 0 ? bytes.Length : newline)].IndexOf((byte)'"') < 0)
        {
            return newline >= 0 ? newline + 1 : final ? bytes.Length : -1;
        }

        var (quoted, atStart) = (false, true);
        for (var i = 0; i < bytes.Length; i++)
        {
            var isQuote = bytes[i] == '"';
            if (quoted)
            {
                // A doubled quote closes and opens again: the same in effect.
                quoted = !isQuote || (i + 1 < bytes.Length && bytes[i + 1] == '"' && ++i > 0);
            }
            else if (bytes[i] == '\n')
            {
                return i + 1;
            }
            else
            {
                quoted = isQuote && atStart;
                atStart = bytes[i] == ',';
            }
        }

        return final && !quoted ? bytes.Length : -1;
    }
}
