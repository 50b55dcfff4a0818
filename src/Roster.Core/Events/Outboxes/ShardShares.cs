using System.Globalization;
using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Core.Events.Outboxes;

/// <summary>
/// How many shards are this process's share. Processes that read sit on numbered seats, which are leases too; there are as
/// many as shards, so whoever finds none waits until one is free. Everybody counts the seats that are taken.
/// </summary>
internal sealed class ShardShares(ReadingParts parts, string reader) : IAsyncDisposable
{
    private readonly ShardId[] shards = [.. parts.Store.Shards];
    private readonly string prefix = $"{reader}/";
    private HeldLease? seat;
    private int seatNumber;

    /// <summary>The share, and the shards that nobody has.</summary>
    /// <exception cref="StoreUnavailableException">Nobody can be asked.</exception>
    public async Task<(int Share, IReadOnlyList<ShardId> Free)> AskAsync(CancellationToken cancellation)
    {
        var now = parts.Time.GetUtcNow();
        var held = (await parts.Control.LeasesAsync(prefix, cancellation))
            .Where(lease => lease.Until > now)
            .ToDictionary(lease => lease.Name, lease => lease.Holder, StringComparer.Ordinal);
        var free = shards.Where(shard => !IsTaken(held, NameOf(shard.Value))).ToList();
        if (shards.Length == 1)
        {
            return (1, free);
        }

        await SitDownAsync(held, cancellation);
        if (seat is null)
        {
            return (0, free);
        }

        // What does not divide goes to the first seats.
        int[] taken = [.. Enumerable.Range(0, shards.Length).Where(number => number == seatNumber || held.ContainsKey(SeatOf(number)))];
        var extra = Array.IndexOf(taken, seatNumber) < shards.Length % taken.Length ? 1 : 0;
        return ((shards.Length / taken.Length) + extra, free);
    }

    public async ValueTask DisposeAsync()
    {
        if (seat is not null)
        {
            await seat.DisposeAsync();
        }
    }

    private async Task SitDownAsync(Dictionary<string, string> held, CancellationToken cancellation)
    {
        if (seat is { Stands: false })
        {
            await seat.DisposeAsync();
            seat = null;
        }

        for (var number = 0; seat is null && number < shards.Length; number++)
        {
            if (!IsTaken(held, SeatOf(number)))
            {
                seat = await HeldLease.TryTakeAsync(
                    parts.Control, SeatOf(number), parts.Options.Holder, parts.Options.Lease, parts.Time, cancellation);
                seatNumber = number;
            }
        }
    }

    private bool IsTaken(Dictionary<string, string> held, string name) =>
        held.TryGetValue(name, out var holder) && holder != parts.Options.Holder;

    private string NameOf(int shard) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{shard}");

    private string SeatOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}seat/{number}");
}
