using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using Roster.Kafka;
using Xunit;
using static Roster.Tests.Kafka.GroupMember;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

public sealed class ConsumerTests(KafkaLab lab)
{
    private const int Users = 50;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_members_share_the_partitions_and_handle_every_message_in_order(bool real)
    {
        var options = await lab.FreshTopicAsync(real);
        await PublishAsync(options, 1, 10);
        await using (var first = new GroupMember(options, options.Topic))
        {
            await UntilAsync(() => first.Handled.Count == Users * 10, $"{first.Handled.Count} were handled");
            await using (var second = new GroupMember(options, options.Topic))
            {
                await UntilAsync(() => (first.Consumer.Partitions.Count, second.Consumer.Partitions.Count) == (2, 2), "the partitions are not shared");
                Assert.Equal([0, 1, 2, 3], first.Consumer.Partitions.Concat(second.Consumer.Partitions).Order());
                await PublishAsync(options, 11, 20);
                await UntilAsync(() => first.Handled.Count + second.Handled.Count >= Users * 20, "not all were handled");
                AssertInOrder([.. first.Handled, .. second.Handled], 20);
                Assert.NotEmpty(second.Handled);
            }

            // While a group shares out anew it takes no offsets, and what was handled would come again.
            await UntilAsync(() => first.Consumer.Partitions.Count == 4 && first.Consumer.MeasureLag() == 0, "the second one's work was not left to the first");
        }

        // Whoever comes after members that left in order begins where they ended.
        await PublishAsync(options, 21, 21);
        await using var third = new GroupMember(options, options.Topic);
        await UntilAsync(() => third.Handled.Count >= Users, $"{third.Handled.Count} were handled");
        Assert.All(third.Handled, record => Assert.Equal(21, SequenceOf(record.Value.Span)));
        Assert.Equal(Users, third.Handled.Count);
    }

    [Fact]
    public async Task What_the_handler_fails_at_comes_again_and_other_partitions_go_on()
    {
        var options = await lab.FreshTopicAsync(real: false);
        await PublishAsync(options, 1, 5);
        var failures = 0;
        await using var member = new GroupMember(options, "failing", (record, _) =>
            record.Partition == 0 && Volatile.Read(ref failures) < 3 ? Fail() : Task.CompletedTask);
        await UntilAsync(() => member.Handled.Select(record => (record.Key, SequenceOf(record.Value.Span))).Distinct().Count() == Users * 5, "not all were handled");
        AssertInOrder([.. member.Handled], 5);
        Assert.Equal(3, failures);

        Task Fail()
        {
            Interlocked.Increment(ref failures);
            throw new InvalidOperationException("The effect's server is away.");
        }
    }

    [Fact]
    public async Task A_partition_changes_hands_only_when_its_batch_has_ended()
    {
        var options = await lab.FreshTopicAsync(real: false);
        await PublishAsync(options, 1, 1);
        var working = new ConcurrentDictionary<int, string>();
        var overlaps = 0;
        await using var first = new GroupMember(options, "handing", (record, _) => WorkAsync(record, "first"));
        await UntilAsync(() => !working.IsEmpty, "nothing is handled");
        await using var second = new GroupMember(options, "handing", (record, _) => WorkAsync(record, "second"));
        for (var sequence = 2; second.Handled.IsEmpty || sequence < 10; sequence++)
        {
            await PublishAsync(options, sequence, sequence);
            await Task.Delay(50, Cancellation);
        }

        Assert.Equal(0, overlaps);

        async Task WorkAsync(KafkaRecord record, string who)
        {
            if (working.GetOrAdd(record.Partition, who) != who)
            {
                Interlocked.Increment(ref overlaps);
            }

            await Task.Delay(5, CancellationToken.None);
            working.TryRemove(record.Partition, out var _);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lag_is_what_is_not_handled_yet(bool real)
    {
        var options = await lab.FreshTopicAsync(real);
        await PublishAsync(options, 1, 100);
        using var gate = new SemaphoreSlim(0);
        await using var member = new GroupMember(options, options.Topic, (_, cancellation) => gate.WaitAsync(cancellation));
        await UntilAsync(() => member.Consumer.Partitions.Count == 4, "the partitions are not assigned");
        Assert.Equal(Users * 100, member.Consumer.MeasureLag());
        gate.Release(Users * 100);
        await UntilAsync(() => member.Handled.Count == Users * 100, "not all were handled");
        await UntilAsync(() => member.Consumer.MeasureLag() == 0, "the lag stays");
    }

    [Fact]
    public async Task Foreign_messages_arrive_as_they_are()
    {
        var options = await lab.FreshTopicAsync(real: false, partitions: 1);
        using var stranger = new ProducerBuilder<byte[]?, string?>(new ProducerConfig { BootstrapServers = options.BootstrapServers }).Build();
        await stranger.ProduceAsync(options.Topic, new Message<byte[]?, string?> { Value = """{"user_id": 1, "event": "signup"}""" }, Cancellation);
        await stranger.ProduceAsync(options.Topic, new Message<byte[]?, string?> { Key = [0xFF, 0xFE], Value = null }, Cancellation);
        await PublishAsync(options, 1, 1);
        await using var member = new GroupMember(options, "foreign");
        await UntilAsync(() => member.Handled.Count == 2 + Users, $"{member.Handled.Count} were handled");
        var first = member.Handled.First();
        Assert.Equal((null, """{"user_id": 1, "event": "signup"}"""), (first.Key, Encoding.UTF8.GetString(first.Value.Span)));
        Assert.Equal(("\uFFFD\uFFFD", 0), (member.Handled.ElementAt(1).Key, member.Handled.ElementAt(1).Value.Length));
    }

    /// <summary>Why offsets are committed by hand.</summary>
    [Fact]
    public async Task Offsets_that_commit_themselves_lose_what_was_taken_and_not_handled()
    {
        var options = await lab.FreshTopicAsync(real: true, partitions: 1);
        await PublishAsync(options, 1, 1);
        using (var careless = Reader())
        {
            Assert.NotNull(careless.Consume(TimeSpan.FromSeconds(30)));
            careless.Close();
        }

        using var next = Reader();
        Assert.Equal(1, next.Consume(TimeSpan.FromSeconds(30)).Offset.Value);
        next.Close();

        // Here a member takes messages, handles none, and leaves: the next one gets all.
        using var never = new SemaphoreSlim(0);
        await using (var stuck = new GroupMember(options, "by-hand", (_, cancellation) => never.WaitAsync(cancellation)))
        {
            await UntilAsync(() => stuck.Consumer.Partitions.Count == 1, "the partition is not assigned");
        }

        await using var member = new GroupMember(options, "by-hand");
        await UntilAsync(() => member.Handled.Count == Users, $"{member.Handled.Count} were handled");

        IConsumer<string, byte[]> Reader()
        {
            var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig(new Dictionary<string, string>(KafkaLab.OldBroker, StringComparer.Ordinal))
            {
                BootstrapServers = options.BootstrapServers, GroupId = "careless", EnableAutoCommit = true, AutoOffsetReset = AutoOffsetReset.Earliest,
            }).Build();
            consumer.Subscribe(options.Topic);
            return consumer;
        }
    }

    private static async Task PublishAsync(KafkaOptions options, int from, int to)
    {
        await using var publisher = new KafkaPublisher(options);
        await publisher.PublishAsync(
            [.. Enumerable.Range(from, to - from + 1).SelectMany(sequence => Enumerable.Range(1, Users).Select(user => Message(user, sequence)))], Cancellation);
    }

    /// <summary>By partition and time of handling: the first member's before the second's.</summary>
    private static void AssertInOrder(IReadOnlyList<KafkaRecord> handled, int count) => Assert.All(
        handled.GroupBy(record => record.Key, StringComparer.Ordinal),
        user => Assert.Equal(Enumerable.Range(1, count).Select(n => (long)n), user.Select(record => SequenceOf(record.Value.Span)).Distinct()));
}
