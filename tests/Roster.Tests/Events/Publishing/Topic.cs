using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Xunit;

namespace Roster.Tests.Events.Publishing;

/// <summary>A topic in memory, which can be made to fail, or to stand still.</summary>
internal sealed class Topic : IEventPublisher
{
    private readonly Lock gate = new();
    private readonly List<EventMessage> messages = [];

    /// <summary>Runs before each call; the call may publish a part and fail.</summary>
    public Func<IReadOnlyList<EventMessage>, Task<int>>? Trouble { get; set; }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return messages.Count;
            }
        }
    }

    public IReadOnlyList<EventMessage> Messages
    {
        get
        {
            lock (gate)
            {
                return [.. messages];
            }
        }
    }

    /// <summary>Distinct events.</summary>
    public int Distinct => Messages.DistinctBy(message => (message.User, message.Sequence)).Count();

    public async Task PublishAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellation)
    {
        var arriving = Trouble is { } trouble ? await trouble(events) : events.Count;
        lock (gate)
        {
            messages.AddRange(events.Take(arriving));
        }

        if (arriving < events.Count)
        {
            throw new PublishException("The broker is away.");
        }
    }

    /// <summary>Without repetitions, each user's events are 1, 2, 3 … up to what was committed, and in this order.</summary>
    public void AssertHolds(WrittenUsers written)
    {
        AssertInOrder();
        Assert.Equal(
            written.Sequences.OrderBy(user => user.Key),
            Messages.GroupBy(message => message.User, (user, all) => KeyValuePair.Create(user, all.Max(m => m.Sequence))).OrderBy(user => user.Key));
    }

    /// <summary>First occurrences are in order and without gaps.</summary>
    public void AssertInOrder()
    {
        var last = new Dictionary<UserId, long>();
        foreach (var message in Messages)
        {
            var before = last.GetValueOrDefault(message.User);
            Assert.True(message.Sequence <= before + 1, $"Event {message.Sequence} of user {message.User} came after {before}.");
            last[message.User] = Math.Max(before, message.Sequence);
        }
    }

    public ValueTask DisposeAsync() => default;
}
