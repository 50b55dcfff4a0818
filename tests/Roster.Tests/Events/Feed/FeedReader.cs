using System.Text;
using Roster.Core.Events.Feed;

namespace Roster.Tests.Events.Feed;

/// <summary>A client that acknowledges what it reads, leaves at random moments, and comes back to any node.</summary>
internal sealed class FeedReader(IReadOnlyList<FeedNode> nodes, FeedFilter filter, int seed)
{
    private readonly Random random = new(seed);
    private FeedPosition? acknowledged;

    /// <summary>Every event that was acknowledged: <c>user sequence</c>.</summary>
    public List<string> Seen { get; } = [];

    public int Connections { get; private set; }

    /// <summary>How often a stream ended by itself.</summary>
    public int CutOff { get; private set; }

    /// <summary>Where it has got to; opens a stream to learn it when it was never connected.</summary>
    public async Task BeginAsync(FeedPosition? after)
    {
        acknowledged = after;
        if (after is null)
        {
            await ConnectAsync(most: 1, CancellationToken.None);
        }
    }

    /// <summary>Reads, with many connections, until so many events were seen and then some time more.</summary>
    public async Task RunAsync(Func<bool> isDone, CancellationToken deadline)
    {
        while (!isDone() && !deadline.IsCancellationRequested)
        {
            try
            {
                await ConnectAsync(random.Next(1, 60), deadline);
            }
            catch (OperationCanceledException)
            {
                // What it has not seen by now is compared.
            }
        }
    }

    private async Task ConnectAsync(int most, CancellationToken deadline)
    {
        Connections++;
        var opening = await nodes[random.Next(nodes.Count)].OpenAsync(acknowledged, filter);
        if (opening.Stream is null)
        {
            await Task.Delay(5, deadline);
            return;
        }

        await using var stream = opening.Stream;
        using var leaving = deadline.Register(stream.Leave);
        await foreach (var delivery in stream.ReadAsync(CancellationToken.None))
        {
            Take(delivery);
            if (--most <= 0)
            {
                return;
            }

            if (random.Next(20) == 0)
            {
                await Task.Delay(random.Next(10), deadline);
            }
        }

        CutOff++;
    }

    private void Take(Delivery delivery)
    {
        if (!FeedPosition.TryParse(Encoding.ASCII.GetString(delivery.Id.Span), out acknowledged!))
        {
            throw new InvalidOperationException("An id is none.");
        }

        if (!delivery.Event.IsEmpty)
        {
            Seen.Add(Encoding.ASCII.GetString(delivery.Event.Span));
        }
    }
}
