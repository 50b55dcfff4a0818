using Roster.Core.Ids;
using Roster.Core.Storage;
using Roster.Core.Users;
using Roster.Storage.Conformance.Building;
using Xunit;

namespace Roster.Storage.Conformance.Facts;

public abstract partial class StoreConformance
{
    [Fact]
    [Proves("A change must be refused when its idempotency record exists, when its user's sequence or intent is not the expected one, or when a claim it takes is another user's: in this order.")]
    [Proves("The intent that must stand on the user's row now; null: there must be none.")]
    public async Task An_intent_keeps_every_other_change_of_its_user_away()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        Change[] others =
        [
            Changes.Rename(ada, "Other"),
            Begin(ada, IntentOf(9)),
            Changes.Rename(ada, "Other") with { ExpectedIntent = IntentOf(9).Id },
        ];
        for (var i = 0; i < others.Length; i++)
        {
            await BeginAgainAsync(ada, IntentOf(i + 1));
            Assert.Equal(ChangeOutcome.Stale, (await TryAsync(others[i])).Outcome);
            Assert.Equal(ada, await FindAsync(ada.Id));
        }

        var intent = IntentOf(4);
        await BeginAgainAsync(ada, intent);
        Assert.Contains(await UnsettledAsync(ada.Id), u => u == new Unsettled(ada.Id, intent.Id, null));
        var mine = Changes.Rename(ada, "Ada L.") with { ExpectedIntent = intent.Id };
        Assert.Equal(await CommitAsync(mine), await FindAsync(ada.Id));
        Assert.Equal(new Standing(4, null), await Store.StandingAsync(ada.Id, Cancel));
        Assert.Empty(await UnsettledAsync(ada.Id));
        await CommitAsync(Changes.Rename(mine.Next!, "Ada, later"));
    }

    [Fact]
    [Proves("A new one must have a higher fence than all before.")]
    public async Task An_intent_behind_the_fence_is_refused()
    {
        var ada = await RegisterAsync("Ada");
        var first = IntentOf(3);
        await TryAsync(Begin(ada, first));
        await TryAsync(Begin(ada, null) with { ExpectedIntent = first.Id });
        Assert.Equal(new Standing(3, null), await Store.StandingAsync(ada.Id, Cancel));
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(Begin(ada, IntentOf(3)))).Outcome);
        Assert.Equal(ChangeOutcome.Stale, (await TryAsync(Begin(ada, IntentOf(2)))).Outcome);
        Assert.Equal(ChangeOutcome.Committed, (await TryAsync(Begin(ada, IntentOf(4)))).Outcome);
    }

    [Fact]
    public async Task An_intent_is_kept_whole()
    {
        var ada = await RegisterAsync("Ada", "ada@example.org");
        var change = Changes.RenameAndChangeEmail(ada, "Ada L.", "ada@example.com").WithKey("k");
        var intent = IntentOf(7) with
        {
            Elsewhere = change.Claims,
            Pending = new PendingChange
            {
                ExpectedSequence = ada.Sequence,
                Events = change.Events,
                Claims = change.Claims,
                Idempotency = change.Idempotency,
            },
        };
        await TryAsync(Begin(ada, intent));
        var found = (await Store.StandingAsync(ada.Id, Cancel)).Intent!;
        Assert.Equal(IntentJson.Encode(intent), IntentJson.Encode(found));
        Assert.Equal(change.Events, found.Pending!.Events);
        Assert.Equal(change.Idempotency, found.Pending.Idempotency);
        Assert.Equal([1], (await HistoryAsync(ada.Id)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Nobody_has_an_intent_or_an_email_before_there_is_one()
    {
        Assert.Equal(default, await Store.StandingAsync(Changes.NewUserId("nobody@example.org"), Cancel));
        Assert.Null(await Store.ClaimAsync(Changes.ClaimOf("nobody@example.org"), Cancel));
        var ada = await RegisterAsync("Ada", "ada@example.org");
        Assert.Equal(new Claim(ada.Id, null), await Store.ClaimAsync(Changes.ClaimOf("ada@example.org"), Cancel));
        Assert.Equal(default, await Store.StandingAsync(ada.Id, Cancel));
    }

    [Fact]
    public async Task A_reserved_email_is_kept_from_others_and_is_nobodys_yet()
    {
        var (stranger, email, intent) = (Stranger(), Changes.ClaimOf("free@example.org"), IntentOf(1));
        await StepAsync(stranger, email, intent, ReservationStep.Reserve);
        Assert.Equal(new Claim(stranger, intent.Id), await Store.ClaimAsync(email, Cancel));
        Assert.Null(await OwnerAsync("free@example.org"));
        Assert.Equal(new Unsettled(stranger, intent.Id, email), Assert.Single(await UnsettledAsync(stranger)));
        Assert.Equal(ChangeOutcome.EmailTaken, (await TryAsync(Changes.Register("Thief", "free@example.org"))).Outcome);

        await StepAsync(stranger, email, IntentOf(2), ReservationStep.Withdraw);
        Assert.NotNull(await Store.ClaimAsync(email, Cancel));
        await StepAsync(stranger, email, intent, ReservationStep.Withdraw);
        await RegisterAsync("New", "free@example.org");
    }

    [Fact]
    public async Task An_email_of_another_user_cannot_be_reserved()
    {
        await RegisterAsync("Ada", "ada@example.org");
        var result = await TryAsync(StepOf(Stranger(), Changes.ClaimOf("ada@example.org"), IntentOf(1), ReservationStep.Reserve));
        Assert.Equal(ChangeOutcome.EmailTaken, result.Outcome);
        Assert.NotNull(await OwnerAsync("ada@example.org"));
    }

    [Fact]
    [Proves("Steps of an intent at a claim; each may be repeated, and may come late.")]
    public async Task Late_steps_of_an_old_intent_change_nothing()
    {
        var (user, email, old, later) = (Stranger(), Changes.ClaimOf("free@example.org"), IntentOf(1), IntentOf(2));
        await StepAsync(user, email, old, ReservationStep.Reserve);
        await StepAsync(user, email, later, ReservationStep.Reserve);
        await StepAsync(user, email, old, ReservationStep.Reserve);
        Assert.Equal(new Claim(user, later.Id), await Store.ClaimAsync(email, Cancel));
        await StepAsync(user, email, old, ReservationStep.Confirm);
        await StepAsync(user, email, old, ReservationStep.Withdraw);
        Assert.Equal(new Claim(user, later.Id), await Store.ClaimAsync(email, Cancel));

        await StepAsync(user, email, later, ReservationStep.Confirm);
        foreach (var step in Enum.GetValues<ReservationStep>())
        {
            await StepAsync(user, email, old, step);
        }

        await StepAsync(user, email, later, ReservationStep.Reserve);
        await StepAsync(user, email, later, ReservationStep.Withdraw);
        await StepAsync(user, email, later, ReservationStep.Release);
        Assert.Equal(new Claim(user, null), await Store.ClaimAsync(email, Cancel));
        await StepAsync(user, email, IntentOf(3), ReservationStep.Release);
        Assert.Null(await Store.ClaimAsync(email, Cancel));
    }

    [Fact]
    public async Task An_email_held_for_good_outlives_an_intent_that_is_given_up()
    {
        var (user, email, first, second) = (Stranger(), Changes.ClaimOf("mine@example.org"), IntentOf(1), IntentOf(2));
        await StepAsync(user, email, first, ReservationStep.Reserve);
        await StepAsync(user, email, first, ReservationStep.Confirm);
        await StepAsync(user, email, second, ReservationStep.Reserve);
        await StepAsync(user, email, second, ReservationStep.Withdraw);
        Assert.Equal(new Claim(user, null), await Store.ClaimAsync(email, Cancel));
    }

    private Intent IntentOf(long fence) =>
        new() { Id = Changes.NewUserId($"intent{fence}@example.org").Value, Fence = fence, Elsewhere = [] };

    /// <summary>A user who does not live where its e-mail does, as far as the store can see.</summary>
    private UserId Stranger() => Changes.NewUserId("free@example.org");

    private static Change Begin(User user, Intent? intent) =>
        new() { User = user.Id, ExpectedSequence = user.Sequence, Intent = intent };

    /// <summary>Puts an intent in place of the one that stands: a store that ends those it meets may have ended it.</summary>
    private async Task BeginAgainAsync(User user, Intent intent)
    {
        var standing = (await Store.StandingAsync(user.Id, Cancel)).Intent?.Id;
        var begun = await TryAsync(Begin(user, intent) with { ExpectedIntent = standing });
        Assert.Equal(ChangeOutcome.Committed, begun.Outcome);
    }

    private static Change StepOf(UserId user, ClaimKey email, Intent intent, ReservationStep step) => new()
    {
        User = user,
        ExpectedSequence = 0,
        Reservations = [new Reservation(email, intent.Id, intent.Fence, step)],
    };

    private async Task StepAsync(UserId user, ClaimKey email, Intent intent, ReservationStep step) =>
        Assert.Equal(ChangeOutcome.Committed, (await TryAsync(StepOf(user, email, intent, step))).Outcome);

    private async Task<IEnumerable<Unsettled>> UnsettledAsync(UserId user) =>
        (await Store.UnsettledAsync(ShardOf(user), 10, Cancel)).Where(u => u.User == user);
}
