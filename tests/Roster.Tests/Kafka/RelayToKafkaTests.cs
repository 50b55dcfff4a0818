using Roster.Core.Events.Publishing;
using Roster.Core.Storage.Batching;
using Roster.Kafka;
using Roster.Lab.Kafka;
using Roster.Storage.Postgres;
using Roster.Tests.Events;
using Roster.Tests.Events.Outboxes;
using Roster.Tests.Storage.Postgres;
using Xunit;

namespace Roster.Tests.Kafka;

/// <summary>
/// From commits in PostgreSQL through relays to a topic of a modern protocol, with an idempotent producer: brokers answer with
/// errors, go down and come back, partitions move, relays take over from each other, and commits go on all the while.
/// KafkaFlowTests shows the same with a real broker that is killed.
/// </summary>
public sealed class RelayToKafkaTests(PostgresLab lab) : IDisposable
{
    private const int LeaderNotAvailable = 5;
    private const int NotLeader = 6;
    private const int RequestTimedOut = 7;
    private const int NotEnoughReplicas = 19;

    private static readonly int[] Brokers = [1, 2, 3];

    private readonly MockKafka mock = KafkaLab.StartMock();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_drained_topic_holds_for_each_user_what_committed_in_order_and_nothing_else()
    {
        // The mock checks no sequences of idempotent producers, so several requests under way would lose what a real broker refuses.
        var kafka = KafkaLab.OptionsOf(mock, "user-events") with
        {
            Client = new Dictionary<string, string>(StringComparer.Ordinal) { ["max.in.flight"] = "1", ["message.timeout.ms"] = "1500" },
        };
        var options = await lab.CreateAsync();
        await using (var store = await PostgresDatabases.OpenAsync(options))
        await using (var batching = new BatchingStore(store, new BatchingOptions(), new BatchingOptions()))
        {
            var written = new WrittenUsers(batching);
            for (var round = 0; round < 6; round++)
            {
                await using var publisher = new KafkaPublisher(kafka);
                await using var node = new Node($"relay {round}", store, store.Control, store.Progress);
                node.Start(new Relay(node.Outboxes, publisher, TimeProvider.System));
                mock.Fail(MockRequest.Produce, 0, NotLeader, RequestTimedOut, 0, NotEnoughReplicas, LeaderNotAvailable, 0, RequestTimedOut);
                await written.SignUpAsync(100);
                if (round % 2 == 1)
                {
                    Array.ForEach(Brokers, mock.SetDown);
                }

                await written.RenameAllAsync();
                mock.SetLeader(kafka.Topic, round % 4, Brokers[round % Brokers.Length]);
                // Once for longer than the producer tries: then the relay has to publish all of it again.
                await Task.Delay(round == 3 ? 2_500 : 300, Cancel);
                Array.ForEach(Brokers, mock.SetUp);
                await written.SignUpAsync(50);
            }

            await DrainAsync(store, kafka, written);
            var (first, doubles) = TopicContent.PerUser(TopicContent.Read(kafka));
            TestContext.Current.TestOutputHelper?.WriteLine($"{written.Total} events of {first.Count} users, {doubles} of them twice on the topic");
            Assert.Equal(
                written.Sequences.ToDictionary(user => user.Key.ToString(), user => Enumerable.Range(1, (int)user.Value).Select(n => (long)n).ToList(), StringComparer.Ordinal),
                first);
        }

        await lab.DropAsync(options);
    }

    public void Dispose() => mock.Dispose();

    private static async Task DrainAsync(PostgresStore store, KafkaOptions kafka, WrittenUsers written)
    {
        var head = await store.OutboxHeadAsync(store.Shards[0], Cancel);
        await using var publisher = new KafkaPublisher(kafka);
        await using var node = new Node("last", store, store.Control, store.Progress);
        node.Start(new Relay(node.Outboxes, publisher, TimeProvider.System));
        await Bounded.UntilAsync(
            async () => await store.Progress.PositionAsync(Relay.Name, store.Shards[0], Cancel) is { } reached && reached.Position >= head.Position,
            $"a relay gets through {written.Total} events");
    }
}
