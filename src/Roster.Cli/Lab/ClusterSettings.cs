using System.Globalization;
using Roster.Cli.Settings;
using Roster.Lab;
using Roster.Lab.Kafka;

namespace Roster.Cli.Lab;

/// <summary>How programs of the lab find its servers.</summary>
internal static class ClusterSettings
{
    /// <summary>The environment of a node or worker. Passwords are in it, so that no command line holds one.</summary>
    public static Dictionary<string, string> Environment(PostgresSettings shards, string adminKey, KafkaServer? kafka, RedisServer? redis)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["Roster__Storage"] = "postgres",
            ["Roster__Auth__AdminKey"] = adminKey,
            ["Roster__Postgres__PrepareStatements"] = shards.PrepareStatements ? "true" : "false",
        };
        foreach (var shard in shards.Shards)
        {
            var number = shard.Shard.Value.ToString(CultureInfo.InvariantCulture);
            environment[$"Roster__Shards__{number}__Primary"] = shard.Primary;
            if (shard.Direct is { } direct)
            {
                environment[$"Roster__Shards__{number}__Direct"] = direct;
            }

            foreach (var (i, replica) in shard.Replicas.Index())
            {
                environment[string.Create(CultureInfo.InvariantCulture, $"Roster__Shards__{number}__Replicas__{i}")] = replica;
            }
        }

        if (redis is not null)
        {
            environment["Roster__Redis"] = redis.Configuration;
        }

        if (kafka is not null)
        {
            // The lab's broker is of 2016, and has to be told from newer ones.
            environment["Roster__Kafka__BootstrapServers"] = kafka.BootstrapServers;
            environment["Roster__Kafka__Client__api_version_request"] = "false";
            environment["Roster__Kafka__Client__broker_version_fallback"] = "0.9.0";
            environment["Roster__Kafka__Client__enable_idempotence"] = "false";
        }

        return environment;
    }
}
