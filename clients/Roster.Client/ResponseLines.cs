using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Roster.Client;

/// <summary>The lines of an answer as they come, whole ones only; a server that says nothing for too long is given up.</summary>
internal static class ResponseLines
{
    // A user with its attributes, or the errors of one, is far smaller.
    private const int MaxLine = 1024 * 1024;

    /// <exception cref="TimeoutException">The server fell silent.</exception>
    /// <exception cref="HttpIOException">The answer ended within a line.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        HttpResponseMessage response, TimeSpan silence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        while (true)
        {
            patience.CancelAfter(silence);
            var read = await NextAsync(reader, patience.Token, cancellation);
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                yield return rest.Slice(0, end).ToArray();
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            if (rest.Length > MaxLine || (read.IsCompleted && !rest.IsEmpty))
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The answer ended within a line.");
            }

            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
            {
                yield break;
            }
        }
    }

    private static async ValueTask<ReadResult> NextAsync(PipeReader reader, CancellationToken patience, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(patience);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException("The server fell silent in the middle of its answer.", e);
        }
    }
}
