using Roster.Kafka;
using Roster.Lab;
using Xunit;

namespace Roster.Tests.Kafka;

public sealed class TopicTests(KafkaLab lab)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_topic_that_is_there_is_left_as_it_is(bool real)
    {
        var options = await lab.FreshTopicAsync(real, partitions: 3);
        Assert.Equal(3, await KafkaTopic.FindAsync(options, Cancellation));
        Assert.Equal(3, await KafkaTopic.EnsureAsync(options, 12, -1, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Looking_for_a_topic_does_not_make_it(bool real)
    {
        var options = await lab.FreshTopicAsync(real) with { Topic = "looked-for" };
        Assert.Null(await KafkaTopic.FindAsync(options, Cancellation));
        Assert.Null(await KafkaTopic.FindAsync(options, Cancellation));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_that_cannot_make_topics_gets_a_sentence(bool real)
    {
        var options = await lab.FreshTopicAsync(real) with { Topic = "wanted" };
        var failure = await Assert.ThrowsAsync<KafkaOutageException>(() => KafkaTopic.EnsureAsync(options, 12, -1, Cancellation));
        Assert.Contains("could not be asked to make topic wanted: create it with kafka-topics --create --topic wanted", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_gets_a_sentence()
    {
        var options = new KafkaOptions { BootstrapServers = $"127.0.0.1:{LoopbackPorts.Free()}" };
        var failure = await Assert.ThrowsAsync<KafkaOutageException>(() => KafkaTopic.FindAsync(options, Cancellation));
        Assert.Contains("does not answer", failure.Message, StringComparison.Ordinal);
    }
}
