using Roster.Cli.Storage;
using Roster.Cli.Verbs;

namespace Roster.Cli.Doctor;

/// <summary>The newest event is not in the future: then this machine's clock, or an earlier one, was wrong.</summary>
internal sealed class ClockCheck : ContentCheck
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    protected override Finding Find(InspectedShard shard, Patient patient)
    {
        if (shard.Inside!.NewestOutboxEntry is not { } newest)
        {
            return Finding.Ok($"{shard.Place} has no recent event to hold the clock against.");
        }

        var ahead = newest - patient.Time.GetUtcNow();
        return ahead > Tolerance
            ? Finding.Wrong($"The newest event in {shard.Place} is {Counted.Time(ahead)} in the future: set this machine's clock (chrony or ntpd keeps it right).")
            : Finding.Ok($"The clock agrees with the newest event in {shard.Place}.");
    }
}
