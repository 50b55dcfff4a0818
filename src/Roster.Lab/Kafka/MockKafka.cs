using System.Runtime.InteropServices;

namespace Roster.Lab.Kafka;

/// <summary>
/// librdkafka's own mock cluster, inside this process: the modern protocol with idempotent producers and consumer groups, and
/// errors on demand. It takes the copy of librdkafka that the caller's Kafka client has loaded, so the lab needs no client itself.
/// It keeps about 5 MB a partition, forgets older data silently, does not deduplicate, and moves no leader by itself.
/// </summary>
public sealed class MockKafka : IDisposable
{
    private readonly nint client;
    private readonly nint cluster;

    private readonly int brokers;

    private MockKafka(nint client, nint cluster, int brokers)
    {
        this.brokers = brokers;
        this.client = client;
        this.cluster = cluster;
        BootstrapServers = Marshal.PtrToStringUTF8(MockKafkaNative.Bootstraps(cluster))!;
    }

    /// <summary>What clients are given: <c>host:port,host:port,…</c>.</summary>
    public string BootstrapServers { get; }

    /// <summary>Makes a cluster whose brokers are 1, 2, 3 …</summary>
    /// <exception cref="LabException">No Kafka client has been loaded, or it failed.</exception>
    public static MockKafka Start(int brokers = 3)
    {
        MockKafkaNative.Load();
        var words = new byte[512];
        var maker = MockKafkaNative.NewClient(MockKafkaNative.Producer, MockKafkaNative.NewSettings(), words, words.Length);
        if (maker == 0)
        {
            throw new LabException("librdkafka made no client for its mock cluster.");
        }

        var made = MockKafkaNative.NewCluster(maker, brokers);
        if (made == 0)
        {
            MockKafkaNative.DestroyClient(maker);
            throw new LabException("librdkafka made no mock cluster.");
        }

        return new MockKafka(maker, made, brokers);
    }

    /// <summary>Makes a topic with a replica on each broker.</summary>
    public void CreateTopic(string topic, int partitions) =>
        Check(MockKafkaNative.CreateTopic(cluster, topic, partitions, brokers), $"making {topic}");

    /// <summary>The next requests of a kind get these errors, in this order; 0 is none.</summary>
    /// <param name="request">Whose.</param>
    /// <param name="errors">Kafka's error codes.</param>
    public void Fail(MockRequest request, params int[] errors) =>
        MockKafkaNative.PushErrors(cluster, (short)request, (nuint)errors.Length, errors);

    /// <summary>Closes a broker's connections and refuses new ones.</summary>
    public void SetDown(int broker) => Check(MockKafkaNative.SetDown(cluster, broker), $"stopping broker {broker}");

    /// <summary>Ends <see cref="SetDown"/>.</summary>
    public void SetUp(int broker) => Check(MockKafkaNative.SetUp(cluster, broker), $"starting broker {broker}");

    /// <summary>How long a broker takes for each answer.</summary>
    public void SetDelay(int broker, TimeSpan delay) =>
        Check(MockKafkaNative.SetRoundTrip(cluster, broker, (int)delay.TotalMilliseconds), $"slowing broker {broker}");

    /// <summary>Gives a partition to another broker.</summary>
    public void SetLeader(string topic, int partition, int broker) =>
        Check(MockKafkaNative.SetLeader(cluster, topic, partition, broker), $"giving {topic}/{partition} to broker {broker}");

    /// <inheritdoc/>
    public void Dispose()
    {
        MockKafkaNative.DestroyCluster(cluster);
        MockKafkaNative.DestroyClient(client);
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
        {
            throw new LabException($"The mock cluster failed at {what}: error {error}.");
        }
    }
}
