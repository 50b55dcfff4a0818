using System.Diagnostics;
using Roster.Core.Events.Publishing;
using Roster.Kafka;
using Roster.Lab;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>Whoever runs Roster reads what is wrong in a sentence, and no secrets.</summary>
public sealed class FailureSentenceTests(KafkaLab lab)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_within_the_time_set()
    {
        var options = Nobody(("message.timeout.ms", "1000"));
        await using var publisher = new KafkaPublisher(options);
        var start = Stopwatch.GetTimestamp();
        var failure = await Assert.ThrowsAsync<PublishException>(() => publisher.PublishAsync([Message(1, 1)], Cancellation));
        Assert.StartsWith($"Kafka at {options.BootstrapServers} does not answer (", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Connection refused", failure.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_missing_topic_is_named_with_how_to_create_it()
    {
        var options = await lab.FreshTopicAsync(real: true) with { Topic = "missing" };
        await using var publisher = new KafkaPublisher(options);
        var failure = await Assert.ThrowsAsync<PublishException>(() => publisher.PublishAsync([Message(1, 1)], Cancellation));
        Assert.Contains("has no topic missing: create it with kafka-topics --create --topic missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idempotent_producer_needs_a_younger_broker_and_says_so()
    {
        var options = await lab.FreshTopicAsync(real: true);
        await using var publisher = new KafkaPublisher(options with { Client = new Dictionary<string, string>(options.Client) { ["enable.idempotence"] = "true" } });
        var failure = await Assert.ThrowsAsync<PublishException>(() => publisher.PublishAsync([Message(1, 1)], Cancellation));
        Assert.Contains("set Roster:Kafka:Client:enable.idempotence to false", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no.such.setting", "x", "No such configuration property: \"no.such.setting\"")]
    [InlineData("message.max.bytes", "hunter2", "the value of message.max.bytes will not do")]
    [InlineData("security.protocol", "hunter2", "the value of security.protocol will not do")]
    [InlineData("acks", "0", "Roster sets Kafka's acks itself: remove Roster:Kafka:Client:acks.")]
    [InlineData("group.id", "mine", "Roster sets Kafka's group.id itself")]
    [InlineData("ssl.key.pem", "hunter2", "Correct Roster:Kafka:Client")]
    public void A_wrong_setting_stops_the_start_and_is_named_without_its_value(string name, string value, string sentence)
    {
        List<string> told = [];
        var options = Nobody(("security.protocol", name == "ssl.key.pem" ? "ssl" : "plaintext"), (name, value)) with { Tell = told.Add };
        var failure = Assert.Throws<KafkaOutageException>(() => new KafkaPublisher(options));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", $"{failure}{string.Concat(told)}", StringComparison.Ordinal);
    }

    private static KafkaOptions Nobody(params (string Name, string Value)[] client)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        foreach (var (name, value) in client)
        {
            settings[name] = value;
        }

        return new KafkaOptions { BootstrapServers = $"127.0.0.1:{LoopbackPorts.Free()}", Client = settings };
    }
}
