using System.Buffers.Text;
using System.Text;

namespace Roster.Cli.Bench.Requests;

/// <summary>A connection's own place to put a request together, used again and again.</summary>
internal sealed class RequestBuffer
{
    private readonly byte[] bytes = new byte[8 * 1024];
    private int length;

    public ReadOnlyMemory<byte> Bytes => bytes.AsMemory(0, length);

    public RequestBuffer Clear()
    {
        length = 0;
        return this;
    }

    public RequestBuffer Add(ReadOnlySpan<byte> part)
    {
        part.CopyTo(bytes.AsSpan(length));
        length += part.Length;
        return this;
    }

    public RequestBuffer Add(string ascii)
    {
        length += Encoding.ASCII.GetBytes(ascii, bytes.AsSpan(length));
        return this;
    }

    public RequestBuffer Add(int number)
    {
        Utf8Formatter.TryFormat(number, bytes.AsSpan(length), out var written);
        length += written;
        return this;
    }
}
