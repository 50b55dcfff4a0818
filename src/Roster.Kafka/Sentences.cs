using Confluent.Kafka;

namespace Roster.Kafka;

/// <summary>Kafka's errors in words that say what to do.</summary>
internal static class Sentences
{
    /// <summary>What an error means.</summary>
    /// <param name="error">The error.</param>
    /// <param name="options">Where it happened.</param>
    /// <param name="lastTrouble">What the connection last complained of; null when it did not.</param>
    public static string Of(Error error, KafkaOptions options, string? lastTrouble) => error.Code switch
    {
        ErrorCode.Local_MsgTimedOut or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown =>
            $"Kafka at {options.BootstrapServers} does not answer{(lastTrouble is null ? "" : $" ({lastTrouble})")}.",
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition =>
            $"Kafka at {options.BootstrapServers} has no topic {options.Topic}: {KafkaTopic.HowToCreate(options)}.",
        ErrorCode.Local_UnsupportedFeature when ClientSettings.IsIdempotent(options) =>
            $"Kafka at {options.BootstrapServers} is older than 0.11 and knows no idempotent producers: upgrade it, or set Roster:Kafka:Client:enable.idempotence to false.",
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed =>
            $"Kafka at {options.BootstrapServers} refused who Roster says it is: check the sasl.* and ssl.* settings under Roster:Kafka:Client.",
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.GroupAuthorizationFailed =>
            $"Kafka at {options.BootstrapServers} does not let Roster use topic {options.Topic} ({error.Reason}): grant Describe, Read and Write on it, and Read on Roster's consumer groups.",
        ErrorCode.Local_QueueFull =>
            $"More events wait for Kafka at {options.BootstrapServers} than queue.buffering.max.messages and .kbytes allow.",
        _ => $"Kafka at {options.BootstrapServers}: {error.Reason}.",
    };

    /// <summary>A client, if librdkafka takes its settings. The values of those that it refuses are left out: they may be secrets,
    /// and so what librdkafka says of them is not handed on.</summary>
    public static T Accepted<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            var what = e.Message.Contains("No such configuration property", StringComparison.Ordinal) ? e.Message : NameIn(e.Message);
            throw new KafkaOutageException($"Kafka's client refuses its settings: {what}. Correct Roster:Kafka:Client.");
        }
    }

    private static string NameIn(string message) =>
        message.LastIndexOf("property \"", StringComparison.Ordinal) is var at and >= 0
            ? $"the value of {message[(at + "property \"".Length)..].Split('"')[0]} will not do"
            : "two of them exclude each other, or a file that one names cannot be used";
}
