using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Roster.Cli.Bench.Load;

/// <summary>
/// One keep-alive connection that does as little as a client can: it shares the machine's cores with the server that
/// it measures. Not for use by two at once.
/// </summary>
internal sealed class HttpConnection(Stream stream) : IDisposable
{
    private const int MaxHead = 32 * 1024;
    private const int MaxChunkLine = 1024;

    private byte[] buffer = new byte[8 * 1024];
    private int start;
    private int end;
    private byte[] body = new byte[1024];
    private int bodyLength;

    /// <summary>The last response's body; valid until the next request.</summary>
    public ReadOnlyMemory<byte> Body => body.AsMemory(0, bodyLength);

    /// <summary>Whether another request may follow.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Sends a request and reads its response whole.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="IOException">The connection broke, or the answer is no HTTP.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        IsOpen = false;
        await stream.WriteAsync(request, cancellation);
        ResponseHead head;
        do
        {
            head = await ReadHeadAsync(cancellation);
        }
        while (head.Status is >= 100 and < 200);

        bodyLength = 0;
        if (head.IsChunked)
        {
            await ReadChunksAsync(cancellation);
        }
        else if (head.ContentLength is { } length)
        {
            await ReadBodyAsync(checked((int)length), cancellation);
        }
        else
        {
            await ReadToCloseAsync(cancellation);
        }

        IsOpen = !head.Closes && (head.IsChunked || head.ContentLength is not null);
        return head.Status;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ResponseHead> ReadHeadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (end > start && ResponseHead.TryParse(buffer.AsSpan(start, end - start), out var head))
            {
                start += head.Length;
                return head;
            }

            if (end - start > MaxHead)
            {
                throw new InvalidDataException("The server's response has no end of its head.");
            }

            await FillAsync(cancellation);
        }
    }

    private async ValueTask ReadChunksAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var size = await ReadChunkSizeAsync(cancellation);
            if (size == 0)
            {
                // Trailers, if any, up to an empty line.
                while (await ReadLineAsync(cancellation) > 0)
                {
                }

                return;
            }

            await ReadBodyAsync(size, cancellation);
            if (await ReadLineAsync(cancellation) != 0)
            {
                throw new InvalidDataException("A chunk is longer than it said.");
            }
        }
    }

    private async ValueTask<int> ReadChunkSizeAsync(CancellationToken cancellation)
    {
        var length = await ReadLineAsync(cancellation);
        return Utf8Parser.TryParse(buffer.AsSpan(start - length - 2, length), out int size, out var digits, 'x') && digits > 0
            ? size
            : throw new InvalidDataException("A chunk does not say how long it is.");
    }

    /// <summary>Moves behind the next line; returns its length without the line end. The line stays before <c>start</c>.</summary>
    private async ValueTask<int> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = buffer.AsSpan(start, end - start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                start += length + 2;
                return length;
            }

            if (end - start > MaxChunkLine)
            {
                throw new InvalidDataException("A chunk's first line does not end.");
            }

            await FillAsync(cancellation);
        }
    }

    private async ValueTask ReadBodyAsync(int length, CancellationToken cancellation)
    {
        if (body.Length - bodyLength < length)
        {
            Array.Resize(ref body, Math.Max(body.Length * 2, bodyLength + length));
        }

        var buffered = Math.Min(length, end - start);
        buffer.AsSpan(start, buffered).CopyTo(body.AsSpan(bodyLength));
        (start, bodyLength) = (start + buffered, bodyLength + buffered);
        if (length > buffered)
        {
            await stream.ReadExactlyAsync(body.AsMemory(bodyLength, length - buffered), cancellation);
            bodyLength += length - buffered;
        }
    }

    private async ValueTask ReadToCloseAsync(CancellationToken cancellation)
    {
        await ReadBodyAsync(end - start, cancellation);
        while (true)
        {
            if (bodyLength == body.Length)
            {
                Array.Resize(ref body, body.Length * 2);
            }

            var read = await stream.ReadAsync(body.AsMemory(bodyLength), cancellation);
            if (read == 0)
            {
                return;
            }

            bodyLength += read;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (start == end)
        {
            (start, end) = (0, 0);
        }
        else if (end == buffer.Length)
        {
            if (start == 0)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellation);
        end += read > 0 ? read : throw new EndOfStreamException("The server closed the connection.");
    }
}
