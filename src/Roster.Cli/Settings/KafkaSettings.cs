using Roster.Kafka;

namespace Roster.Cli.Settings;

/// <summary><c>Roster:Kafka</c>: where events are published and consumed.</summary>
internal static class KafkaSettings
{
    /// <summary>Reads and checks it.</summary>
    /// <returns>Null when no broker is named: then consumers get their events in this process.</returns>
    /// <exception cref="SettingsException">Something is wrong.</exception>
    public static KafkaOptions? Read(SettingsReader reader)
    {
        var servers = reader.Text("Kafka:BootstrapServers");
        var topic = reader.Text("Kafka:Topic");
        var client = Client(reader);
        if (servers is null)
        {
            return topic is null && client.Count == 0 ? null : throw new SettingsException(
                "Roster:Kafka is set without a broker: set Roster:Kafka:BootstrapServers to one or more, such as kafka1:9092,kafka2:9092.");
        }

        if (Array.Exists(servers.Split(','), server => !IsServer(server.Trim())))
        {
            throw SettingsReader.Wrong("Kafka:BootstrapServers", servers, "host:port, more of them separated by commas");
        }

        return new KafkaOptions { BootstrapServers = servers, Topic = topic is null ? KafkaOptions.StandardTopic : Checked(topic), Client = client };
    }

    /// <summary>librdkafka's names hold dots, which no shell lets into a variable's name; none holds an underscore, so that may stand for one.</summary>
    private static Dictionary<string, string> Client(SettingsReader reader)
    {
        Dictionary<string, string> client = new(StringComparer.Ordinal);
        foreach (var (key, value) in reader.Section("Kafka:Client"))
        {
            var name = key.Replace('_', '.').ToLowerInvariant();
            if (ClientSettings.Ours.Contains(name, StringComparer.Ordinal))
            {
                throw new SettingsException($"Roster:Kafka:Client:{key} is set by Roster itself: remove it.");
            }

            client[name] = value;
        }

        return client;
    }

    private static bool IsServer(string text) =>
        text.LastIndexOf(':') is var colon and > 0 && ushort.TryParse(text.AsSpan(colon + 1), out var port) && port > 0;

    /// <summary>Kafka's own rule.</summary>
    private static string Checked(string topic) =>
        topic.Length <= 249 && topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && topic is not ("." or "..")
            ? topic
            : throw SettingsReader.Wrong("Kafka:Topic", topic, "at most 249 letters, digits, dots, underscores and hyphens");
}
