using System.Threading.Channels;
using Roster.Core.Events.Consuming;
using Roster.Core.Events.Publishing;

namespace Roster.Tests.Events.Consuming;

/// <summary>A source that a test feeds, batch by batch.</summary>
internal sealed class FedSource : IEventSource
{
    private readonly Channel<(IReadOnlyList<EventMessage> Batch, TaskCompletionSource Done)> batches =
        Channel.CreateUnbounded<(IReadOnlyList<EventMessage>, TaskCompletionSource)>();

    /// <summary>Ends when the batch was handled.</summary>
    public Task FeedAsync(params IReadOnlyList<EventMessage> batch)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        batches.Writer.TryWrite((batch, done));
        return done.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task RunAsync(string consumer, EventBatchHandler handle, CancellationToken cancellation)
    {
        try
        {
            await foreach (var (batch, done) in batches.Reader.ReadAllAsync(cancellation))
            {
                await handle(batch, cancellation);
                done.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
