using Roster.Core.Ids;

namespace Roster.Core.Storage.Sharding;

/// <summary>The single steps of an intent, each in one shard; each may be repeated and may come late.</summary>
internal sealed class IntentSteps(ShardRouter shards)
{
    /// <summary>Reserves an e-mail in its shard; <see cref="ChangeOutcome.EmailTaken"/> when another user has it.</summary>
    public ValueTask<ChangeResult> ReserveAsync(UserId user, Intent intent, ClaimKey email) => StepAsync(
        shards.Of(email.Bucket), user, [new Reservation(email, intent.Id, intent.Fence, ReservationStep.Reserve)]);

    /// <summary>Confirms and frees in the other shards, then takes the intent from the row.</summary>
    public async ValueTask<ConsistencyToken> FinishAsync(UserId user, Intent intent)
    {
        var token = ConsistencyToken.None;
        foreach (var group in intent.Elsewhere.GroupBy(claim => shards.Of(claim.Key.Bucket)))
        {
            var result = await StepAsync(group.Key, user, [.. group.Select(claim => new Reservation(
                claim.Key, intent.Id, intent.Fence, claim.Take ? ReservationStep.Confirm : ReservationStep.Release))]);
            token = token.Covering(result.AsOf);
        }

        var read = await shards.Of(user.Bucket).UserAsync(user, ConsistencyToken.Latest, CancellationToken.None);
        await ClearAsync(user, intent, read?.State.Sequence ?? 0);
        return token;
    }

    /// <summary>Takes an intent from its user's row, when it still stands there and nothing came between.</summary>
    public ValueTask<ChangeResult> ClearAsync(UserId user, Intent intent, long sequence) => shards.Of(user.Bucket).CommitAsync(
        new Change { User = user, ExpectedSequence = sequence, ExpectedIntent = intent.Id }, CancellationToken.None);

    /// <summary>Frees what an intent that was given up has reserved; in a shard that cannot be reached it is left to the
    /// sweep, and to whoever wants the e-mail.</summary>
    public async ValueTask WithdrawAllAsync(UserId user, Intent intent)
    {
        foreach (var take in intent.Elsewhere.Where(claim => claim.Take))
        {
            try
            {
                await WithdrawAsync(take.Key, new Claim(user, intent.Id));
            }
            catch (StoreUnavailableException)
            {
                // The row has decided already: a reservation without its intent can only be withdrawn.
            }
        }
    }

    /// <summary>Frees a reserved e-mail whose intent will never commit.</summary>
    public async ValueTask WithdrawAsync(ClaimKey email, Claim claim)
    {
        var withdraw = new Reservation(email, claim.Intent!.Value, 0, ReservationStep.Withdraw);
        await StepAsync(shards.Of(email.Bucket), claim.User, [withdraw]);
    }

    /// <summary>A step in a shard where the user does not live.</summary>
    private static ValueTask<ChangeResult> StepAsync(IStore store, UserId user, Reservation[] steps) =>
        store.CommitAsync(new Change { User = user, ExpectedSequence = 0, Reservations = steps }, CancellationToken.None);
}
