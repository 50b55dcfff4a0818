using System.Globalization;
using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Lab.Kafka;

namespace Roster.Cli.Lab;

/// <summary>How programs of the lab find its servers.</summary>
internal static class ClusterSettings
{
    /// <summary>The shards, for what this process does with them itself.</summary>
    /// <param name="connections">Each shard's connection string, and the one past its pgbouncer.</param>
    /// <param name="throughBouncers">Whether the first of the two leads through a pgbouncer.</param>
    public static PostgresSettings Shards(IReadOnlyList<(string Primary, string Direct)> connections, bool throughBouncers) => new()
    {
        Shards = [.. connections.Select((shard, i) => new PostgresShard(new ShardId(i), shard.Primary, shard.Direct))],
        PrepareStatements = !throughBouncers,
        AllowUnsafeDurability = false,
    };

    /// <summary>The environment of a node or worker. Passwords are in it, so that no command line holds one.</summary>
    public static Dictionary<string, string> Environment(PostgresSettings shards, string adminKey, KafkaServer? kafka)
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
            environment[$"Roster__Shards__{number}__Direct"] = shard.Direct!;
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
