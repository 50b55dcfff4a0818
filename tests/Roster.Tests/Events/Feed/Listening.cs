using System.Diagnostics;
using System.Text;
using Roster.Core.Events.Feed;
using Xunit;

namespace Roster.Tests.Events.Feed;

/// <summary>A stream that is read step by step; what does not come in time fails the test.</summary>
internal sealed class Listening(EventStream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly IAsyncEnumerator<Delivery> deliveries = stream.ReadAsync(CancellationToken.None).GetAsyncEnumerator();

    public FeedPosition? Last { get; private set; }

    public async Task<Delivery> NextAsync()
    {
        Assert.True(await MoveAsync(), $"The stream ended: {stream.Ended}");
        return deliveries.Current;
    }

    public async Task<Delivery> NextEventAsync()
    {
        // Heartbeats come for ever.
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Patience;)
        {
            if (await NextAsync() is { Event.IsEmpty: false } delivery)
            {
                return delivery;
            }
        }

        throw new TimeoutException($"No event came in {Patience}.");
    }

    public async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        List<string> taken = [];
        while (taken.Count < count)
        {
            taken.Add(Encoding.ASCII.GetString((await NextEventAsync()).Event.Span));
        }

        return taken;
    }

    public async Task<IReadOnlyList<string>> RestAsync()
    {
        List<string> rest = [];
        while (await MoveAsync())
        {
            if (!deliveries.Current.Event.IsEmpty)
            {
                rest.Add(Encoding.ASCII.GetString(deliveries.Current.Event.Span));
            }
        }

        return rest;
    }

    public async Task EndedAsync(FeedEnd reason)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (stream.Ended != reason)
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        stream.Leave();
        await deliveries.DisposeAsync();
        await stream.DisposeAsync();
    }

    private async Task<bool> MoveAsync()
    {
        var moved = await deliveries.MoveNextAsync().AsTask().WaitAsync(Patience);
        if (moved)
        {
            Assert.True(FeedPosition.TryParse(Encoding.ASCII.GetString(deliveries.Current.Id.Span), out var last));
            Last = last;
        }

        return moved;
    }
}
