using System.Text;
using Roster.Kafka;

// A member of a consumer group in a process of its own, which tests kill. It says what it has handled, a message a line.
if (args is not [var servers, var topic, var group, .. var client])
{
    await Console.Error.WriteLineAsync("Usage: SERVERS TOPIC GROUP [NAME=VALUE …]");
    return 2;
}

var options = new KafkaOptions
{
    BootstrapServers = servers,
    Topic = topic,
    Client = client.Select(setting => setting.Split('=', 2)).ToDictionary(setting => setting[0], setting => setting[1], StringComparer.Ordinal),
    Tell = line => Console.Error.WriteLine($"# {line}"),
};
await new KafkaConsumer(options, group).RunAsync(
    async (records, cancellation) =>
    {
        foreach (var record in records)
        {
            await Task.Delay(1, cancellation);
            Console.WriteLine($"{record.Partition} {record.Key} {Encoding.UTF8.GetString(record.Value.Span)}");
        }
    },
    CancellationToken.None);
return 0;
