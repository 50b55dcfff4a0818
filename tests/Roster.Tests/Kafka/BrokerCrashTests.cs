using Roster.Core.Events.Publishing;
using Roster.Kafka;
using Roster.Lab.Kafka;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>The real broker is killed and started again while events are published.</summary>
public sealed class BrokerCrashTests
{
    private const int Users = 100;
    private const int Kills = 2;
    private const int After = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_broker_loses_nothing_acknowledged_and_keeps_the_order_of_every_user()
    {
        await using var server = await KafkaServer.StartAsync();
        var options = await KafkaLab.OptionsOfAsync(server, "crash");
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var acknowledged = 0;
        var failed = 0;
        var publishing = Task.Run(PublishAsync, Cancellation);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await PassAsync();
            await server.KillAsync();
            await server.StartAgainAsync();
        }

        await PassAsync();
        await stopping.CancelAsync();
        await publishing;

        var (first, doubles) = PerUser(Read(options));
        TestContext.Current.TestOutputHelper?.WriteLine($"{acknowledged * Users} acknowledged, {failed} calls failed, {doubles} doubled");
        Assert.Equal(Users, first.Count);
        Assert.All(first.Values, sequences =>
        {
            Assert.InRange(sequences.Count, acknowledged, int.MaxValue);
            Assert.Equal(Enumerable.Range(1, sequences.Count).Select(n => (long)n), sequences);
        });

        async Task PassAsync()
        {
            var before = Volatile.Read(ref acknowledged);
            await GroupMember.UntilAsync(() => Volatile.Read(ref acknowledged) > before + After || publishing.IsCompleted, "nothing is acknowledged");
            Assert.False(publishing.IsCompleted, publishing.Exception?.Message);
        }

        // As the relay does: a call that failed is made again, and nothing comes before it. Two events of a user in each.
        async Task PublishAsync()
        {
            await using var publisher = new KafkaPublisher(options);
            while (!stopping.IsCancellationRequested)
            {
                List<EventMessage> events = [.. from sequence in new[] { acknowledged + 1, acknowledged + 2 } from user in Enumerable.Range(1, Users) select Message(user, sequence)];
                try
                {
                    await publisher.PublishAsync(events, Cancellation);
                    Volatile.Write(ref acknowledged, acknowledged + 2);
                }
                catch (PublishException)
                {
                    failed++;
                }
            }
        }
    }
}
