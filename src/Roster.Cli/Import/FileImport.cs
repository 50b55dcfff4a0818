using System.Threading.Channels;
using Roster.Core.Requests;

namespace Roster.Cli.Import;

/// <summary>
/// Sends a file's chunks one after another, the next one being read meanwhile, and reports each line in the file's order.
/// </summary>
internal sealed class FileImport(ChunkSender sender, ImportReport report, Action<long> advanced)
{
    /// <summary>Imports all of it.</summary>
    public async Task RunAsync(IAsyncEnumerable<ImportChunk> chunks, CancellationToken cancellation)
    {
        var ready = Channel.CreateBounded<ImportChunk>(1);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = ready.Writer.FillAsync(chunks, stop.Token);
        try
        {
            await foreach (var chunk in ready.Reader.ReadAllAsync(cancellation))
            {
                await SendAsync(chunk, cancellation);
                advanced(chunk.InputPosition);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    private async Task SendAsync(ImportChunk chunk, CancellationToken cancellation)
    {
        var next = 0;
        void ReportRefused()
        {
            for (; next < chunk.Entries.Count && chunk.Entries[next].Problem is { } problem; next++)
            {
                report.AddRefused(chunk.Entries[next].Number, problem);
            }
        }

        await foreach (var answer in sender.SendAsync(chunk, cancellation))
        {
            ReportRefused();
            report.Add(chunk.Entries[next++].Number, answer);
        }

        ReportRefused();
    }
}
