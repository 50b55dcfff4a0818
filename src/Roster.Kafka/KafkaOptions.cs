namespace Roster.Kafka;

/// <summary>Where Kafka is and how to talk to it.</summary>
public sealed record KafkaOptions
{
    /// <summary>The topic unless another is named.</summary>
    public const string StandardTopic = "user-events";

    /// <summary>Brokers to ask for the others: <c>host:port,host:port</c>.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Where events go: key = user id, value = a CloudEvent.</summary>
    public string Topic { get; init; } = StandardTopic;

    /// <summary>librdkafka's settings by their own names, over Roster's; secrets are among them. Those of <see cref="ClientSettings.Ours"/> are refused.</summary>
    public IReadOnlyDictionary<string, string> Client { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Takes sentences about what the connection goes through; no secrets are among them.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
