using System.Text.Json;

namespace Roster.Lab.Patroni;

/// <summary>A member's settings file; JSON is YAML, too.</summary>
internal static class PatroniSettings
{
    private static readonly string[] Rules = ["host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256"];

    /// <summary>Its text. It holds passwords.</summary>
    /// <param name="member">The member.</param>
    /// <param name="port">Of its PostgreSQL.</param>
    /// <param name="options">What the first member of a cluster puts into etcd.</param>
    public static string Of(PatroniMember member, int port, PatroniOptions options)
    {
        var account = new { username = "postgres", password = member.Password };
        var shared = new
        {
            ttl = (int)options.TimeToLive.TotalSeconds,
            loop_wait = (int)options.LoopWait.TotalSeconds,
            retry_timeout = (int)options.RetryTimeout.TotalSeconds,
            synchronous_mode = options.Synchronous,
            // A primary that ended is not waited for: what it had acknowledged, a replica has.
            primary_start_timeout = 0,
            maximum_lag_on_failover = 16 << 20,
            postgresql = new
            {
                use_pg_rewind = true,
                use_slots = true,
                parameters = new Dictionary<string, object>(StringComparer.Ordinal)
                {
                    ["max_connections"] = 300,
                    ["hot_standby_feedback"] = "on",
                    ["max_wal_size"] = "4GB",
                    ["max_slot_wal_keep_size"] = "4GB",
                    ["wal_receiver_status_interval"] = "1s",
                    ["wal_retrieve_retry_interval"] = "200ms",
                },
            },
        };
        return JsonSerializer.Serialize(new
        {
            scope = member.Scope,
            name = member.Name,
            restapi = new
            {
                listen = $"127.0.0.1:{member.RestPort}",
                connect_address = $"127.0.0.1:{member.RestPort}",
                authentication = account,
            },
            // Its second API: by the third, Patroni before 3.0.3 takes the lead back from another after a pause (docs/adr/0021).
            etcd = new { hosts = $"127.0.0.1:{member.EtcdPort}" },
            bootstrap = new { dcs = shared, initdb = new object[] { new { encoding = "UTF8" }, "no-locale", "no-sync" } },
            postgresql = new
            {
                listen = $"127.0.0.1:{port}",
                connect_address = $"127.0.0.1:{port}",
                data_dir = member.Data,
                bin_dir = PostgresServer.Binaries,
                pgpass = Path.Combine(member.Folder, "pgpass"),
                authentication = new { superuser = account, replication = account, rewind = account },
                pg_hba = Rules,
                parameters = new { unix_socket_directories = member.Folder, shared_buffers = "128MB" },
            },
        });
    }
}
