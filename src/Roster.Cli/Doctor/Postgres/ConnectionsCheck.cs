using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>The server has connections for one more node. Behind a pooler that is the pooler's to see to.</summary>
internal sealed class ConnectionsCheck : ShardCheck<ServerShard>
{
    protected override bool Applies(ServerShard shard) => shard.Database is { Server.IsBehindPooler: false };

    protected override Finding Find(ServerShard shard, Patient patient)
    {
        var server = shard.Database!.Server;
        var pool = shard.Options.PoolSize;
        var used = $"{shard.Place} has {server.Connections} of {server.MaxConnections} connections in use";
        return server.MaxConnections < pool
            ? Finding.Wrong($"{used}, and one node may open {pool}: raise max_connections there, or lower Roster:Postgres:PoolSize.")
            : (server.MaxConnections - server.Connections) / pool is var more and > 0
            ? Finding.Ok($"{used}; a node opens {pool} at most, so there is room for {Counted.Of(more, "more node")}.")
            : Finding.Note($"{used}; a node opens {pool} at most, so another may find none left: raise max_connections, or put pgbouncer before it.");
    }
}
