using Confluent.Kafka;

namespace Roster.Kafka;

/// <summary>What librdkafka is told: Roster's choices, then the operator's.</summary>
public static class ClientSettings
{
    /// <summary>Idempotent producers may have five requests under way; others one, or a retry would change the order.</summary>
    private const string InFlightOrdered = "1";

    /// <summary>Settings that Roster's promises stand on, or that it has settings of its own for; nobody else may set them.</summary>
    public static IReadOnlyList<string> Ours { get; } =
    [
        "acks", "request.required.acks", "bootstrap.servers", "metadata.broker.list", "enable.auto.commit", "auto.commit.enable",
        "enable.auto.offset.store", "group.id", "group.instance.id", "transactional.id",
    ];

    /// <summary>Whether the producer is idempotent; it is unless the brokers are too old for it.</summary>
    internal static bool IsIdempotent(KafkaOptions options) =>
        !options.Client.TryGetValue("enable.idempotence", out var set) || !set.Equals("false", StringComparison.OrdinalIgnoreCase);

    /// <summary>Settings of the publisher.</summary>
    internal static ProducerConfig Producer(KafkaOptions options) => new(Merge(options, new(StringComparer.Ordinal)
    {
        ["acks"] = "all",
        ["enable.idempotence"] = "true",
        ["max.in.flight.requests.per.connection"] = IsIdempotent(options) ? "5" : InFlightOrdered,
        ["linger.ms"] = "1",
        ["request.timeout.ms"] = "5000",
        ["message.timeout.ms"] = "10000",
        ["queue.buffering.max.messages"] = "100000",
        ["queue.buffering.max.kbytes"] = "131072",

        // What Java's clients and Python's choose for a key: whoever else writes for a user lands in the same partition.
        ["partitioner"] = "murmur2_random",
    }));

    /// <summary>Settings of a member of a consumer group.</summary>
    internal static ConsumerConfig Consumer(KafkaOptions options, string group) => new(Merge(options, new(StringComparer.Ordinal)
    {
        ["group.id"] = group,
        ["enable.auto.commit"] = "false",
        ["enable.auto.offset.store"] = "false",
        ["auto.offset.reset"] = "earliest",
        ["partition.assignment.strategy"] = "cooperative-sticky",
        ["session.timeout.ms"] = "10000",
        ["heartbeat.interval.ms"] = "2000",
        ["fetch.wait.max.ms"] = "100",
        ["fetch.error.backoff.ms"] = "100",
        ["queued.max.messages.kbytes"] = "16384",
    }));

    /// <summary>Settings of whoever only asks.</summary>
    internal static AdminClientConfig Admin(KafkaOptions options) => new(Merge(options, new(StringComparer.Ordinal)));

    private static Dictionary<string, string> Merge(KafkaOptions options, Dictionary<string, string> settings)
    {
        settings["bootstrap.servers"] = options.BootstrapServers;
        settings["client.id"] = "roster";
        settings["socket.connection.setup.timeout.ms"] = "5000";
        settings["reconnect.backoff.max.ms"] = "1000";
        foreach (var (name, value) in options.Client)
        {
            settings[name] = Ours.Contains(name, StringComparer.OrdinalIgnoreCase)
                ? throw new KafkaOutageException($"Roster sets Kafka's {name} itself: remove Roster:Kafka:Client:{name}.")
                : value;
        }

        return settings;
    }
}
