using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics.Metrics;
using Npgsql;
using Roster.Core.Ids;

namespace Roster.Storage.Postgres;

/// <summary>
/// Which connections of a shard's pools are taken, and since when. One that is held for longer than any deadline has leaked, or hangs:
/// metrics and <c>/readyz</c> say so long before the pool is empty. Safe for concurrent use.
/// </summary>
internal sealed class HeldConnections : IDisposable
{
    private static readonly Meter Meter = new("Roster");
    private static readonly ConcurrentDictionary<HeldConnections, bool> Open = [];

    private readonly ConcurrentDictionary<NpgsqlConnection, long> since = [];
    private readonly StateChangeEventHandler returned;
    private readonly TimeProvider time;
    private readonly TimeSpan suspicious;
    private readonly KeyValuePair<string, object?> ofShard;

    static HeldConnections()
    {
        Meter.CreateObservableGauge(
            "roster.pool.held", () => Open.Keys.Select(held => new Measurement<int>(held.since.Count, held.ofShard)), "{connection}", "Connections to a shard in use");
        Meter.CreateObservableGauge(
            "roster.pool.held_longest", () => Open.Keys.Select(held => new Measurement<double>(held.Longest.TotalSeconds, held.ofShard)), "s", "How long a connection has been in use that has been so for longest");
        Meter.CreateObservableGauge(
            "roster.pool.suspicious", () => Open.Keys.Select(held => new Measurement<int>(held.Suspicious, held.ofShard)), "{connection}", "Connections in use for longer than any deadline: leaks, or calls that hang");
    }

    /// <summary>None is taken.</summary>
    /// <param name="shard">Whose pools.</param>
    /// <param name="suspicious">How long none should be held.</param>
    /// <param name="time">The clock.</param>
    public HeldConnections(ShardId shard, TimeSpan suspicious, TimeProvider time)
    {
        this.suspicious = suspicious;
        this.time = time;
        ofShard = new("shard", shard.Value);
        returned = (connection, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed)
            {
                Return((NpgsqlConnection)connection);
            }
        };
        Open.TryAdd(this, true);
    }

    /// <summary>How many have been held for too long.</summary>
    public int Suspicious => since.Values.Count(start => time.GetElapsedTime(start) > suspicious);

    /// <summary>The sentence about them; null when there is nothing to say.</summary>
    public string? Trouble => Suspicious is > 0 and var count
        ? $"{count} of its connections {(count == 1 ? "has" : "have")} been in use for more than {suspicious.TotalSeconds:0} s: {(count == 1 ? "it has" : "they have")} leaked, or a call hangs."
        : null;

    private TimeSpan Longest => since.Values.Select(start => time.GetElapsedTime(start)).DefaultIfEmpty().Max();

    /// <summary>A connection was taken from a pool; its end is noticed.</summary>
    public NpgsqlConnection Taken(NpgsqlConnection connection)
    {
        since[connection] = time.GetTimestamp();
        connection.StateChange += returned;
        return connection;
    }

    /// <inheritdoc/>
    public void Dispose() => Open.TryRemove(this, out _);

    private void Return(NpgsqlConnection connection)
    {
        since.TryRemove(connection, out _);
        connection.StateChange -= returned;
    }
}
