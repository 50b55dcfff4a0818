using Roster.Core.Ids;
using Roster.Core.Storage;

namespace Roster.Storage.Conformance.Model;

public sealed partial class MemoryStore
{
    /// <inheritdoc/>
    public ValueTask<Standing> StandingAsync(UserId user, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done(standings.GetValueOrDefault(user));
        }
    }

    /// <inheritdoc/>
    public ValueTask<ConsistencyToken> SeenAsync(BucketId bucket, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done(ConsistencyToken.Of(Now(bucket)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<Claim?> ClaimAsync(ClaimKey email, CancellationToken cancellation)
    {
        lock (gate)
        {
            return Done<Claim?>(claims.TryGetValue(email, out var held) ? new Claim(held.User, held.Intent) : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<Unsettled>> UnsettledAsync(ShardId shard, int limit, CancellationToken cancellation)
    {
        lock (gate)
        {
            var standing = standings.Where(s => s.Value.Intent is not null)
                .Select(s => new Unsettled(s.Key, s.Value.Intent!.Id, null)).Take(limit);
            var reserved = claims.Where(c => c.Value.Intent is not null)
                .Select(c => new Unsettled(c.Value.User, c.Value.Intent!.Value, c.Key)).Take(limit);
            return Done<IReadOnlyList<Unsettled>>([.. standing, .. reserved]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(Unsettled found, CancellationToken cancellation) => Done(false);

    private void WriteIntent(Change change)
    {
        var fence = standings.GetValueOrDefault(change.User).Fence;
        if (change.Intent is not null || change.ExpectedIntent is not null)
        {
            standings[change.User] = new Standing(Math.Max(fence, change.Intent?.Fence ?? 0), change.Intent);
        }

        foreach (var step in change.Reservations)
        {
            var mine = claims.TryGetValue(step.Key, out var held) && held.User == change.User;
            switch (step.Step)
            {
                case ReservationStep.Reserve when !mine:
                    claims[step.Key] = new(change.User, step.Fence, step.Intent);
                    break;
                case ReservationStep.Reserve when held.Fence < step.Fence:
                    claims[step.Key] = held with { Fence = step.Fence, Intent = held.Intent is null ? null : step.Intent };
                    break;
                case ReservationStep.Confirm when mine && held.Intent == step.Intent:
                    claims[step.Key] = held with { Intent = null };
                    break;
                case ReservationStep.Withdraw when mine && held.Intent == step.Intent:
                case ReservationStep.Release when mine && held.Fence < step.Fence:
                    claims.Remove(step.Key);
                    break;
            }
        }
    }

    private readonly record struct HeldClaim(UserId User, long Fence, Guid? Intent);
}
