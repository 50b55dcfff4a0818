namespace Roster.Api.Users.Import;

/// <summary>Records that are lines: NDJSON.</summary>
/// <param name="stream">The input.</param>
public sealed class LineReader(Stream stream) : RecordReader(stream)
{
    /// <inheritdoc/>
    protected override int FindEnd(ReadOnlySpan<byte> bytes, bool final)
    {
        var newline = bytes.IndexOf((byte)'\n');
        return newline >= 0 ? newline + 1 : final ? bytes.Length : -1;
    }
}
