using Confluent.Kafka;
using Roster.Kafka;
using Roster.Lab.Kafka;
using Roster.Tests.Kafka;
using Xunit;

[assembly: AssemblyFixture(typeof(KafkaLab))]

namespace Roster.Tests.Kafka;

/// <summary>One real broker and one mock cluster for all tests of this assembly that break neither; each test makes a topic of its own.</summary>
public sealed class KafkaLab : IAsyncDisposable
{
    private readonly Lazy<Task<KafkaServer>> server = new(KafkaServer.StartAsync);
    private readonly Lazy<MockKafka> mock = new(StartMock);
    private int topics;

    /// <summary>What clients of a broker of 2016 must be told.</summary>
    public static IReadOnlyDictionary<string, string> OldBroker { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["api.version.request"] = "false",
        ["broker.version.fallback"] = "0.9.0",
        ["enable.idempotence"] = "false",
    };

    /// <summary>A mock cluster that the caller may break.</summary>
    public static MockKafka StartMock()
    {
        Library.Load();
        return MockKafka.Start();
    }

    /// <summary>Options of a topic on a mock cluster.</summary>
    public static KafkaOptions OptionsOf(MockKafka cluster, string topic, int partitions = 4)
    {
        cluster.CreateTopic(topic, partitions);
        return new KafkaOptions { BootstrapServers = cluster.BootstrapServers, Topic = topic };
    }

    /// <summary>Options of a topic on a real broker.</summary>
    public static async Task<KafkaOptions> OptionsOfAsync(KafkaServer server, string topic, int partitions = 4)
    {
        await server.CreateTopicAsync(topic, partitions);
        var options = new KafkaOptions { BootstrapServers = server.BootstrapServers, Topic = topic, Client = OldBroker };
        await KafkaTopic.AppearAsync(options, TestContext.Current.CancellationToken);
        return options;
    }

    public Task<KafkaServer> ServerAsync() => server.Value;

    /// <summary>Options of a fresh topic, on the real broker or on the mock cluster.</summary>
    public async Task<KafkaOptions> FreshTopicAsync(bool real, int partitions = 4)
    {
        var topic = $"topic-{Interlocked.Increment(ref topics)}";
        return real ? await OptionsOfAsync(await ServerAsync(), topic, partitions) : OptionsOf(mock.Value, topic, partitions);
    }

    public async ValueTask DisposeAsync()
    {
        if (mock.IsValueCreated)
        {
            mock.Value.Dispose();
        }

        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
