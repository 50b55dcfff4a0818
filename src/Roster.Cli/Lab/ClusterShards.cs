using Roster.Cli.Settings;
using Roster.Core.Ids;
using Roster.Lab;
using Roster.Lab.Patroni;

namespace Roster.Cli.Lab;

/// <summary>The PostgreSQL servers of a cluster: one per shard, with streaming replicas, under Patroni, or behind pgbouncers.</summary>
/// <param name="folder">The lab's.</param>
/// <param name="join">Told of each member when it is ready.</param>
internal sealed class ClusterShards(LabFolder folder, Action<string, string, ILabMember> join) : IAsyncDisposable
{
    private const string Database = "postgres";

    private readonly List<PgBouncer> bouncers = [];
    private readonly List<PostgresServer> servers = [];
    private readonly List<PatroniCluster> clusters = [];
    private readonly List<ShardAddresses> shards = [];
    private EtcdServer? etcd;

    /// <summary>How programs find the shards; which of a shard's members leads they find out.</summary>
    public PostgresSettings Settings => new()
    {
        Shards = [.. shards.Select((shard, i) => new PostgresShard(new ShardId(i), shard.Primary, shard.Direct) { Replicas = shard.Replicas })],
        PrepareStatements = bouncers.Count == 0,
        AllowUnsafeDurability = false,
    };

    /// <summary>Checks that there is something to start.</summary>
    /// <exception cref="LabException">Something is not installed; the message names the package.</exception>
    public static void CheckInstalled(ClusterSize size)
    {
        PostgresServer.CheckInstalled();
        if (size.WithBouncers)
        {
            PgBouncer.CheckInstalled();
        }

        if (size.WithRedis)
        {
            RedisServer.CheckInstalled();
        }

        if (size.WithPatroni)
        {
            PatroniMember.CheckInstalled();
            EtcdServer.CheckInstalled();
        }
    }

    /// <summary>Starts them, shard after shard.</summary>
    public async Task StartAsync(ClusterSize size, CancellationToken cancellation)
    {
        if (size.WithPatroni)
        {
            etcd = await EtcdServer.StartInAsync(folder.Member("etcd"));
            Join("etcd", etcd);
        }

        List<string> passwords = [];
        for (var shard = 0; shard < size.Shards; shard++)
        {
            cancellation.ThrowIfCancellationRequested();
            passwords.AddRange(etcd is null ? await StartPlainAsync(shard, size) : await StartPatroniAsync(shard, size.Replicas + 1, etcd));
        }

        await folder.WriteAsync("pgpass", string.Concat(passwords));
    }

    /// <summary>Replicas and their Patronis first: they ask for the others to the end.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync(bouncers);
        await EndAsync(clusters);
        await EndAsync(Enumerable.Reverse(servers));
        await (etcd?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task<IEnumerable<string>> StartPlainAsync(int shard, ClusterSize size)
    {
        var primary = await PostgresServer.StartInAsync(folder.Member($"shard{shard}"));
        servers.Add(primary);
        Join($"shard {shard}", primary);
        List<PostgresServer> replicas = [];
        for (var i = 1; i <= size.Replicas; i++)
        {
            var replica = await primary.StartReplicaInAsync(folder.Member($"shard{shard}-replica{i}"), $"replica_{i}");
            servers.Add(replica);
            replicas.Add(replica);
            Join($"shard {shard} replica {i}", replica);
        }

        var direct = primary.ConnectionStringOf(Database);
        shards.Add(new ShardAddresses(
            size.WithBouncers ? await StartBouncerAsync(shard, primary) : direct,
            size.WithBouncers ? direct : null,
            [.. replicas.Select(replica => replica.ConnectionStringOf(Database))]));
        return replicas.Prepend(primary).Select(server => server.PasswordLine);
    }

    private async Task<string> StartBouncerAsync(int shard, PostgresServer primary)
    {
        var bouncer = await PgBouncer.StartInAsync(folder.Member($"pgbouncer{shard}"), primary);
        bouncers.Add(bouncer);
        Join($"pgbouncer {shard}", bouncer);
        return bouncer.ConnectionStringOf(Database);
    }

    private async Task<IEnumerable<string>> StartPatroniAsync(int shard, int count, EtcdServer store)
    {
        var cluster = await PatroniCluster.StartInAsync(
            i => folder.Member($"shard{shard}-member{i + 1}"), $"shard{shard}", count, store, new PatroniOptions());
        clusters.Add(cluster);
        for (var i = 0; i < count; i++)
        {
            Join($"shard {shard} member {i + 1}", cluster.Members[i]);
        }

        string[] members = [.. cluster.Members.Select(member => member.ConnectionStringOf(Database))];
        shards.Add(new ShardAddresses(members[0], Direct: null, members[1..]));
        return cluster.Members.Select(member => member.PasswordLine);
    }

    private void Join(string name, ServerProcess server) => join(name, $"127.0.0.1:{server.Port}", server);

    private static Task EndAsync(IEnumerable<IAsyncDisposable> members) => Task.WhenAll(members.Select(member => member.DisposeAsync().AsTask()));

    private sealed record ShardAddresses(string Primary, string? Direct, IReadOnlyList<string> Replicas);
}
