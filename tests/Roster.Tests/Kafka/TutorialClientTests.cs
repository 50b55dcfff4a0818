using System.Diagnostics;
using Roster.Kafka;
using Roster.Lab;
using Roster.Tests.Architecture;
using Xunit;
using static Roster.Tests.Kafka.TopicContent;

namespace Roster.Tests.Kafka;

/// <summary>The tutorial's own clients, on kafka-python, beside Roster on the real broker.</summary>
public sealed class TutorialClientTests(KafkaLab lab) : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private static readonly string Examples = Path.Combine(Sources.Root, "examples", "tutorial-consumer");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("roster-test-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_tutorials_consumer_prints_signup_for_each_sign_up_and_its_producer_harms_nothing()
    {
        var options = await lab.FreshTopicAsync(real: true);
        await using var roster = new GroupMember(options, "roster-of-" + options.Topic);
        await using (await WatchedProcess.StartAsync(folder.FullName, Signal.Kill, environment: null, [
            Python, Path.Combine(Examples, "consumer.py"), "--servers", options.BootstrapServers, "--topic", options.Topic, "--group", options.Topic]))
        {
            await using var publisher = new KafkaPublisher(options);
            await publisher.PublishAsync(
                [Message(1, 1), Message(2, 1), Message(3, 1), Message(1, 2) with { Type = "roster.user.suspended.v1", Json = """{"type":"roster.user.suspended.v1","sequence":"2"}"""u8.ToArray() }], Cancellation);
            await GroupMember.UntilAsync(() => Signups() == 3, $"the consumer printed {Signups()} times: {Log()}");
            await ProduceAsync(options);
            await GroupMember.UntilAsync(() => Signups() == 4, $"the consumer printed {Signups()} times: {Log()}");
            await GroupMember.UntilAsync(() => roster.Handled.Count == 5, "Roster's consumer did not get all");
        }

        Assert.All(Log().Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Equal("signup", line));
        Assert.Single(roster.Handled, record => record.Key is null);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task ProduceAsync(KafkaOptions options)
    {
        using var producer = Process.Start(Python, [Path.Combine(Examples, "producer.py"), "--servers", options.BootstrapServers, "--topic", options.Topic]);
        await producer.WaitForExitAsync(Cancellation);
        Assert.Equal(0, producer.ExitCode);
    }

    private string Log() => Path.Combine(folder.FullName, WatchedProcess.LogName) is var log && File.Exists(log) ? File.ReadAllText(log) : string.Empty;

    private int Signups() => Log().Split('\n').Count(line => line == "signup");
}
