using System.Buffers;
using System.Runtime.CompilerServices;

namespace Roster.Cli.Import;

/// <summary>
/// Lines that go to the server in one request: few enough that a server can hold every answer while this client, like
/// most, sends all before it reads. Knows which line of the file each answer is for.
/// </summary>
internal sealed class ImportChunk
{
    /// <summary>Most lines in a chunk.</summary>
    public const int MaxLines = 5000;

    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> body = new(256 * 1024);
    private readonly List<int> starts = [];

    /// <summary>A line of the file: sent, or refused here.</summary>
    internal readonly record struct Entry(long Number, string? Problem);

    /// <summary>All lines in the order of the file.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>The number of lines to send.</summary>
    public int Sendable => starts.Count;

    /// <summary>The file's bytes up to the end of this chunk, as far as they were read.</summary>
    public long InputPosition { get; private set; }

    private bool IsFull => Entries.Count >= MaxLines || body.WrittenCount >= MaxBytes;

    /// <summary>The request's body from one of its lines on.</summary>
    public ReadOnlyMemory<byte> BodyFrom(int line) => body.WrittenMemory[starts[line]..];

    /// <summary>Gathers lines into chunks.</summary>
    public static async IAsyncEnumerable<ImportChunk> Gather(
        IAsyncEnumerable<SourceLine> lines, Func<long> position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var chunk = new ImportChunk();
        await foreach (var line in lines.WithCancellation(cancellation))
        {
            chunk.Add(line);
            if (chunk.IsFull)
            {
                chunk.InputPosition = position();
                yield return chunk;
                chunk = new ImportChunk();
            }
        }

        if (chunk.Entries.Count > 0)
        {
            chunk.InputPosition = position();
            yield return chunk;
        }
    }

    private void Add(SourceLine line)
    {
        Entries.Add(new Entry(line.Number, line.Problem));
        if (line.Problem is null)
        {
            starts.Add(body.WrittenCount);
            body.Write(line.Json.Span);
            body.Write("\n"u8);
        }
    }
}
