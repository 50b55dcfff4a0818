using System.Globalization;
using System.Text.Json;
using Npgsql;
using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Roster.Lab.Proxies;
using Xunit;

namespace Roster.Cluster.Tests.Overload;

/// <summary>A node over a real PostgreSQL, with a way between the two that can be made slow.</summary>
internal sealed class SlowShard : IAsyncDisposable
{
    private readonly PostgresServer database;
    private readonly SlowProxy proxy;

    private SlowShard(PostgresServer database, SlowProxy proxy, RosterProcess node)
    {
        this.database = database;
        this.proxy = proxy;
        Node = node;
    }

    public RosterProcess Node { get; }

    /// <summary>Bytes that went to the database.</summary>
    public long Bytes => proxy.Bytes;

    /// <summary>Bytes a second to the database; null for any number.</summary>
    public double? BytesPerSecond
    {
        set => proxy.BytesPerSecond = value;
    }

    public static async Task<SlowShard> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await PostgresServer.StartAsync();
        var direct = PostgresCluster.SettingsOf(server);
        var through = new NpgsqlConnectionStringBuilder(direct["Roster__Shards__0__Primary"]);
        var way = SlowProxy.Before(through.Port);
        through.Port = way.Port;
        direct["Roster__Shards__0__Direct"] = direct["Roster__Shards__0__Primary"];
        direct["Roster__Shards__0__Primary"] = through.ConnectionString;
        foreach (var (name, value) in settings)
        {
            direct[name] = value;
        }

        var shard = new SlowShard(server, way, RosterProcess.Prepare(direct));
        try
        {
            var migrated = await shard.Node.RunAsync("migrate");
            Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
            await shard.Node.StartFirstAsync();
            return shard;
        }
        catch
        {
            await shard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads the node by a program of its own.</summary>
    public async Task<Measured> BenchAsync(params string[] arguments)
    {
        var file = Node.Beside("bench.json");
        await using var bench = ChildProcess.Start(
            ServerProgram.Roster,
            ["bench", "--url", Node.Address.ToString().TrimEnd('/'), "--json", file, .. arguments],
            Path.GetDirectoryName(file)!,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ROSTER_KEY"] = Node.Key });
        var code = await bench.WaitAsync(TimeSpan.FromMinutes(3));
        Assert.True(code == 0, $"{bench.Output}\n{bench.Errors}");
        return new Measured(JsonElement.Parse(await File.ReadAllTextAsync(file)));
    }

    /// <summary>Requests that the node has refused unread so far.</summary>
    public async Task<long> ShedAsync()
    {
        using var http = Node.Connect();
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("roster_overload_shed_total", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Memory of the node now, in MiB.</summary>
    public int Memory()
    {
        var line = File.ReadLines($"/proc/{Node.Process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        await proxy.DisposeAsync();
        await database.DisposeAsync();
    }
}
