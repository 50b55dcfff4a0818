using Roster.Cluster.Tests.Postgres;
using Roster.Cluster.Tests.Processes;
using Roster.Lab;
using Xunit;

namespace Roster.Cluster.Tests.Workers;

/// <summary>A real PostgreSQL that is a shard.</summary>
public sealed class MigratedServer : IAsyncLifetime
{
    private PostgresServer? server;

    /// <summary>Settings of nodes on it.</summary>
    internal Dictionary<string, string> Settings { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.StartAsync();
        Settings = PostgresCluster.SettingsOf(server);
        await using var node = RosterProcess.Prepare(Settings);
        var migrated = await node.RunAsync("migrate");
        Assert.Equal((0, string.Empty), (migrated.ExitCode, migrated.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }
}
