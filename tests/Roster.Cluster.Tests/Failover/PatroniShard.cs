using System.Security.Cryptography;
using Roster.Cluster.Tests.Processes;
using Roster.Lab.Patroni;
using Xunit;

namespace Roster.Cluster.Tests.Failover;

/// <summary>API processes over one shard whose members are under Patroni.</summary>
internal sealed class PatroniShard : IAsyncDisposable
{
    private readonly List<RosterProcess> nodes = [];
    private readonly List<HttpClient> ways = [];
    private EtcdServer? etcd;

    private PatroniShard()
    {
    }

    public IReadOnlyList<HttpClient> Ways => ways;

    public IReadOnlyList<RosterProcess> Nodes => nodes;

    public PatroniCluster Patroni { get; private set; } = null!;

    public static async Task<PatroniShard> StartAsync(int members, int nodes, PatroniOptions options)
    {
        var shard = new PatroniShard();
        try
        {
            shard.etcd = await EtcdServer.StartAsync();
            shard.Patroni = await PatroniCluster.StartAsync("shard0", members, shard.etcd, options);
            await shard.StartNodesAsync(nodes);
            return shard;
        }
        catch
        {
            await shard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who leads now.</summary>
    public async Task<PatroniMember> LeaderAsync() =>
        await Patroni.LeaderAsync() ?? throw new InvalidOperationException("Nobody leads.");

    /// <summary>Waits until somebody else leads.</summary>
    public async Task<PatroniMember> LeaderBesideAsync(PatroniMember old)
    {
        for (var i = 0; i < 1_200; i++)
        {
            if (await Patroni.LeaderAsync() is { } leader && leader != old)
            {
                return leader;
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"Nobody but {old.Name} leads.");
    }

    public async ValueTask DisposeAsync()
    {
        ways.ForEach(way => way.Dispose());
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        await (Patroni?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (etcd?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private async Task StartNodesAsync(int count)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["Roster__Storage"] = "postgres",
            ["Roster__Auth__AdminKey"] = RandomNumberGenerator.GetHexString(32),
            ["Roster__Shards__0__Primary"] = Patroni.Members[0].ConnectionStringOf("postgres"),
        };
        for (var i = 1; i < Patroni.Members.Count; i++)
        {
            settings[$"Roster__Shards__0__Replicas__{i - 1}"] = Patroni.Members[i].ConnectionStringOf("postgres");
        }

        nodes.AddRange(Enumerable.Range(0, count).Select(_ => RosterProcess.Prepare(settings)));
        var migrated = await nodes[0].RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
        foreach (var node in nodes)
        {
            await node.StartFirstAsync();
            ways.Add(node.Connect());
        }
    }
}
