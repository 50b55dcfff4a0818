using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Roster.Kafka;

/// <summary>The topic: whether it is there, and making it.</summary>
public static class KafkaTopic
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks the topic up.</summary>
    /// <returns>How many partitions it has; null when there is no such topic.</returns>
    /// <exception cref="KafkaOutageException">Kafka does not answer, or refuses.</exception>
    public static Task<int?> FindAsync(KafkaOptions options, CancellationToken cancellation) =>
        AskAsync(options, client => Task.FromResult(Partitions(client, options)), cancellation);

    /// <summary>Makes the topic unless it is there already.</summary>
    /// <param name="options">Which topic, and where.</param>
    /// <param name="partitions">Of a new topic: as many consumers as this can share the work. Not to be changed later: users would change their partition.</param>
    /// <param name="replicas">Of a new topic: brokers that hold each partition; -1 leaves it to the brokers' own setting.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <returns>How many partitions it has, which is what it had if it was there.</returns>
    /// <exception cref="KafkaOutageException">Kafka does not answer, or refuses, or is too old to be asked.</exception>
    public static Task<int> EnsureAsync(KafkaOptions options, int partitions, short replicas, CancellationToken cancellation) =>
        AskAsync(options, async client =>
        {
            if (Partitions(client, options) is { } found)
            {
                return found;
            }

            try
            {
                await client.CreateTopicsAsync(
                    [new TopicSpecification { Name = options.Topic, NumPartitions = partitions, ReplicationFactor = replicas }],
                    new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience });
            }
            catch (CreateTopicsException e) when (e.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                return Partitions(client, options) ?? partitions;
            }
            catch (CreateTopicsException e)
            {
                throw new KafkaOutageException($"Kafka at {options.BootstrapServers} did not make topic {options.Topic}: {e.Results[0].Error.Reason}.", e);
            }
            catch (KafkaException e) when (e.Error.Code is ErrorCode.Local_UnsupportedFeature or ErrorCode.Local_TimedOut)
            {
                // It has just answered another question: so it is this one that it cannot answer.
                throw new KafkaOutageException($"Kafka at {options.BootstrapServers} could not be asked to make topic {options.Topic}: {HowToCreate(options)}.", e);
            }

            return partitions;
        }, cancellation);

    /// <summary>Waits until the topic is there: brokers learn of a new one one after the other.</summary>
    /// <exception cref="KafkaOutageException">Kafka does not answer, or refuses.</exception>
    public static async Task AppearAsync(KafkaOptions options, CancellationToken cancellation)
    {
        while (await FindAsync(options, cancellation) is null)
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>For people.</summary>
    internal static string HowToCreate(KafkaOptions options) =>
        $"create it with kafka-topics --create --topic {options.Topic} --partitions 12 (docs/operations/kafka.md)";

    /// <summary>A caller who stops waiting leaves the client to its question: it must not be closed under it.</summary>
    private static Task<T> AskAsync<T>(KafkaOptions options, Func<IAdminClient, Task<T>> question, CancellationToken cancellation) =>
        Task.Run(async () =>
        {
            string? trouble = null;
            using var client = Sentences.Accepted(() => new AdminClientBuilder(ClientSettings.Admin(options))
                .SetErrorHandler((_, error) => trouble = error.Code == ErrorCode.Local_AllBrokersDown ? trouble : error.Reason)
                .SetLogHandler((_, log) => options.Tell($"Kafka's client: {log.Message}"))
                .Build());
            try
            {
                return await question(client);
            }
            catch (KafkaException e)
            {
                throw new KafkaOutageException(Sentences.Of(e.Error, options, trouble), e);
            }
        }, cancellation).WaitAsync(cancellation);

    /// <summary>All topics are asked for: asking for one by its name makes some brokers create it. One that is just being made counts.</summary>
    private static int? Partitions(IAdminClient client, KafkaOptions options) =>
        client.GetMetadata(Patience).Topics.Find(topic => topic.Topic == options.Topic && topic.Error.Code != ErrorCode.UnknownTopicOrPart)?.Partitions.Count;
}
