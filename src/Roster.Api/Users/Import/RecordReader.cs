namespace Roster.Api.Users.Import;

/// <summary>
/// Cuts a stream of any length into records of at most <see cref="MaxBytes"/>, in flat memory. What cannot be a record
/// is reported in its place (<see cref="Problem"/>) and the stream goes on behind it. Blank lines are skipped but counted.
/// </summary>
/// <param name="stream">The input; its owner closes it.</param>
public abstract class RecordReader(Stream stream)
{
    /// <summary>Longest record in bytes, without its line end.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int Window = MaxBytes + 2;

    private readonly byte[] buffer = new byte[2 * Window];
    private int start;
    private int end;
    private long lines;
    private bool begun;
    private bool ended;

    /// <summary>The line that the current record begins on, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The current record without its line end; valid until the next read. Empty when there is a <see cref="Problem"/>.</summary>
    public ReadOnlyMemory<byte> Record { get; private set; }

    /// <summary>Whether the current record had its line end; the last may lack it, or be cut off.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Why the current record could not be read, as a sentence without its subject; null when it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether the next record may be there without waiting for input.</summary>
    public bool HasBufferedInput => end > start;

    /// <summary>Moves to the next record; false at the end of the input.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        if (!begun)
        {
            await SkipByteOrderMarkAsync(cancellation);
        }

        do
        {
            (Number, Record, Problem) = (lines + 1, default, null);
            var length = Find();
            while (length < 0 && !ended && end - start < Window)
            {
                await FillAsync(cancellation);
                length = Find();
            }

            if (start == end)
            {
                return false;
            }

            if (length > 0)
            {
                Take(length);
            }
            else
            {
                await RefuseAsync(cancellation);
            }
        }
        while (Problem is null && IsBlank(Record.Span));

        return true;
    }

    /// <summary>The number of bytes up to and with the line end of the first record; -1 when it is not all there.</summary>
    /// <param name="bytes">From the beginning of a record.</param>
    /// <param name="final">Whether nothing follows: the last record needs no line end.</param>
    protected abstract int FindEnd(ReadOnlySpan<byte> bytes, bool final);

    private int Find()
    {
        var available = end - start;
        return available == 0 ? -1 : FindEnd(buffer.AsSpan(start, Math.Min(available, Window)), ended && available <= Window);
    }

    private void Take(int length)
    {
        var record = buffer.AsMemory(start, length);
        start += length;
        lines += Math.Max(1, record.Span.Count((byte)'\n'));
        IsEnded = record.Span[^1] == '\n';
        record = IsEnded ? record[..^1] : record;
        record = record.Span.EndsWith("\r"u8) ? record[..^1] : record;
        if (record.Length > MaxBytes)
        {
            Problem = TooLong;
            return;
        }

        Record = record;
    }

    /// <summary>Gives up on the line that begins here, and on no more than that line.</summary>
    private async ValueTask RefuseAsync(CancellationToken cancellation)
    {
        lines++;
        Problem = FindLineEnd(Math.Min(end, start + Window)) >= 0 || end - start < Window ? OpenQuote : TooLong;
        int lineEnd;
        while ((lineEnd = FindLineEnd(end)) < 0 && !ended)
        {
            start = end;
            await FillAsync(cancellation);
        }

        start = lineEnd < 0 ? end : lineEnd + 1;
    }

    private int FindLineEnd(int limit)
    {
        var index = buffer.AsSpan(start, limit - start).IndexOf((byte)'\n');
        return index < 0 ? -1 : start + index;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start == end)
        {
            (start, end) = (0, 0);
        }
        else if (buffer.Length - end < Window / 2)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        end += read;
        ended = read == 0;
    }

    private async ValueTask SkipByteOrderMarkAsync(CancellationToken cancellation)
    {
        begun = true;
        while (end < 3 && !ended)
        {
            await FillAsync(cancellation);
        }

        start = buffer.AsSpan(0, end).StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    private static string TooLong => $"is longer than {MaxBytes / 1024} KiB";

    private static string OpenQuote => $"has a quote that is not closed within {MaxBytes / 1024} KiB";

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;
}
