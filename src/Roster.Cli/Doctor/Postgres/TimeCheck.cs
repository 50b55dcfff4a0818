using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor.Postgres;

/// <summary>The server's clock agrees with this machine's, which dates the events.</summary>
internal sealed class TimeCheck : ShardCheck<ServerShard>
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    protected override Finding Find(ServerShard shard, Patient patient)
    {
        var server = shard.Database!.Server;
        var apart = server.ClockAhead.Duration();
        return apart > Tolerance + server.Latency
            ? Finding.Wrong($"The clock of {shard.Place} is {Counted.Time(apart)} {(server.ClockAhead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's: set both (chrony or ntpd keeps them right).")
            : Finding.Ok($"The clock of {shard.Place} agrees with this machine's.");
    }
}
