using System.Text;
using Roster.Core.Events.Consuming;
using Roster.Core.Ids;
using Roster.Kafka;

namespace Roster.Cluster.Tests.Events;

/// <summary>Reads a topic from its beginning, as a consumer that has never been there does.</summary>
internal sealed class TopicReader : IAsyncDisposable
{
    private readonly CancellationTokenSource end = new();
    private readonly Lock gate = new();
    private readonly Dictionary<UserId, List<string>> firsts = [];
    private readonly Task reading;

    public TopicReader(KafkaOptions options) =>
        reading = new KafkaConsumer(options, $"reader-{Random.Shared.NextInt64()}").RunAsync(Take, end.Token);

    /// <summary>Events, repetitions left out.</summary>
    public int Events { get; private set; }

    /// <summary>Repetitions.</summary>
    public int Doubles { get; private set; }

    /// <summary>What broke the order or the completeness of a user's events; null when nothing did.</summary>
    public string? Trouble { get; private set; }

    /// <summary>A user's events in the order of their first occurrences, as JSON.</summary>
    public IReadOnlyList<string> Of(UserId user)
    {
        lock (gate)
        {
            return firsts.TryGetValue(user, out var events) ? [.. events] : [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading;
        end.Dispose();
    }

    private Task Take(IReadOnlyList<KafkaRecord> records, CancellationToken cancellation)
    {
        lock (gate)
        {
            foreach (var message in ReceivedEvents.Among("reader", records.Select(record => record.Value)))
            {
                var known = firsts.TryGetValue(message.User, out var events) ? events : firsts[message.User] = [];
                if (message.Sequence <= known.Count)
                {
                    Doubles++;
                    continue;
                }

                Trouble ??= message.Sequence == known.Count + 1 ? null : $"{message.User} jumps from {known.Count} to {message.Sequence}.";
                known.Add(Encoding.UTF8.GetString(message.Json.Span));
                Events++;
            }
        }

        return Task.CompletedTask;
    }
}
