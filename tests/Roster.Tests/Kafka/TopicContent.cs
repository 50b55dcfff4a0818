using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Roster.Core.Events.Publishing;
using Roster.Core.Ids;
using Roster.Kafka;

namespace Roster.Tests.Kafka;

/// <summary>Messages for tests, and what a topic holds, read by a client that shares nothing with Roster's consumer.</summary>
internal static class TopicContent
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static UserId User(int number) => new(new Guid(number, 0, 0x7000, [0x80, 0, 0, 0, 0, 0, 0, 0]));

    /// <summary>A message whose value tells its user's number and sequence.</summary>
    public static EventMessage Message(int user, long sequence, int padding = 0) => new(
        User(user), sequence, "roster.user.signedUp.v1", Encoding.UTF8.GetBytes($$"""{"type":"roster.user.signedUp.v1","user":{{user}},"sequence":"{{sequence}}","padding":"{{new string('.', padding)}}"}"""));

    /// <summary>Sequences 1 … count of users 1 … users, user by user within each sequence.</summary>
    public static IReadOnlyList<EventMessage> Messages(int users, int count, int padding = 0) =>
        [.. from sequence in Enumerable.Range(1, count) from user in Enumerable.Range(1, users) select Message(user, sequence, padding)];

    public static long SequenceOf(ReadOnlySpan<byte> value) =>
        long.Parse(Encoding.UTF8.GetString(value).Split("\"sequence\":\"")[1].Split('"')[0], CultureInfo.InvariantCulture);

    /// <summary>All that is on the topic now, partition by partition.</summary>
    public static List<ConsumeResult<string, byte[]>> Read(KafkaOptions options)
    {
        var settings = new ConsumerConfig(options.Client.ToDictionary(StringComparer.Ordinal))
        {
            BootstrapServers = options.BootstrapServers, GroupId = "reading", EnableAutoCommit = false, EnablePartitionEof = true,
        };
        settings.Set("enable.idempotence", "false");
        using var consumer = new ConsumerBuilder<string, byte[]>(settings).SetLogHandler((_, _) => { }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(options.Topic, Patience).Topics[0].Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(i => new TopicPartitionOffset(options.Topic, i, Offset.Beginning)));
        List<ConsumeResult<string, byte[]>> found = [];
        for (var ends = 0; ends < partitions;)
        {
            var next = consumer.Consume(Patience) ?? throw new TimeoutException($"{options.Topic} was not read to its end.");
            if (next.IsPartitionEOF)
            {
                ends++;
            }
            else
            {
                found.Add(next);
            }
        }

        return found;
    }

    /// <summary>For each key the sequences in the order of their first occurrence, and how many occurrences were not the first.</summary>
    public static (Dictionary<string, List<long>> First, int Doubles) PerUser(IEnumerable<ConsumeResult<string, byte[]>> messages)
    {
        Dictionary<string, List<long>> first = new(StringComparer.Ordinal);
        var doubles = 0;
        foreach (var message in messages)
        {
            var seen = first.TryGetValue(message.Message.Key, out var known) ? known : first[message.Message.Key] = [];
            var sequence = SequenceOf(message.Message.Value);
            if (seen.Contains(sequence))
            {
                doubles++;
            }
            else
            {
                seen.Add(sequence);
            }
        }

        return (first, doubles);
    }
}
