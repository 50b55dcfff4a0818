using System.IO.Pipelines;
using System.Threading.Channels;
using Roster.Core.Requests;
using Roster.Core.Storage;

namespace Roster.Api.Users.Import;

/// <summary>
/// Writes answers as they come. Up to <see cref="Buffered"/> of them wait for a client that sends all before it reads;
/// then reading its lines stops too, so that nothing grows.
/// </summary>
internal sealed class ImportResponse(PipeWriter output, ConsistencyToken known)
{
    /// <summary>Answers that wait at most: more than the lines of a chunk that clients may send unread.</summary>
    public const int Buffered = 8192;

    private const int FlushAt = 32 * 1024;

    private readonly ImportTally tally = new(known);

    /// <summary>Whether anything was answered.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Writes all answers; flushes when there is much, or when nothing more is ready.</summary>
    public async Task WriteAsync(IAsyncEnumerable<ImportAnswer> answers, CancellationToken cancellation)
    {
        var waiting = Channel.CreateBounded<ImportAnswer>(
            new BoundedChannelOptions(Buffered) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var gathering = waiting.Writer.FillAsync(answers, stop.Token);
        try
        {
            while (await waiting.Reader.WaitToReadAsync(cancellation))
            {
                await WriteReadyAsync(waiting.Reader, cancellation);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await gathering;
        }
    }

    /// <summary>Writes the last line: the counts, and why it ended early if it did.</summary>
    public async Task EndAsync(string? error, CancellationToken cancellation)
    {
        tally.WriteTo(output, error);
        await output.FlushAsync(cancellation);
    }

    private async Task WriteReadyAsync(ChannelReader<ImportAnswer> waiting, CancellationToken cancellation)
    {
        var unflushed = 0L;
        while (waiting.TryRead(out var answer))
        {
            HasBegun = true;
            tally.Add(answer);
            var before = output.UnflushedBytes;
            answer.WriteTo(output);
            unflushed += output.UnflushedBytes - before;
            if (unflushed >= FlushAt)
            {
                await output.FlushAsync(cancellation);
                unflushed = 0;
            }
        }

        await output.FlushAsync(cancellation);
    }
}
