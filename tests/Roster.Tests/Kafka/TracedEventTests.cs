using System.Collections.Concurrent;
using System.Text;
using Roster.Core.Events.Publishing;
using Roster.Core.Users;
using Roster.Kafka;
using Roster.Tests.Events.Consuming;
using Roster.Tests.Monitoring;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>A CloudEvent's trace goes through a topic: each consumer's span is in the trace of its own event.</summary>
public sealed class TracedEventTests(KafkaLab lab)
{
    private const int Users = 20;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_are_handled_in_the_trace_that_they_carried_over_the_topic(bool real)
    {
        using var spans = new RecordedSpans();
        var options = await lab.FreshTopicAsync(real);
        await using (var publisher = new KafkaPublisher(options))
        {
            await publisher.PublishAsync([.. Enumerable.Range(1, Users).Select(Traced)], TestContext.Current.CancellationToken);
        }

        var handledIn = new ConcurrentDictionary<string, string?>(StringComparer.Ordinal);
        await using (var mail = new RunningMail(new KafkaSource(options), message =>
        {
            handledIn[message.User.ToString()] = System.Diagnostics.Activity.Current?.TraceId.ToHexString();
            return Task.CompletedTask;
        }))
        {
            await GroupMember.UntilAsync(() => mail.Mail.Effects.Count == Users, "not all were handled");
        }

        Assert.Equal(
            Enumerable.Range(1, Users).Select(user => (User(user).ToString(), TraceOf(user))),
            handledIn.OrderBy(one => one.Value, StringComparer.Ordinal).Select(one => (one.Key, one.Value!)));
        Assert.Equal(Enumerable.Range(1, Users).Select(TraceOf), spans.Ended.Select(span => span.TraceId.ToHexString()).Order(StringComparer.Ordinal));
    }

    private static string TraceOf(int user) => $"{user:d32}";

    private static EventMessage Traced(int user) => new(User(user), 1, SignedUp.TypeName, Encoding.UTF8.GetBytes(
        $$"""{"specversion":"1.0","type":"{{SignedUp.TypeName}}","subject":"{{User(user)}}","sequence":"1","traceparent":"00-{{TraceOf(user)}}-00f067aa0ba902b7-01"}"""));
}
