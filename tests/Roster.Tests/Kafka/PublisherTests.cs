using System.Text;
using Roster.Kafka;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>What holds on any Kafka.</summary>
public sealed class PublisherTests(KafkaLab lab)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_published_is_on_the_topic_once_in_order_per_user(bool real)
    {
        var options = await lab.FreshTopicAsync(real);
        await using var publisher = new KafkaPublisher(options);
        await publisher.PublishAsync(Messages(users: 200, count: 3), Cancellation);
        await publisher.PublishAsync([], Cancellation);
        await publisher.PublishAsync([Message(7, 4)], Cancellation);
        var (first, doubles) = PerUser(Read(options));
        Assert.Equal(0, doubles);
        Assert.Equal(200, first.Count);
        Assert.All(first, user => Assert.Equal(user.Key == User(7).ToString() ? [1, 2, 3, 4] : [1, 2, 3], user.Value));
    }

    [Fact]
    public async Task A_message_is_a_CloudEvent_under_its_users_id()
    {
        var options = await lab.FreshTopicAsync(real: false);
        await using var publisher = new KafkaPublisher(options);
        await publisher.PublishAsync([Message(1, 1)], Cancellation);
        var message = Assert.Single(Read(options)).Message;
        Assert.Equal("00000001-0000-7000-8000-000000000000", message.Key);
        Assert.Equal(Message(1, 1).Json.ToArray(), message.Value);
        var header = Assert.Single(message.Headers);
        Assert.Equal(("content-type", "application/cloudevents+json"), (header.Key, Encoding.ASCII.GetString(header.GetValueBytes())));
    }

    [Fact]
    public async Task Calls_may_run_at_once()
    {
        var options = await lab.FreshTopicAsync(real: false);
        await using var publisher = new KafkaPublisher(options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(call => publisher.PublishAsync(
            [.. Enumerable.Range(1, 50).Select(sequence => Message(call, sequence))], Cancellation)));
        var (first, doubles) = PerUser(Read(options));
        Assert.Equal((20, 0), (first.Count, doubles));
        Assert.All(first.Values, sequences => Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), sequences));
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_is_let_go_and_the_next_one_publishes()
    {
        using var mock = KafkaLab.StartMock();
        var options = KafkaLab.OptionsOf(mock, "slow");
        await using var publisher = new KafkaPublisher(options);
        await publisher.PublishAsync([Message(1, 1)], Cancellation);
        foreach (var broker in new[] { 1, 2, 3 })
        {
            mock.SetDelay(broker, TimeSpan.FromSeconds(2));
        }

        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publisher.PublishAsync([Message(1, 2), Message(1, 3)], impatient.Token));
        foreach (var broker in new[] { 1, 2, 3 })
        {
            mock.SetDelay(broker, TimeSpan.Zero);
        }

        await publisher.PublishAsync([Message(1, 2), Message(1, 3)], Cancellation);
        Assert.Equal([1, 2, 3], PerUser(Read(options)).First.Values.Single());
    }
}
