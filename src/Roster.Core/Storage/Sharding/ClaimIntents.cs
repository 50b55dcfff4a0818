using Roster.Core.Ids;
using Roster.Core.Users;

namespace Roster.Core.Storage.Sharding;

/// <summary>
/// Changes whose e-mails lie in other shards than their user. The user's row decides alone: an intent is written there,
/// the new e-mails are reserved in their shards, the change commits on the row by compare-and-set, and only then the
/// reservations are confirmed and the old e-mails freed. Each step may be repeated and may come late, so whoever meets
/// an intent, a process that crashed or one that is only slow, brings it to its end. Nothing is freed by age.
/// </summary>
internal sealed class ClaimIntents(ShardRouter shards, IdFactory ids)
{
    /// <summary>Intents that wait for each other's e-mails end here instead of going round for ever.</summary>
    private const int MaxDepth = 4;

    private readonly IntentSteps steps = new(shards);

    /// <summary>Whether an e-mail is a user's: its row has the last word, its claim only keeps others away.</summary>
    public static bool Owns(User user, ClaimKey email) =>
        user.Exists && user.Tenant == email.Tenant && user.EmailKey == email.EmailKey;

    /// <summary>Commits a change of which at least one claim lies elsewhere.</summary>
    /// <exception cref="StoreUnavailableException">Nothing happened, or, as <see cref="OutcomeUnknownException"/>, it may have or may still.</exception>
    public async ValueTask<ChangeResult> CommitAsync(Change change)
    {
        if (change.Posts.Count > 0 || change.ExpectedSequence == 0)
        {
            throw new ArgumentException("A user signs up in the shard of its e-mail, and a change of posts touches none.", nameof(change));
        }

        var home = shards.Of(change.User.Bucket);
        if (change.Idempotency is { } record && await home.OutcomeAsync(
            change.User.Bucket, record.Principal, record.KeyHash, CancellationToken.None) is not null)
        {
            return new ChangeResult(ChangeOutcome.KeyUsed, ConsistencyToken.None);
        }

        var standing = await home.StandingAsync(change.User, CancellationToken.None);
        if (standing.Intent is { } other)
        {
            await EndAsync(change.User, other, depth: 0);
            return new ChangeResult(ChangeOutcome.Stale, ConsistencyToken.None);
        }

        var here = change.Claims.ToLookup(claim => shards.Of(claim.Key.Bucket) == home);
        var intent = new Intent { Id = ids.Next(change.User.Bucket), Fence = standing.Fence + 1, Elsewhere = [.. here[false]] };
        return intent.Elsewhere.Any(claim => claim.Take)
            ? await BeginAsync(change.User, intent with
            {
                Pending = new PendingChange
                {
                    ExpectedSequence = change.ExpectedSequence,
                    Events = change.Events,
                    Claims = [.. here[true]],
                    Idempotency = change.Idempotency,
                },
            })
            : await DecideAsync(change with { Claims = [.. here[true]], Intent = intent });
    }

    /// <summary>Brings what was found to its end; false when there is nothing left of it.</summary>
    public async ValueTask<bool> SettleAsync(Unsettled found)
    {
        var standing = await shards.Of(found.User.Bucket).StandingAsync(found.User, CancellationToken.None);
        if (standing.Intent is { } intent)
        {
            await EndAsync(found.User, intent, depth: 0);
            return true;
        }

        if (found.Reserved is not { } email)
        {
            return false;
        }

        await steps.WithdrawAsync(email, new Claim(found.User, found.Intent));
        return true;
    }

    /// <summary>Frees e-mails that a refused change wants, where they are nobody's any more; true when another try is worth it.</summary>
    public async ValueTask<bool> FreeAsync(Change refused)
    {
        foreach (var claim in refused.Claims.Where(claim => claim.Take))
        {
            if (!await FreeAsync(claim.Key, refused.User, depth: 0))
            {
                return false;
            }
        }

        return true;
    }

    private async ValueTask<bool> FreeAsync(ClaimKey email, UserId wanting, int depth)
    {
        var store = shards.Of(email.Bucket);
        if (await store.ClaimAsync(email, CancellationToken.None) is not { } claim || claim.User == wanting)
        {
            return true;
        }

        var home = shards.Of(claim.User.Bucket);
        if (home == store || depth >= MaxDepth)
        {
            // A neighbour's claim came and went with its row.
            return false;
        }

        var standing = await home.StandingAsync(claim.User, CancellationToken.None);
        if (await home.UserAsync(claim.User, ConsistencyToken.Latest, CancellationToken.None) is { } owner && Owns(owner.State, email))
        {
            return false;
        }

        if (standing.Intent is { } intent)
        {
            await EndAsync(claim.User, intent, depth + 1);
            return true;
        }

        // The claim was read before the row: an intent that does not stand there now will never commit again.
        if (claim.Intent is null)
        {
            return await store.ClaimAsync(email, CancellationToken.None) != claim;
        }

        await steps.WithdrawAsync(email, claim);
        return true;
    }

    private async ValueTask<ChangeResult> BeginAsync(UserId user, Intent intent)
    {
        var begin = new Change { User = user, ExpectedSequence = intent.Pending!.ExpectedSequence, Intent = intent };
        var begun = await shards.Of(user.Bucket).CommitAsync(begin, CancellationToken.None);
        if (begun.Outcome != ChangeOutcome.Committed)
        {
            return begun;
        }

        try
        {
            return await AdvanceAsync(user, intent, depth: 0);
        }
        catch (StoreUnavailableException e) when (e is not OutcomeUnknownException)
        {
            return await TryGiveUpAsync(user, intent, e);
        }
    }

    /// <summary>From an intent that stands to its end, by whoever has found it.</summary>
    private async ValueTask EndAsync(UserId user, Intent intent, int depth)
    {
        if (intent.Pending is null)
        {
            await steps.FinishAsync(user, intent);
        }
        else
        {
            await AdvanceAsync(user, intent, depth);
        }
    }

    private async ValueTask<ChangeResult> AdvanceAsync(UserId user, Intent intent, int depth)
    {
        foreach (var take in intent.Elsewhere.Where(claim => claim.Take))
        {
            if (!await ReserveAsync(user, intent, take.Key, depth))
            {
                return await GiveUpAsync(user, intent, ChangeOutcome.EmailTaken);
            }
        }

        var pending = intent.Pending!;
        var read = await shards.Of(user.Bucket).UserAsync(user, ConsistencyToken.Latest, CancellationToken.None);
        if (read?.State is not { } state || state.Sequence != pending.ExpectedSequence)
        {
            return await WhatBecameAsync(user, intent);
        }

        var result = await DecideAsync(new Change
        {
            User = user,
            ExpectedSequence = pending.ExpectedSequence,
            ExpectedIntent = intent.Id,
            Next = pending.Events.Aggregate(state, (next, recorded) => UserFold.Apply(next, recorded, state.Tenant)),
            Events = pending.Events,
            Claims = pending.Claims,
            Idempotency = pending.Idempotency,
            Intent = intent with { Pending = null },
        });
        return result.Outcome switch
        {
            ChangeOutcome.Committed => result,
            ChangeOutcome.Stale => await WhatBecameAsync(user, intent),
            var refused => await GiveUpAsync(user, intent, refused),
        };
    }

    private async ValueTask<bool> ReserveAsync(UserId user, Intent intent, ClaimKey email, int depth)
    {
        for (var attempt = 0; attempt <= MaxDepth; attempt++)
        {
            var result = await steps.ReserveAsync(user, intent, email);
            if (result.Outcome == ChangeOutcome.Committed)
            {
                return true;
            }

            if (!await FreeAsync(email, user, depth))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The commit point; what follows can be left to whoever comes next.</summary>
    private async ValueTask<ChangeResult> DecideAsync(Change change)
    {
        var result = await shards.Of(change.User.Bucket).CommitAsync(change, CancellationToken.None);
        if (result.Outcome != ChangeOutcome.Committed)
        {
            return result;
        }

        try
        {
            return result with { AsOf = result.AsOf.Covering(await steps.FinishAsync(change.User, change.Intent!)) };
        }
        catch (StoreUnavailableException)
        {
            return result;
        }
    }

    /// <summary>The row first: once the intent is gone from it, nobody can commit it any more.</summary>
    private async ValueTask<ChangeResult> GiveUpAsync(UserId user, Intent intent, ChangeOutcome why)
    {
        var cleared = await steps.ClearAsync(user, intent, intent.Pending!.ExpectedSequence);
        if (cleared.Outcome != ChangeOutcome.Committed)
        {
            return await WhatBecameAsync(user, intent);
        }

        await steps.WithdrawAllAsync(user, intent);
        return new ChangeResult(why, ConsistencyToken.None);
    }

    private async ValueTask<ChangeResult> TryGiveUpAsync(UserId user, Intent intent, StoreUnavailableException cause)
    {
        ChangeResult result;
        try
        {
            result = await GiveUpAsync(user, intent, ChangeOutcome.Stale);
        }
        catch (StoreUnavailableException)
        {
            throw new OutcomeUnknownException("The change was begun and could not be ended: it may still happen.", cause);
        }

        return result.Outcome == ChangeOutcome.Committed ? result : throw cause;
    }

    /// <summary>Somebody else has ended this intent: its first event tells how.</summary>
    private async ValueTask<ChangeResult> WhatBecameAsync(UserId user, Intent intent)
    {
        var home = shards.Of(user.Bucket);
        var pending = intent.Pending!;
        var since = await home.HistoryAsync(user, pending.ExpectedSequence, 1, ConsistencyToken.Latest, CancellationToken.None);
        if (since is [var first, ..] && first.Id == pending.Events[0].Id)
        {
            return new ChangeResult(ChangeOutcome.Committed, await home.SeenAsync(user.Bucket, CancellationToken.None));
        }

        await steps.WithdrawAllAsync(user, intent);
        return new ChangeResult(ChangeOutcome.Stale, ConsistencyToken.None);
    }
}
